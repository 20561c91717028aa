using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Detail;

/// <summary>A task and an application, and the acts on them. What was typed comes back with every refusal.</summary>
internal static class DetailEndpoints
{
    private const int LongestComment = 4_000;
    private static readonly string[] WithoutForm = ["reject", "return", UserTaskRules.Claim, UserTaskRules.Unclaim, UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.Answer, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners];

    /// <summary>Acts after which the task is still the person's own affair: its page is shown again.</summary>
    private static readonly string[] Staying = [UserTaskRules.Claim, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners];

    public static void MapDetailPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tasks/{id}", ShowTaskAsync);
        pages.MapPost("/tasks/{id}", ActOnTaskAsync);
        pages.MapGet("/instances/{id}", ShowInstanceAsync);
        pages.MapPost("/instances/{id}", ActOnInstanceAsync);
    }

    private static async Task<IResult> ShowTaskAsync(string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await reader.FindTaskAsync(id, actor, cancellationToken) is { } found
            ? await TaskPageAsync(reader, page, actor, found, FormState.Empty, new ActState(), null, 200, cancellationToken)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> ActOnTaskAsync(
        string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, WorkflowRuntime runtime, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await reader.FindTaskAsync(id, actor, cancellationToken) is not { } found)
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (values, filled) = FormReader.Read(SchemaForm.Of(found.Task.Form), posted, page.T);
        var (act, key) = (PostedAct.Of(posted, organisation.Current), posted.Text("key"));
        var typed = new ActState(act.Name, Comment: act.Comment, People: act.PeopleTyped);
        Task<IResult> Again(int status, ActState state, FormState? form = null, StoredUserTask? task = null, string? newKey = null) =>
            TaskPageAsync(reader, page, actor, task ?? found, form ?? filled, state, newKey ?? key, status, cancellationToken);

        if (FormReader.ChangesRows(posted))
            return await Again(200, new ActState(), filled with { Problems = new Dictionary<string, string>() });
        if (act.Comment.Length > LongestComment)
            return await Again(422, typed with { CommentProblem = page.T.With("error.tooLong", LongestComment) });
        var takesForm = !WithoutForm.Contains(act.Name) && found.Task.Form is not null;
        if (takesForm && filled.Problems.Count > 0 && found.Task.ClosedAt is null)
            return await Again(422, typed with { Problem = page.T.With("error.form", filled.Problems.Count) });

        var command = new TaskCommand(id, act.Name, actor.Name, actor.Identities, act.Comment.Length > 0 ? act.Comment : null, takesForm ? values : null, RevisionOf(posted))
        {
            People = act.People,
            To = act.To,
            ComesStraightBack = act.ComesStraightBack,
            Place = Enum.TryParse<SeatPlace>(act.Place, out var place) && place is SeatPlace.Before or SeatPlace.After ? place : SeatPlace.Beside,
            ContentHash = posted.Text("seen") is { Length: > 0 } seen ? seen : null,
        };
        var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), PostedAct.KeyOf(posted, actor, http.Request.Path), cancellationToken);
        if (delivery is Delivery.Applied or Delivery.Repeated)
            return Results.LocalRedirect(await AfterAsync(act.Name, id, actor, page.T, reader, cancellationToken));

        // Whatever happened meanwhile, the page that comes back shows the task as it stands now.
        var now = await reader.FindTaskAsync(id, actor, cancellationToken) ?? found;
        var (status, state, form) = Refused(delivery, typed, filled, page.T, organisation.Current);
        return await Again(now.Task.ClosedAt is null ? status : 409, now.Task.ClosedAt is null ? state : new ActState(), form, now, PostedAct.NewKey());
    }

    private static async Task<string> AfterAsync(string action, string id, Actor actor, Texts t, DetailReader reader, CancellationToken cancellationToken)
    {
        var flash = t.Or("flash." + action, "").Length > 0 ? action : "done";
        if (Staying.Contains(action))
            return $"/tasks/{Uri.EscapeDataString(id)}?m={flash}";
        return action == UserTaskRules.Unclaim ? $"/?tab=claimable&m={flash}" : await reader.NextAsync(actor, id, flash, cancellationToken);
    }

    private static (int Status, ActState State, FormState Form) Refused(Delivery delivery, ActState typed, FormState filled, Texts t, OrganisationSnapshot people)
    {
        ActState Because(string key) => typed with { Problem = t[key] };
        if (delivery is not Delivery.Refused { Verdict: var verdict })
            return (delivery is Delivery.Unstorable ? 422 : 409, Because(delivery is Delivery.Unstorable ? "error.unstorable" : delivery is Delivery.KeyReused ? "error.keyReused" : "error.notOffered"), filled);
        return verdict switch
        {
            TaskVerdict.CommentMissing => (422, typed with { CommentProblem = t["error.commentMissing"] }, filled),
            TaskVerdict.FormRefused form => (422, typed with { Problem = t.With("error.form", form.Errors.Count) }, filled with { Problems = form.Errors.ToDictionary(e => FormReader.Prefix + e.Key, e => e.Value) }),
            TaskVerdict.BadPerson bad => (422, typed with { PeopleProblem = t.IsChinese ? bad.Zh : bad.En }, filled),
            TaskVerdict.NotPossible not => (409, typed with { Problem = t.IsChinese ? not.Zh : not.En }, filled),
            TaskVerdict.AlreadyClaimed claimed => (409, typed with { Problem = t.With("error.claimed", people.DisplayName(claimed.By)) }, filled),
            TaskVerdict.Stale or TaskVerdict.ContentChanged => (409, Because("error.changed"), filled),
            TaskVerdict.Excluded => (403, Because("error.excluded"), filled),
            _ => (409, Because("error.notOffered"), filled),
        };
    }

    private static async Task<IResult> ShowInstanceAsync(
        string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, ICaseFileStore copies, EngineClock clock, CancellationToken cancellationToken)
    {
        // Opened out of the list of copies: from now on it counts as read. Only the person's own can be marked.
        if (http.Request.Query["copy"].ToString() is { Length: > 0 and <= 200 } copy && !copy.Contains('\0', StringComparison.Ordinal))
            await copies.MarkReadAsync(copy, actor.Name, clock.GetUtcNow(), cancellationToken);
        return await InstancePageAsync(id, await frame.OfAsync(http, actor, cancellationToken), actor, reader, new ActState(), null, 200, cancellationToken);
    }

    private static async Task<IResult> ActOnInstanceAsync(string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, WorkflowRuntime runtime, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await reader.ReadInstanceAsync(page, actor, id, new ActState(), null, cancellationToken) is not { } found)
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var act = PostedAct.Of(posted, organisation.Current);
        var typed = new ActState(act.Name, Comment: act.Comment, People: act.PeopleTyped);
        if (found.Actions.All(a => a.Name != act.Name || !a.Enabled))
            return await InstancePageAsync(id, page, actor, reader, typed with { Problem = page.T["error.notOffered"] }, null, 409, cancellationToken);
        if (act.Comment.Length > LongestComment)
            return await InstancePageAsync(id, page, actor, reader, typed with { CommentProblem = page.T.With("error.tooLong", LongestComment) }, posted.Text("key"), 422, cancellationToken);
        if (await reader.StrangerAsync(id, actor, act.People, cancellationToken) is { } stranger)
            return await InstancePageAsync(id, page, actor, reader, typed with { PeopleProblem = page.T.IsChinese ? stranger.Zh : stranger.En }, posted.Text("key"), 422, cancellationToken);
        var command = new InstanceCommand(act.Name, actor.Name, act.Comment.Length > 0 ? act.Comment : null) { People = act.People };
        var delivery = await runtime.DeliverAsync(id, new Stimulus.ActOnInstance(command), PostedAct.KeyOf(posted, actor, http.Request.Path), cancellationToken);
        if (delivery is Delivery.Applied or Delivery.Repeated)
            return Results.LocalRedirect($"/instances/{Uri.EscapeDataString(id)}?m={(page.T.Or("flash." + act.Name, "").Length > 0 ? act.Name : "done")}");
        var (status, state, _) = Refused(delivery, typed, FormState.Empty, page.T, organisation.Current);
        return await InstancePageAsync(id, page, actor, reader, state, null, status, cancellationToken);
    }

    private static async Task<IResult> InstancePageAsync(string id, PageContext page, Actor actor, DetailReader reader, ActState act, string? key, int status, CancellationToken cancellationToken) =>
        await reader.ReadInstanceAsync(page, actor, id, act, key, cancellationToken) is { } model
            ? new RazorComponentResult<InstancePage>(new { Page = page, Model = model }) { StatusCode = status }
            : PageFrame.Refuse(page, 404);

    private static async Task<IResult> TaskPageAsync(DetailReader reader, PageContext page, Actor actor, StoredUserTask task, FormState filled, ActState act, string? key, int status, CancellationToken cancellationToken) =>
        new RazorComponentResult<TaskPage>(new { Page = page, Model = await reader.ReadAsync(page, actor, task, filled, act, key, cancellationToken) }) { StatusCode = status };

    private static long? RevisionOf(Posted posted) => long.TryParse(posted.Text("revision"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
