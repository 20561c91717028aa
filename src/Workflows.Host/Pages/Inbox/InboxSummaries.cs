using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Inbox;

/// <summary>
/// The counts that menu, tabs, title and programs show; all of them come from here, so that they agree. Rights are part of
/// the queries.
/// </summary>
internal sealed class InboxSummaries(IInboxStore inbox, INoticeStore notices, ICaseFileStore copies, EngineClock clock)
{
    /// <summary>A task due within this time counts as due soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromHours(4);

    public async Task<Counts> CountAsync(Actor actor, CancellationToken cancellationToken)
    {
        var counts = await inbox.CountTabsAsync(actor.Name, actor.Identities, actor.BarredDefinitions, clock.GetUtcNow(), Soon, Counts.Cap, cancellationToken);
        return new Counts(counts.Todo, counts.Claimable, counts.Running, counts.Overdue, counts.DueSoon, await notices.CountUnreadAsync(actor.Name, Counts.Cap, cancellationToken), (int)Math.Min(await copies.CountUnreadCopiesAsync(actor.Name, cancellationToken), Counts.Cap));
    }
}

/// <summary>The same counts for programs, once or as they change.</summary>
internal static class InboxSummaryEndpoints
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    // Other hosts' changes are not heard here; looking now and then finds them, and keeps proxies from closing the stream.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    internal sealed record Sla(int Overdue, int DueSoon);

    /// <param name="Cap">Counting stops here; a count that reaches it means "or more".</param>
    internal sealed record Summary(int Todo, int Claimable, int Initiated, int Cc, int Notices, Sla Sla, int Cap)
    {
        public static Summary Of(Counts c) => new(c.Todo, c.Claimable, c.Running, c.Copies, c.Notices, new Sla(c.Overdue, c.DueSoon), Counts.Cap);
    }

    public static void MapInboxSummary(this IEndpointRouteBuilder api) =>
        api.MapGet("/inbox/summary", async (HttpContext http, Actor actor, InboxSummaries summaries, CancellationToken cancellationToken) =>
            {
                var query = new QueryReader(http.Request);
                return query.Problem is { } problem ? problem : (IResult)Results.Json(Summary.Of(await summaries.CountAsync(actor, cancellationToken)), ApiJson.Options);
            })
            .Produces<Summary>().WithTags("tasks").WithSummary("工作台各页签的数量 (inbox counts)");

    /// <summary>The counts as server-sent events: once at the beginning, then whenever they changed.</summary>
    public static void MapInboxEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/inbox/events", (Actor actor, InboxSummaries summaries, WorkflowRuntime runtime, TimeProvider time, IHostApplicationLifetime host, CancellationToken cancellationToken) =>
            Results.ServerSentEvents(WatchAsync(actor, summaries, runtime, time, host.ApplicationStopping, cancellationToken), "summary")).ExcludeFromDescription();

    private static async IAsyncEnumerable<string> WatchAsync(
        Actor actor, InboxSummaries summaries, WorkflowRuntime runtime, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        // One place: however much happens, there is one look to make.
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Hear(InstanceRow row) => changed.Writer.TryWrite(true);
        runtime.Changed += Hear;
        try
        {
            while (true)
            {
                string now;
                try
                {
                    now = JsonSerializer.Serialize(Summary.Of(await summaries.CountAsync(actor, either.Token)), ApiJson.Options);
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }

                // Sent even when nothing changed: it shows a dead connection to both sides.
                yield return now;
                try
                {
                    await changed.Reader.WaitToReadAsync(either.Token).AsTask().WaitAsync(LookAgain, time, either.Token);
                    await Task.Delay(Quiet, time, either.Token);
                    changed.Reader.TryRead(out _);
                }
                catch (TimeoutException)
                {
                    // Time to look.
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }
            }
        }
        finally
        {
            runtime.Changed -= Hear;
        }
    }
}
