using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>The inbox and the acts on its tasks.</summary>
internal static class TaskEndpoints
{
    internal const int LongestComment = 4_000;

    internal sealed record ActOnTask(
        string? Comment = null, JsonObject? Form = null, string[]? People = null, SeatPlace? Place = null, string? To = null, bool StraightBack = false, string? ContentHash = null);

    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("tasks");
        tasks.MapGet("", ListAsync).Produces<TaskPage>().WithSummary("待办、待认领、已办、我发起的、团队待办 (inbox; views todo, claimable, done, initiated, cc, team, all)");
        tasks.MapPost("/search", TaskSearch.SearchAsync).WithMetadata(new BodyOptional(), new AnswerNotKept()).Accepts<TaskSearch.SearchTasks>("application/json").Produces<TaskPage>().WithSummary("查询任务 (search)");
        tasks.MapGet("/{id}", GetAsync).Produces<TaskItem>().WithSummary("任务详情 (read)");
        foreach (var action in (string[])[UserTaskRules.Claim, UserTaskRules.Unclaim, "approve", "reject", "return", "complete", "acknowledge",
                     UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.Answer, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners])
        {
            tasks.MapPost("/{id}/" + action, (string id, HttpContext http, Strict<ActOnTask> body, Actor actor, IUserTaskStore store, WorkflowRuntime runtime, ShownFiles shown, IOrganisationSource people, CancellationToken cancellationToken) =>
                    ActAsync(id, action, http, body.Value, actor, store, runtime, shown, people, cancellationToken))
                .WithMetadata(new AnswerCommittedWithAct(), new BodyOptional(), new ActsOnTask())
                .Accepts<ActOnTask>("application/json").Produces<TaskItem>().WithSummary($"{TaskItem.LabelOf(action)} ({action})");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, IInboxStore inbox, ICaseFileStore files, IOrganisationSource people, CancellationToken cancellationToken)
    {
        // Copies are no tasks: the tab lists them in their own shape.
        if (http.Request.Query["view"] == "cc")
            return await CaseFileEndpoints.CopiesAsync(http, actor, files, people, cancellationToken);
        var query = new QueryReader(http.Request, "view", "after", "limit", "count");
        var (view, counting) = (query.Enum<TaskView>("view") ?? TaskView.Todo, query.Enum<Counting>("count"));
        var (after, limit) = (query.Cursor(), query.Limit());
        if (query.Problem is { } problem)
            return problem;
        return await TaskSearch.AnswerAsync(new InboxQuery(view, actor.Name, actor.Identities, new InboxFilter(), after, limit), counting, actor, inbox, people.Current, "after", cancellationToken);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Actor actor, IUserTaskStore store, InstanceAccess access, ShownFiles shown, IOrganisationSource people, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } found || !await access.MayReadAsync(found, actor, cancellationToken))
            return Refusals.NotFound;
        http.Response.Headers.ETag = EntityTag.Of(found.Task.Revision);
        return Results.Json(TaskItem.Of(found, actor, people.Current) with { ContentHash = await shown.HashAsync(found, actor.Name, cancellationToken) }, ApiJson.Options);
    }

    private static async Task<IResult> ActAsync(
        string id, string action, HttpContext http, ActOnTask body, Actor actor, IUserTaskStore store, WorkflowRuntime runtime, ShownFiles shown, IOrganisationSource people, CancellationToken cancellationToken)
    {
        var (expected, refused) = EntityTag.IfMatch(http.Request);
        if (refused is not null)
            return refused;
        if (body.Comment is { Length: > LongestComment })
            return Refusals.BadBody.At("$.comment", "out-of-range", $"最多 {LongestComment} 字", $"at most {LongestComment} characters");
        if (await ReadAhead.TaskOf(http, id, store) is not { } found || !InstanceAccess.MayRead(found, actor))
            return Refusals.NotFound;
        // Whoever may only look (the applicant, an operator) learns nothing by this answer that reading would not tell.
        // Whoever had it a moment ago may be repeating the act that gave it away, and else is told who has it now.
        if (!InstanceAccess.TakesPart(found, actor) && !InstanceAccess.IsInvolved(found, actor))
            return Refusals.NotAllowed;

        var (hash, changed) = await shown.CheckAsync(body.ContentHash, found, action, actor.Name, cancellationToken);
        if (changed is not null)
            return DeliveryAnswers.ToProblem(changed).With("contentHash", await shown.HashAsync(found, actor.Name, cancellationToken));

        StoredAnswer? committed = null;
        StoredAnswer Answer(InstanceRow row, UserTask? task) =>
            committed = StoredAnswer.Of(TaskItem.Of(found with { Task = task ?? found.Task, InstanceName = row.Name }, actor, people.Current), 200, EntityTag.Of((task ?? found.Task).Revision));
        var query = new QueryReader(http.Request, "dryRun");
        var command = new TaskCommand(id, action, actor.Name, actor.Identities, body.Comment, body.Form, expected)
        {
            People = body.People ?? [],
            Place = body.Place ?? SeatPlace.Beside,
            To = body.To,
            ComesStraightBack = body.StraightBack,
            ContentHash = hash,
            IsTrial = query.Flag("dryRun") == true,
        };
        if (query.Problem is { } problem)
            return problem;
        var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), RequestKey.Of(http)?.ForRuntime(Answer), cancellationToken);
        if (delivery is Delivery.Ignored or Delivery.Refused { Verdict: TaskVerdict.NotFound or TaskVerdict.Closed })
            return await ClosedAsync(id, store, cancellationToken);
        if (delivery is Delivery.Refused { Verdict: TaskVerdict.Planned planned })
            return Results.Json(planned.Plan, ApiJson.Options);
        // It was this person's a moment ago, so who has it now is no secret.
        if (delivery is Delivery.Refused { Verdict: TaskVerdict.NotACandidate or TaskVerdict.AlreadyClaimed } && await store.FindAsync(id, cancellationToken) is { Task.Assignee: { } holder } given)
        {
            var taken = DeliveryAnswers.ToProblem(new TaskVerdict.AlreadyClaimed(holder));
            return given.Task.HeldSince is { } since ? taken.With("at", JsonValue.Create(since)) : taken;
        }

        return delivery.ToAnswer(applied => committed ?? Answer(applied.Last, applied.Task), Refusals.TaskClosed);
    }

    /// <summary>The instance forgets closed tasks, the row tells who was first.</summary>
    private static async Task<Problem> ClosedAsync(string id, IUserTaskStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } closed
            ? DeliveryAnswers.ToProblem(new TaskVerdict.Closed(closed.Task))
            : Refusals.NotFound;
}
