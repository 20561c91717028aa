using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Instances;

/// <summary>What people do with an instance as a whole: withdraw, take back, urge, comment, send copies.</summary>
internal static class InstanceActEndpoints
{
    private const int MostPeople = 50;

    internal sealed record ActOnInstance(string? Comment = null, string[]? People = null);

    public static void MapInstanceActs(this IEndpointRouteBuilder api)
    {
        foreach (var action in (string[])[InstanceActs.Withdraw, InstanceActs.TakeBack, InstanceActs.Urge, InstanceActs.Comment, InstanceActs.Copy])
        {
            api.MapPost("/instances/{id}/" + action, (string id, HttpContext http, Strict<ActOnInstance> body, Actor actor, InstanceAccess access, WorkflowRuntime runtime, CancellationToken cancellationToken) =>
                    ActAsync(id, null, action, http, body.Value, actor, access, runtime, cancellationToken))
                .WithTags("instances").WithMetadata(new AnswerCommittedWithAct(), new BodyOptional())
                .Accepts<ActOnInstance>("application/json").Produces<InstanceView>().WithSummary($"{TaskItem.LabelOf(action)} ({action})");
        }

        foreach (var action in (string[])[InstanceActs.Comment, InstanceActs.Copy])
        {
            api.MapPost("/tasks/{id}/" + action, async (string id, HttpContext http, Strict<ActOnInstance> body, Actor actor, IUserTaskStore store, InstanceAccess access, WorkflowRuntime runtime, CancellationToken cancellationToken) =>
                    await store.FindAsync(id, cancellationToken) is { } found && await access.MayReadAsync(found, actor, cancellationToken)
                        ? await ActAsync(found.InstanceId, id, action, http, body.Value, actor, access, runtime, cancellationToken)
                        : Refusals.NotFound)
                .WithTags("tasks").WithMetadata(new AnswerCommittedWithAct(), new BodyOptional())
                .Accepts<ActOnInstance>("application/json").Produces<InstanceView>().WithSummary($"{TaskItem.LabelOf(action)} ({action})");
        }

        api.MapGet("/instances/{id}/actions", ActionsAsync).WithTags("instances").Produces<IReadOnlyList<AvailableAction>>().WithSummary("可用操作 (actions)");
    }

    private static async Task<IResult> ActAsync(
        string id, string? taskId, string action, HttpContext http, ActOnInstance body, Actor actor, InstanceAccess access, WorkflowRuntime runtime, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } found)
            return Refusals.NotFound;
        if (action is InstanceActs.Withdraw or InstanceActs.Urge && found.InitiatedBy != actor.Name)
            return Refusals.NotAllowed;
        var standing = await access.StandingAsync(found, actor, cancellationToken);
        if (!CaseRights.Allows(standing, action))
            return Refusals.NotAllowed;
        if (body.Comment is { Length: > TaskEndpoints.LongestComment })
            return Refusals.BadBody.At("$.comment", "out-of-range", $"最多 {TaskEndpoints.LongestComment} 字", $"at most {TaskEndpoints.LongestComment} characters");
        if (body.People is { Length: > MostPeople })
            return Refusals.BadBody.At("$.people", "out-of-range", $"最多 {MostPeople} 人", $"at most {MostPeople} people");
        if (await access.StrangerAsync(found, standing, body.People ?? [], cancellationToken) is { } stranger)
            return DeliveryAnswers.ToProblem(stranger);
        var (expected, refused) = EntityTag.IfMatch(http.Request);
        if (refused is not null)
            return refused;
        if (expected is { } revision && revision != found.Revision && RequestKey.Of(http) is null)
            return Refusals.Changed.With("revision", found.Revision);

        StoredAnswer? committed = null;
        StoredAnswer Answer(InstanceRow row) => committed = StoredAnswer.Of(InstanceView.Of(row), 200, EntityTag.Of(row.Revision));
        var command = new InstanceCommand(action, actor.Name, body.Comment) { People = [.. (body.People ?? []).Distinct()], TaskId = taskId };
        var delivery = await runtime.DeliverAsync(id, new Stimulus.ActOnInstance(command), RequestKey.Of(http)?.ForRuntime((row, _) => Answer(row)), cancellationToken);
        return delivery.ToAnswer(applied => committed ?? Answer(applied.Last), Refusals.InstanceFinished);
    }

    /// <summary>What the person may do with the instance now; the acts themselves check again.</summary>
    private static async Task<IResult> ActionsAsync(string id, Actor actor, InstanceAccess access, IInstanceStore instances, IGraphSource graphs, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } found || await instances.LoadAsync(id, cancellationToken) is not { } stored)
            return Refusals.NotFound;
        var (state, standing) = (InstanceCodec.Read(stored.State.Span), await access.StandingAsync(found, actor, cancellationToken));
        var offered = Offered(found, state, actor, standing, await graphs.FindVersionAsync(found.DefinitionVersionId, cancellationToken));
        if (state.Status == WorkflowStatus.Running && CaseRights.Allows(standing, CaseRights.Attach))
            offered = [.. offered, new AvailableAction(CaseRights.Attach, TaskItem.LabelOf(CaseRights.Attach), true, false, null)];
        return Results.Json(offered, ApiJson.Options);
    }

    /// <summary>The acts a person is offered on an instance as it stands; programs and pages show the same.</summary>
    internal static IReadOnlyList<AvailableAction> Offered(InstanceSummary found, WorkflowInstance state, Actor actor, Standing standing, WorkflowGraph? graph)
    {
        if (state.Status != WorkflowStatus.Running)
            return [];
        var actions = new List<AvailableAction>();
        if (found.InitiatedBy == actor.Name)
        {
            actions.Add(Action(InstanceActs.Withdraw, graph is null ? "流程版本已不存在" : Withdrawal.Refusal(state, graph)?.Zh));
            actions.Add(Action(InstanceActs.Urge, state.Tasks.Count == 0 ? "当前没有待处理的人" : null));
        }

        if ((string?)(state.Properties.GetValueOrDefault("LastApproval") as System.Text.Json.Nodes.JsonObject)?["by"] == actor.Name)
            actions.Add(Action(InstanceActs.TakeBack, null));
        if (CaseRights.Allows(standing, InstanceActs.Comment))
            actions.Add(Action(InstanceActs.Comment, null, needsComment: true));
        if (CaseRights.Allows(standing, InstanceActs.Copy))
            actions.Add(Action(InstanceActs.Copy, null));
        return actions;
    }

    private static AvailableAction Action(string name, string? refused, bool needsComment = false) => new(name, TaskItem.LabelOf(name), refused is null, needsComment, refused);
}
