using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// An applicant withdraws.
/// </summary>
/// <remarks>
/// What can go wrong: the case ends while the shop keeps half of what it did; an approval goes on beside the taking back; a host dies in
/// between, and half is taken back.
/// The rules. Everything that runs or waits is cancelled in the burst of the withdrawal, tasks and deadlines with it, so from that commit
/// on nothing but the taking back moves. Where there is nothing to take back the same commit ends the instance. Else a step that no
/// definition draws (<see cref="WorkflowGraph.Withdrawal"/>, a Workflows.Compensate owned by the workflow itself) runs the undo steps as any
/// compensation does: newest first, each once, after acts still under way, repeated after a crash under its own key, an incident when one
/// fails. When it ends, the instance ends as cancelled. Children are told to do the same. What has no undo step was refused before all this.
/// </remarks>
internal sealed partial class Burst
{
    private bool _takesBack;

    private TaskVerdict? Withdraw(InstanceCommand command)
    {
        if (Instance.InitiatedBy != command.By)
            return new TaskVerdict.Excluded();
        if (Withdrawal.Refusal(Instance, Graph) is { } refusal)
            return refusal;
        Journal("Withdrawn", null, command.Comment, command.By);
        Notice(MessageEvents.CaseWithdrawn, [.. Instance.Tasks.SelectMany(HoldersOf).Where(p => p != command.By).Distinct()], command.By, command.Comment, null);
        TakeBackAndEnd(new Stimulus.Cancel($"申请人撤回{(command.Comment is { Length: > 0 } why ? $"：{why}" : "")}", command.By) { TakesBack = true });
        return null;
    }

    private void TakeBackAndEnd(Stimulus.Cancel cancel)
    {
        // Told again, as by a parent whose message was repeated.
        if (Instance.Properties.ContainsKey(Withdrawal.Key))
            return;
        _takesBack = true;
        if (Withdrawal.Unguarded(Instance) is > 0 and var left)
            Journal("NotTakenBack", null, $"{left} 项已执行的操作无法自动撤销，请人工核实", cancel.By);
        Instance.Properties[Withdrawal.Key] = new JsonObject { ["by"] = cancel.By, ["reason"] = cancel.Reason };
        if (Instance.Undos.TrueForAll(u => u.State == UndoState.Done) || Instance.Executions.FirstOrDefault(e => e.Parent is null) is not { Status: ActivityStatus.Running } root)
        {
            CancelInstance(cancel);
            return;
        }

        CancelChildren(root);
        _queue.Clear();
        Instance.Properties.Remove(LastApprovalKey);
        CancelAllChildInstances();
        Journal("TakingBack", null, $"撤销已做的操作：{string.Join("、", Instance.Undos.Where(u => u.State != UndoState.Done).Reverse().Select(u => u.Label))}", cancel.By);
        Schedule(Graph.Withdrawal, root, null, null);
    }

    private void CancelAllChildInstances()
    {
        if (Instance.Properties.ContainsKey(HasChildrenKey))
            Tell("engine.cancel-children", Asked(new JsonObject { ["parent"] = Instance.Id }), 8);
    }

    /// <summary>What is asked of children, with the word that they take back what they did where this instance does.</summary>
    private JsonObject Asked(JsonObject payload)
    {
        if (_takesBack)
            payload["takesBack"] = true;
        return payload;
    }
}
