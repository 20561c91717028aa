using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>Acts on the queue rather than on one task: take the next, approve several.</summary>
internal static class QueueEndpoints
{
    private const int Looks = 50;

    internal sealed record BulkApprove(string[] Ids, string? Comment = null);

    /// <param name="By">Who was first, where somebody was.</param>
    internal sealed record BulkItem(string Id, int Status, string? Code = null, string? Text = null, string? By = null, DateTimeOffset? At = null)
    {
        public static BulkItem Of(string id, Problem? refused, bool english) => refused is null ? new BulkItem(id, 200) : new BulkItem(
            id, refused.Status, refused.Code, english ? refused.DetailEn ?? refused.En : refused.DetailZh ?? refused.Zh,
            (string?)refused.Extra.GetValueOrDefault("by"), refused.Extra.GetValueOrDefault("at")?.GetValue<DateTimeOffset>());
    }

    internal sealed record BulkReassign(string[] Ids, string To, string Reason);

    internal sealed record BulkResult(IReadOnlyList<BulkItem> Items);

    public static void MapQueue(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("tasks");
        tasks.MapPost("/claim-next", ClaimNextAsync).WithMetadata(new AnswerCommittedWithAct(), new BodyOptional()).Produces<TaskItem>().WithSummary("认领下一个 (claim-next)");
        tasks.MapPost("/bulk/approve", ApproveAsync).Accepts<BulkApprove>("application/json").Produces<BulkResult>().WithSummary("批量同意 (bulk approve)");
        tasks.MapPost("/bulk/reassign", ReassignAsync).Accepts<BulkReassign>("application/json").Produces<BulkResult>().WithSummary("批量改派 (bulk reassign, for operators)");
    }

    /// <summary>The queue's first task goes to one person only: whoever loses the race for it is offered the one behind.</summary>
    private static async Task<IResult> ClaimNextAsync(HttpContext http, Actor actor, IInboxStore inbox, WorkflowRuntime runtime, IOrganisationSource people, CancellationToken cancellationToken)
    {
        var (items, _) = await inbox.ListAsync(new InboxQuery(TaskView.Claimable, actor.Name, actor.Identities, new InboxFilter(), null, Looks) { Barred = actor.BarredDefinitions }, cancellationToken);
        foreach (var found in items)
        {
            StoredAnswer? committed = null;
            StoredAnswer Answer(InstanceRow row, UserTask? task) =>
                committed = StoredAnswer.Of(TaskItem.Of(found with { Task = task ?? found.Task, InstanceName = row.Name }, actor, people.Current), 200, EntityTag.Of((task ?? found.Task).Revision));
            var command = new TaskCommand(found.Task.Id, UserTaskRules.Claim, actor.Name, actor.Identities);
            var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), RequestKey.Of(http)?.ForRuntime(Answer), cancellationToken);
            if (delivery is Delivery.Applied or Delivery.Repeated or Delivery.KeyReused)
                return delivery.ToAnswer(applied => committed ?? Answer(applied.Last, applied.Task), Refusals.NothingToClaim);
        }

        return Refusals.NothingToClaim;
    }

    private static Task<IResult> ApproveAsync(HttpContext http, Strict<BulkApprove> body, Actor actor, BulkApproval bulk, CancellationToken cancellationToken) =>
        body.Value.Comment is { Length: > TaskEndpoints.LongestComment }
            ? Task.FromResult<IResult>(Refusals.BadBody.At("$.comment", "out-of-range", $"最多 {TaskEndpoints.LongestComment} 字", $"at most {TaskEndpoints.LongestComment} characters"))
            : EachAsync(http, body.Value.Ids, (id, isTrial) => bulk.OneAsync(id, actor, body.Value.Comment, null, isTrial, null, cancellationToken));

    /// <summary>An operator gives tasks to somebody who can do them; each is checked as if they had been found by another way.</summary>
    private static Task<IResult> ReassignAsync(HttpContext http, Strict<BulkReassign> body, Actor actor, IUserTaskStore store, WorkflowRuntime runtime, CancellationToken cancellationToken)
    {
        if (!UserTaskRules.IsReadable(body.Value.Reason) || body.Value.Reason.Length > TaskEndpoints.LongestComment)
            return Task.FromResult<IResult>(Refusals.BadBody.At("$.reason", "out-of-range", $"须写明原因，最多 {TaskEndpoints.LongestComment} 字", $"a reason of at most {TaskEndpoints.LongestComment} characters"));
        return EachAsync(http, body.Value.Ids, OneAsync);

        async Task<Problem?> OneAsync(string id, bool isTrial)
        {
            if (await store.FindAsync(id, cancellationToken) is not { } found || !InstanceAccess.MayRead(found, actor))
                return Refusals.NotFound;
            if (!actor.MayOperateOn(found.DefinitionId))
                return Refusals.NotAllowed;
            var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.Reassign(id, body.Value.To, actor.Name, body.Value.Reason, isTrial), null, cancellationToken);
            return delivery switch
            {
                Delivery.Applied or Delivery.Refused { Verdict: TaskVerdict.Planned } => null,
                Delivery.Refused { Verdict: not TaskVerdict.NotFound and var verdict } => DeliveryAnswers.ToProblem(verdict),
                _ => await store.FindAsync(id, cancellationToken) is { } closed ? DeliveryAnswers.ToProblem(new TaskVerdict.Closed(closed.Task)) : Refusals.NotFound,
            };
        }
    }

    /// <summary>One answer for each, so that one refusal stops no other.</summary>
    private static async Task<IResult> EachAsync(HttpContext http, string[] sent, Func<string, bool, Task<Problem?>> act)
    {
        var query = new QueryReader(http.Request, "dryRun");
        var isTrial = query.Flag("dryRun") == true;
        if (query.Problem is { } problem)
            return problem;
        var ids = sent.Distinct().ToList();
        if (ids.Count is 0 or > BulkApproval.Most)
            return Refusals.BadBody.At("$.ids", "out-of-range", $"一次 1 到 {BulkApproval.Most} 个", $"1 to {BulkApproval.Most} at once");
        var english = Problem.PrefersEnglish(http.Request);
        var results = new List<BulkItem>();
        foreach (var id in ids)
            results.Add(BulkItem.Of(id, await act(id, isTrial), english));
        return StoredAnswer.Of(new BulkResult(results));
    }
}
