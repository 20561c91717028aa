using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Inbox;

/// <summary>What is done with the list itself: approve several, take the next from the queue, keep a filter under a name.</summary>
internal static class BatchEndpoints
{
    private const int LongestComment = 4_000;
    private const int LongestName = 40;
    private const int LongestQuery = 1_000;
    private const int Looks = 50;

    public static void MapBatchPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/batch", ShowAsync);
        pages.MapPost("/batch", ApproveAsync);
        pages.MapPost("/claim-next", ClaimNextAsync);
        pages.MapPost("/filters", SaveFilterAsync);
        pages.MapPost("/filters/remove", RemoveFilterAsync);
    }

    /// <summary>Shows what was chosen with its key figures before anything is decided.</summary>
    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, InboxReader inbox, IUserTaskStore tasks, BulkApproval bulk, Personal personal, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var ids = Chosen(http.Request.Query["ids"]);
        if (ids.Count == 0)
            return Results.LocalRedirect("/?m=batch-none");
        var lines = new List<BatchLine>();
        foreach (var id in ids.Take(BulkApproval.Most))
        {
            if (await tasks.FindAsync(id, cancellationToken) is { } found && InstanceAccess.MayRead(found, actor))
                lines.Add(new BatchLine(await inbox.RowOfAsync(page, found, cancellationToken), TaskContent.HashOf(found.Task), Told(await bulk.OneAsync(id, actor, null, null, true, null, cancellationToken), page)));
        }

        if (lines.Count == 0)
            return PageFrame.Refuse(page, 404);
        var problem = ids.Count > BulkApproval.Most ? page.T.With("batch.tooMany", BulkApproval.Most) : null;
        return Page(page, new BatchModel(lines, false, PostedAct.NewKey(), "", problem, await PhrasesAsync(page, actor, personal, cancellationToken)), 200);
    }

    /// <summary>Approves each by itself. Those that failed stay chosen.</summary>
    private static async Task<IResult> ApproveAsync(HttpContext http, Actor actor, PageFrame frame, InboxReader inbox, IUserTaskStore tasks, BulkApproval bulk, Personal personal, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var ids = Chosen(posted.Form["ids"]).Take(BulkApproval.Most).ToList();
        var comment = posted.Text("comment").Trim() is { Length: > 0 } written ? written : posted.Text("phrase").Trim();
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (ids.Count == 0)
            return Results.LocalRedirect("/?m=batch-none");
        var isTooLong = comment.Length > LongestComment;
        var sent = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(comment)));
        var lines = new List<BatchLine>();
        foreach (var id in ids)
        {
            var seen = posted.Text("seen." + id);
            var refused = await bulk.OneAsync(
                id, actor, comment.Length > 0 && !isTooLong ? comment : null, isTooLong || seen.Length == 0 ? null : seen, isTooLong,
                isTooLong ? null : new IdempotencyKey(PostedAct.KeyText(actor, $"{(posted.Text("key") is { Length: > 0 and <= 64 } key ? key : PostedAct.NewKey())}.{id}"), sent), cancellationToken);
            if (await tasks.FindAsync(id, cancellationToken) is { } found && InstanceAccess.MayRead(found, actor))
                lines.Add(new BatchLine(await inbox.RowOfAsync(page, found, cancellationToken), TaskContent.HashOf(found.Task), Told(refused, page)));
        }

        if (lines.Count == 0)
            return PageFrame.Refuse(page, 404);
        var phrases = await PhrasesAsync(page, actor, personal, cancellationToken);
        // Counted again: what was approved is no longer to do.
        page = await frame.OfAsync(http, actor, cancellationToken);
        return isTooLong
            ? Page(page, new BatchModel(lines, false, PostedAct.NewKey(), comment, page.T.With("error.tooLong", LongestComment), phrases), 422)
            : Page(page, new BatchModel(lines, true, PostedAct.NewKey(), comment, null, phrases), 200);
    }

    /// <summary>The queue's first task goes to one person only: whoever loses the race for it is offered the one behind.</summary>
    private static async Task<IResult> ClaimNextAsync(Actor actor, IInboxStore inbox, WorkflowRuntime runtime, CancellationToken cancellationToken)
    {
        var (items, _) = await inbox.ListAsync(new InboxQuery(TaskView.Claimable, actor.Name, actor.Identities, new InboxFilter(), null, Looks) { Barred = actor.BarredDefinitions }, cancellationToken);
        foreach (var found in items)
        {
            var command = new TaskCommand(found.Task.Id, UserTaskRules.Claim, actor.Name, actor.Identities);
            if (await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), null, cancellationToken) is Delivery.Applied)
                return Results.LocalRedirect($"/tasks/{Uri.EscapeDataString(found.Task.Id)}?m=claim");
        }

        return Results.LocalRedirect("/?tab=claimable&m=nothing");
    }

    private static async Task<IResult> SaveFilterAsync(HttpContext http, Actor actor, Personal personal, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var query = posted.Text("query") is { Length: > 0 and <= LongestQuery } sent && sent.All(c => c is > ' ' and <= '~') ? sent : "tab=todo";
        var name = posted.Text("name").Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, LongestName)] : "";
        if (name.Length == 0)
            return Results.LocalRedirect($"/?{query}&m=filter-name");
        var kept = (await personal.FiltersAsync(actor, cancellationToken)).Where(f => f.Name != name).ToList();
        if (kept.Count >= Personal.MostFilters)
            return Results.LocalRedirect($"/?{query}&m=filter-many");
        await personal.SaveFiltersAsync(actor, kept.Append(new SavedFilter(name, query)), cancellationToken);
        return Results.LocalRedirect($"/?{query}&m=filter");
    }

    private static async Task<IResult> RemoveFilterAsync(HttpContext http, Actor actor, Personal personal, CancellationToken cancellationToken)
    {
        var name = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("name");
        await personal.SaveFiltersAsync(actor, (await personal.FiltersAsync(actor, cancellationToken)).Where(f => f.Name != name), cancellationToken);
        return Results.LocalRedirect("/");
    }

    private static List<string> Chosen(IEnumerable<string?> ids) => [.. ids.OfType<string>().Where(i => i.Length is > 0 and <= 200 && !i.Contains('\0', StringComparison.Ordinal)).Distinct()];

    private static string? Told(Problem? problem, PageContext page) =>
        problem is null ? null : page.T.IsChinese ? problem.DetailZh ?? problem.Zh : problem.DetailEn ?? problem.En;

    private static async Task<IReadOnlyList<string>> PhrasesAsync(PageContext page, Actor actor, Personal personal, CancellationToken cancellationToken) =>
        [.. page.T["phrase.approve"].Split('|').Concat(await personal.PhrasesAsync(actor, cancellationToken)).Distinct()];

    private static RazorComponentResult<BatchPage> Page(PageContext page, BatchModel model, int status) => new(new { Page = page, Model = model }) { StatusCode = status };
}
