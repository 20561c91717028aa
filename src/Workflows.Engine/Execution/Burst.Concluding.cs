using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Execution;

/// <summary>The end of a burst: status, tidying, and the change set.</summary>
internal sealed partial class Burst
{
    private readonly List<JournalEntry> _journal = [];

    public void Journal(string @event, ActivityExecution? execution, string? message = null, string? by = null, JsonNode? payload = null)
    {
        _changed = true;
        var node = execution is null ? null : Graph.Find(execution.NodeId);
        _journal.Add(new JournalEntry(++Instance.JournalLength, Now, @event, execution?.Number, node?.NodeId, node?.Type, message, by, payload));
    }

    private BurstResult Conclude()
    {
        var readRevision = Instance.Revision;
        Instance.Queue.Clear();
        Instance.Queue.AddRange(_queue);
        FollowClocks();
        SettleStatus();
        SettleClocks();
        Instance.Executions.RemoveAll(e => !e.IsOpen && e.Parent is not null);
        if (!_cut && Instance.Status == WorkflowStatus.Running)
            ForgetMemoryVariables();
        if (!_cut)
            Instance.Properties.Remove(TriggerKey);
        Instance.UpdatedAt = Now;
        Instance.Revision = readRevision + 1;
        var state = WriteState();
        if (state.Length > request.Limits.StateBytes && Instance.Status == WorkflowStatus.Running)
        {
            // What came from outside and is itself what does not fit is refused to its sender: a stranger's request must not end an
            // instance that only waited for one.
            if (request.Stimulus is Stimulus.Resume { Payload: { } payload } && payload.ToJsonString().Length > request.Limits.StateBytes / 8)
                return new BurstResult.TooLarge($"内容过大，流程状态将超过上限 {request.Limits.StateBytes / 1024} KB (the payload does not fit into the state of the instance)");
            FailInstance("state-size", $"流程状态有 {state.Length} 字节，超过上限 {request.Limits.StateBytes} (the instance's state is too large)");
            SettleStatus();
            SettleClocks();
            state = WriteState();
        }

        var changes = new ChangeSet
        {
            Instance = new InstanceRow
            {
                Id = Instance.Id,
                DefinitionId = Instance.DefinitionId,
                DefinitionVersionId = Instance.DefinitionVersionId,
                DefinitionVersion = Instance.DefinitionVersion,
                Name = Instance.Name,
                CorrelationId = Instance.CorrelationId,
                ParentInstanceId = Instance.ParentInstanceId,
                InitiatedBy = Instance.InitiatedBy,
                Status = Instance.Status,
                SubStatus = Instance.SubStatus,
                IsExecuting = _cut,
                IncidentCount = Instance.Incidents.Count,
                ActivationKey = ActivationKey(),
                ReadRevision = readRevision,
                State = state,
                CreatedAt = Instance.CreatedAt,
                UpdatedAt = Now,
                FinishedAt = Instance.FinishedAt,
            },
            BookmarksAdded = _bookmarksAdded,
            BookmarksRemoved = _bookmarksRemoved,
            TimersAdded = _timersAdded,
            TimersRemoved = _timersRemoved,
            Tasks = [.. _tasks.Values],
            Clocks = [.. _clocks.Values],
            EffectsAdded = _effects,
            EffectsSettled = _settlements,
            Journal = _journal,
        };
        return new BurstResult.Changed(changes, _cut, HttpReply, ActedOn is { } acted ? _tasks[acted.Id] : null);
    }

    private byte[] WriteState()
    {
        foreach (var task in _tasks.Values.ToList())
            SaveRevision(task.Id);
        return InstanceCodec.Write(Instance);
    }

    private void SettleStatus()
    {
        var wasFinished = Instance.Status == WorkflowStatus.Finished;
        if (_cut && !_faulted)
        {
            Instance.SubStatus = WorkflowSubStatus.Executing;
            return;
        }

        if (!wasFinished)
        {
            if (_faulted)
                End(WorkflowSubStatus.Faulted);
            else if (_finished || Instance.Executions.TrueForAll(e => !e.IsOpen))
                End(Instance.Properties.ContainsKey(Withdrawal.Key) ? WorkflowSubStatus.Cancelled : WorkflowSubStatus.Finished);
            else
                Instance.SubStatus = WorkflowSubStatus.Suspended;
        }

        if (Instance.Status == WorkflowStatus.Finished)
        {
            Instance.FinishedAt ??= Now;
            TellParent();
        }
    }

    private void End(WorkflowSubStatus subStatus)
    {
        Instance.Status = WorkflowStatus.Finished;
        Instance.SubStatus = subStatus;
        Journal(subStatus.ToString(), null);
        TellOfCase(subStatus switch
        {
            WorkflowSubStatus.Faulted => MessageEvents.CaseFaulted,
            WorkflowSubStatus.Cancelled => MessageEvents.CaseCancelled,
            _ => MessageEvents.CaseFinished,
        });
        // Nothing of a finished instance may still wake or wait; a faulted one keeps its executions for an operator's retry.
        if (subStatus == WorkflowSubStatus.Faulted)
            MarkGivenUpEffects();
        foreach (var execution in Instance.Executions)
            StopWaiting(execution);
        // Work that a runaway or a condemned burst left undone stays for the retry of an operator who mended the cause.
        if (subStatus != WorkflowSubStatus.Faulted)
            Instance.Queue.Clear();
    }

    private void TellParent()
    {
        if (Instance.ParentInstanceId is null || !Instance.Properties.ContainsKey("WaitForCompletion"))
            return;
        Tell("engine.child-finished", ChildCompletionStimulus.NewsOf(Instance, Instance.ParentInstanceId), 50);
    }

    private void SaveRevision(string taskId)
    {
        var task = _tasks[taskId] with { Revision = Instance.Revision };
        _tasks[taskId] = task;
        var index = Instance.Tasks.FindIndex(t => t.Id == taskId);
        if (index >= 0)
            Instance.Tasks[index] = task;
    }

    private string? ActivationKey() => Graph.Options.ActivationStrategy switch
    {
        "Singleton" => Instance.DefinitionId,
        "Correlation" => $"*|{Instance.CorrelationId}",
        "CorrelatedSingleton" => $"{Instance.DefinitionId}|{Instance.CorrelationId}",
        _ => null,
    };
}
