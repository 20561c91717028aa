using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Incidents;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Execution;

/// <summary>Failures: recorded, retried with back-off where the node says so, else left to the incident strategy and to a person.</summary>
internal sealed partial class Burst
{
    private const string GivenUpKey = "$effect-given-up";
    private const string ChildrenKey = "$children";

    private void Fault(ActivityNode node, ActivityExecution execution, Exception failure)
    {
        // It was cancelled by what it did itself (left its loop, ended the instance) and failed on the way out: nothing is left to retry.
        if (!execution.IsOpen)
        {
            Journal("Faulted", execution, failure.Message);
            return;
        }

        CancelChildren(execution);
        StopWaiting(execution);
        execution.Status = ActivityStatus.Faulted;
        for (var number = (int?)execution.Number; number is { } n; number = _executions[n].Parent)
            _executions[n].FaultCount++;

        var policy = RetryPolicy.Of(node);
        var retryAt = MayRetry(node, execution) ? Now + policy!.DelayAfter(execution.Attempt) : (DateTimeOffset?)null;
        ResolveIncidents(execution);
        Instance.Incidents.Add(new Incident(
            Instance.NextNumber(),
            execution.Number,
            node.NodeId,
            node.Type,
            failure switch { ActivityFailure told => told.Kind, ExpressionError => "expression", _ => "exception" },
            failure.Message,
            failure is ActivityFailure or ExpressionError ? null : failure.ToString(),
            Now,
            execution.Attempt,
            retryAt));
        Journal("Faulted", execution, failure.Message);

        if (retryAt is { } at)
            AddTimer(node, execution, at, resumes: false, RetryTag);
        else if (Graph.Options.IncidentStrategy == "Fault")
            _faulted = true;
        if (retryAt is null)
            TellOperators(node, failure.Message);
    }

    /// <summary>True when a failure of this try would be tried again by itself.</summary>
    public static bool MayRetry(ActivityNode node, ActivityExecution execution) => RetryPolicy.Of(node) is { } policy && execution.Attempt < policy.MaxAttempts;

    /// <summary>What no retry will mend waits for a person, and a person must hear of it.</summary>
    private void TellOperators(ActivityNode node, string message)
    {
        var data = new JsonObject { ["case"] = MessagePayload.Case(Instance, Graph, Organisation), ["node"] = node.DisplayText };
        var payload = MessagePayload.Of(MessageEvents.IncidentOpened, [], $"流程异常：{Instance.Name ?? Graph.Name}", message, null, data);
        payload["operators"] = true;
        Tell(MessagePayload.Kind, payload, 50);
    }

    private void StopRunaway(ScheduledWork work)
    {
        Requeue(work);
        FailInstance("step-budget", $"一次运行超过 {request.Limits.Steps} 步，流程可能在没有等待的循环中 (more than {request.Limits.Steps} steps in one burst: a loop without a wait?)", Graph.Find(work.NodeId));
    }

    private void FailInstance(string kind, string message, ActivityNode? node = null)
    {
        node ??= Graph.Workflow;
        Instance.Incidents.Add(new Incident(Instance.NextNumber(), null, node.NodeId, node.Type, kind, message, null, Now, 1));
        Journal("Faulted", null, $"{kind}: {node.NodeId}");
        _faulted = true;
        TellOperators(node, message);
    }

    private void Retry(int? number)
    {
        var revived = Instance.Status == WorkflowStatus.Finished;
        if (number is not null && !Instance.Executions.Exists(e => e.Number == number && e.Status == ActivityStatus.Faulted))
            return;
        // A faulted instance gave up its other waits too; those start again from the beginning (Elsa restarts every execution that
        // was under way), also when only one failed step is retried: nothing else would ever wake them.
        var parents = Instance.Executions.Where(e => revived && e.Status == ActivityStatus.Running && e.Properties?.ContainsKey(ChildrenKey) == true).ToList();
        var again = Instance.Executions.Where(e => e.Status == ActivityStatus.Faulted
            ? number is null || e.Number == number
            : revived && e.Status == ActivityStatus.Running && !parents.Contains(e) && !HasPendingWork(e) && !HasFaultedChild(e)).ToList();
        if (again.Count == 0 && parents.Count == 0 && !(revived && _queue.Count > 0))
            return;

        if (revived)
        {
            Instance.Status = WorkflowStatus.Running;
            Instance.FinishedAt = null;
            Instance.Incidents.RemoveAll(i => i.Execution is null);
        }

        foreach (var execution in parents)
            WaitForChildrenAgain(execution);
        foreach (var execution in again)
        {
            if (execution.Properties?.Remove(GivenUpKey) == true)
                AskAboutEffect(execution);
            else
                RunAgain(execution);
        }

        Journal("Retried", null, by: _by);
    }

