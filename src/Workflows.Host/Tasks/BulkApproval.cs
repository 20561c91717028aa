using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>Approves one of several tasks: only where the process allows it, and each by itself, so that one refusal stops no other.</summary>
internal sealed class BulkApproval(IUserTaskStore store, WorkflowRuntime runtime)
{
    /// <summary>How many may be approved at once.</summary>
    public const int Most = 50;

    /// <param name="seen">Hash of what the person was shown; null takes what is there now.</param>
    /// <param name="key">Makes a repeat harmless; null without one.</param>
    /// <returns>Why it was refused; null when it was approved, or for a trial would be.</returns>
    public async Task<Problem?> OneAsync(string id, Actor actor, string? comment, string? seen, bool isTrial, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } found || !InstanceAccess.MayRead(found, actor))
            return Refusals.NotFound;
        if (!InstanceAccess.TakesPart(found, actor))
            return Refusals.NotAllowed;
        if (!found.Task.AllowBulk)
            return Refusals.BulkNotAllowed;
        var command = new TaskCommand(id, "approve", actor.Name, actor.Identities, comment) { IsTrial = isTrial, ContentHash = seen ?? TaskContent.HashOf(found.Task) };
        switch (await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), key, cancellationToken))
        {
            case Delivery.Applied or Delivery.Repeated or Delivery.Refused { Verdict: TaskVerdict.Planned }:
                return null;
            case Delivery.Refused { Verdict: not TaskVerdict.NotFound and var verdict }:
                return DeliveryAnswers.ToProblem(verdict);
            default:
                return await store.FindAsync(id, cancellationToken) is { } closed ? DeliveryAnswers.ToProblem(new TaskVerdict.Closed(closed.Task)) : Refusals.NotFound;
        }
    }
}
