using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>Acts on the queue rather than on one task: take the next, approve several.</summary>
internal static class QueueEndpoints
{
    private const int Looks = 50;

    internal sealed record BulkApprove(string[] Ids, string? Comment = null);

    internal sealed record BulkItem(string Id, int Status, string? Code, string? Text);

    internal sealed record BulkResult(IReadOnlyList<BulkItem> Items);

    public static void MapQueue(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("tasks");
        tasks.MapPost("/claim-next", ClaimNextAsync).WithMetadata(new AnswerCommittedWithAct(), new BodyOptional()).Produces<TaskItem>().WithSummary("签收下一个 (claim-next)");
        tasks.MapPost("/bulk/approve", ApproveAsync).Accepts<BulkApprove>("application/json").Produces<BulkResult>().WithSummary("批量同意 (bulk approve)");
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

    private static async Task<IResult> ApproveAsync(HttpContext http, Strict<BulkApprove> body, Actor actor, BulkApproval bulk, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "dryRun");
        var isTrial = query.Flag("dryRun") == true;
        if (query.Problem is { } problem)
            return problem;
        var ids = body.Value.Ids.Distinct().ToList();
        if (ids.Count is 0 or > BulkApproval.Most)
            return Refusals.BadBody.At("$.ids", "out-of-range", $"一次 1 到 {BulkApproval.Most} 个", $"1 to {BulkApproval.Most} at once");
        if (body.Value.Comment is { Length: > TaskEndpoints.LongestComment })
            return Refusals.BadBody.At("$.comment", "out-of-range", $"最多 {TaskEndpoints.LongestComment} 字", $"at most {TaskEndpoints.LongestComment} characters");
        var english = Problem.PrefersEnglish(http.Request);
        var results = new List<BulkItem>();
        foreach (var id in ids)
        {
            var refused = await bulk.OneAsync(id, actor, body.Value.Comment, null, isTrial, null, cancellationToken);
            results.Add(refused is null ? new BulkItem(id, 200, null, null) : new BulkItem(id, refused.Status, refused.Code, english ? refused.DetailEn ?? refused.En : refused.DetailZh ?? refused.Zh));
        }

        return StoredAnswer.Of(new BulkResult(results));
    }
}