    /// <summary>
    /// An instance that ends by a fault elsewhere gives up waiting for its effects and children, which may happen and go on all
    /// the same. Which children those are is kept: they can be waited for again. Where a start is not known to have happened, or
    /// the execution waits for other things too, nobody can take up its waits but a person.
    /// </summary>
    private void MarkGivenUpEffects()
    {
        foreach (var waits in Instance.Bookmarks.GroupBy(b => b.Execution))
        {
            var kept = _executions[waits.Key].Properties ??= [];
            if (waits.All(b => b.Name == ChildCompletionStimulus.Name) && !Instance.Timers.Exists(t => t.Execution == waits.Key) && !Instance.Tasks.Exists(t => t.Execution == waits.Key))
                kept[ChildrenKey] = new JsonArray([.. waits.Select(b => new JsonObject { ["child"] = ChildCompletionStimulus.ChildOf(b), ["tag"] = b.Tag })]);
            else if (waits.Any(b => b.Name is EffectBookmark or ChildCompletionStimulus.Name))
                kept[GivenUpKey] = true;
        }
    }

    /// <summary>The children went on while nobody listened: those that have ended meanwhile are asked to tell again, the others will.</summary>
    private void WaitForChildrenAgain(ActivityExecution execution)
    {
        execution.Properties!.Remove(ChildrenKey, out var kept);
        var node = Graph.Find(execution.NodeId)!;
        var children = new JsonArray();
        foreach (var wait in kept!.AsArray())
        {
            var child = (string)wait!["child"]!;
            var stimulus = ChildCompletionStimulus.For(child);
            AddBookmark(node, execution, ChildCompletionStimulus.Name, stimulus, shared: true, stimulus, (string?)wait["tag"], autoBurn: true);
            children.Add(child);
        }

        Tell("engine.hear-children", new JsonObject { ["parent"] = Instance.Id, ["children"] = children }, 50);
    }

    // Running it again would perform the effect, or start the child, a second time under a new key: a person looks first, and retries once more or not.
    private void AskAboutEffect(ActivityExecution execution)
    {
        var node = Graph.Find(execution.NodeId)!;
        execution.Status = ActivityStatus.Faulted;
        Instance.Incidents.Add(new Incident(Instance.NextNumber(), execution.Number, node.NodeId, node.Type, "effect-unknown",
            "流程失败时此步骤的外部操作或子流程尚未返回，可能已经发生或仍在进行；请核实后再重试 (the effect may have happened, the child may still run; check before retrying)", null, Now, execution.Attempt));
        Journal("Faulted", execution, "effect-unknown");
    }

    private bool HasFaultedChild(ActivityExecution execution) => ChildrenOf(execution).Any(c => c.Status == ActivityStatus.Faulted);

    private void RunAgain(ActivityExecution execution)
    {
        StopWaiting(execution);
        Instance.Callbacks.RemoveAll(c => c.Owner == execution.Number);
        execution.Inputs = null;
        execution.Status = ActivityStatus.Pending;
        Enqueue(new ScheduledWork(execution.NodeId, execution.Parent, execution.Tag, execution.Number));
    }

    private void ResolveIncidents(ActivityExecution execution)
    {
        if (Instance.Incidents.RemoveAll(i => i.Execution == execution.Number) > 0 && execution.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
            Journal("IncidentResolved", execution);
    }

    private void FireTimer(WorkflowTimer timer)
    {
        _changed = true;
        RemoveTimer(timer);
        if (timer.Tag?.StartsWith(ClockTag, StringComparison.Ordinal) == true)
        {
            PassDue(timer.Tag[ClockTag.Length..]);
            return;
        }

        var execution = _executions[timer.Execution];
        if (timer.Tag == RetryTag)
        {
            RunAgain(execution);
            return;
        }

        if (timer.BookmarkId is { } id && Instance.Bookmarks.FirstOrDefault(b => b.Id == id) is { } bookmark)
        {
            ResumeBookmark(bookmark, null, null);
            return;
        }

        Journal("DeadlinePassed", execution, timer.Tag, payload: ValueConverter.ToJson(timer.DueAt));
        Call(Graph.Find(execution.NodeId)!, execution, (activity, context) => activity.TimerFired(context, timer));
    }
}
