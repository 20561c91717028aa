using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Incidents;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// One burst: from a stimulus until every branch waits or ends.
/// </summary>
/// <remarks>
/// What can go wrong, and the rule against it.
/// Order: joins and loops depend on who runs first, so there is one queue per instance, strictly first in, first out, and a
/// child's completion reaches its owner at once, before the next queue entry.
/// Re-entrance: an activity that ends itself while it still runs would free its children under its own feet; ending is
/// therefore noted during the call and done after it.
/// Ghosts: work queued for an execution that was cancelled meanwhile must not run; cancelling removes it from the queue.
/// Repetition: the same burst run again (after a lost race or a crash) must make the same ids, so ids come from the
/// instance's counter, time from the request, and nothing here is random.
/// Runaway: a loop without a wait is stopped by the step budget and faults this instance only.
/// </remarks>
internal sealed partial class Burst(BurstRequest request)
{
    internal static readonly IReadOnlyList<string> Done = ["Done"];
    private const string RetryTag = "$retry";

    private readonly Dictionary<int, ActivityExecution> _executions = request.Instance.Executions.ToDictionary(e => e.Number);
    private readonly Queue<ScheduledWork> _queue = new(request.Instance.Queue);
    private DateTimeOffset _now = request.Now;
    private bool _faulted;
    private bool _finished;
    private bool _cut;
    private bool _changed;
    private int _steps;
    private string? _by;

    public WorkflowGraph Graph => request.Graph;

    public WorkflowInstance Instance => request.Instance;

    public DateTimeOffset Now => _pinnedNow ?? _now;

    public OrganisationSnapshot Organisation => request.Organisation;

    public TimeRules TimeRules => request.TimeRules;

    public bool HttpRequestWaits => request.HttpRequestWaits;

    public HttpReply? HttpReply { get; set; }

    private UserTask? ActedOn { get; set; }

    public BurstResult Run()
    {
        if (Begin() is { } early)
            return early;

        // What a condemned instance left in its queue stays there for an operator's retry.
        if (request.Stimulus is not Stimulus.Condemn)
            RunQueue();
        return Conclude();
    }

    private BurstResult? Begin()
    {
        if (Instance.Status == WorkflowStatus.Finished && !(request.Stimulus is Stimulus.Retry && Instance.SubStatus == WorkflowSubStatus.Faulted))
            return new BurstResult.Ignored();

        switch (request.Stimulus)
        {
            case Stimulus.Start:
                Journal("Started", null, by: Instance.InitiatedBy);
                TellOfCase(MessageEvents.CaseStarted, by: Instance.InitiatedBy);
                RememberTrigger();
                Enqueue(new ScheduledWork(Graph.Workflow.NodeId, null, null));
                _cut = CommitsWhen("WorkflowExecuting");
                break;
            case Stimulus.Continue:
                if (_queue.Count == 0)
                    return new BurstResult.Ignored();
                _changed = true;
                break;
            case Stimulus.Resume resume when Instance.Bookmarks.FirstOrDefault(b => b.Id == resume.BookmarkId) is { } bookmark:
                ResumeBookmark(bookmark, resume.Payload, null);
                break;
            case Stimulus.TimerDue due when Instance.Timers.FirstOrDefault(t => t.Id == due.TimerId) is { } timer:
                // The database said that it is due; this host's clock may be a little behind.
                _now = timer.DueAt > _now ? timer.DueAt : _now;
                FireTimer(timer);
                break;
            case Stimulus.EffectDone effect:
                EndEffect(effect);
                break;
            case Stimulus.ActOnTask act:
                if (ActOnTask(act.Command) is { } verdict)
                    return new BurstResult.Refused(verdict);
                break;
            case Stimulus.Reassign reassign:
                if (Reassign(reassign) is { } objection)
                    return new BurstResult.Refused(objection);
                break;
            case Stimulus.ShowAgain again:
                ShowAgain(again.TaskId);
                break;
            case Stimulus.Decided decided:
                BarDeciders(decided.Users, decided.From);
                break;
            case Stimulus.ActOnInstance act:
                if (ActOnInstance(act.Command) is { } refusal)
                    return new BurstResult.Refused(refusal);
                break;
            case Stimulus.ActOnClock act:
                if (ActOnClock(act.Command) is { } no)
                    return new BurstResult.Refused(no);
                break;
            case Stimulus.HandOver handover:
                if (!HandOver(handover))
                    return new BurstResult.Ignored();
                break;
            case Stimulus.Cancel { TakesBack: true } cancel:
                TakeBackAndEnd(cancel);
                break;
            case Stimulus.Cancel cancel:
                _by = cancel.By;
                CancelInstance(cancel);
                break;
            case Stimulus.Condemn condemn:
                Instance.Incidents.Add(new Incident(Instance.NextNumber(), null, Graph.Workflow.NodeId, Graph.Workflow.Type, condemn.Kind, condemn.Message, null, Now, 1));
                Journal("Faulted", null, condemn.Message);
                _faulted = true;
                break;
            case Stimulus.Retry retry:
                _by = retry.By;
                Retry(retry.Execution);
                break;
        }

        // What follows from a person's act further down the flow is not that person's act.
        _by = null;
        return _changed ? null : new BurstResult.Ignored();
    }

    private void RunQueue()
    {
        while (!_cut && !_finished && _queue.TryDequeue(out var work))
        {
            if (work.Owner is { } owner && (!_executions.TryGetValue(owner, out var parent) || !parent.IsOpen))
                continue;
            if (++_steps > request.Limits.Steps)
            {
                StopRunaway(work);
                return;
            }

            if (Commits(work.NodeId, "Executing", "ActivityExecuting") && _steps > 1)
            {
                Requeue(work);
                _cut = true;
                return;
            }

            Perform(work);
            _cut = !_finished && _queue.Count > 0 && Commits(work.NodeId, "Executed", "ActivityExecuted");
        }
    }

    private void Perform(ScheduledWork work)
    {
        var node = Graph.Find(work.NodeId) ?? throw new InvalidOperationException($"Node {work.NodeId} is not in version {Graph.VersionId}.");
        ActivityExecution execution;
        if (work.Execution is { } number)
        {
            if (!_executions.TryGetValue(number, out execution!) || !execution.IsOpen)
                return;
        }
        else
        {
            execution = new ActivityExecution
            {
                Number = Instance.NextNumber(),
                Parent = work.Owner,
                NodeId = node.NodeId,
                Tag = work.Tag,
                StartedAt = Now,
                DynamicVariables = work.Variables,
            };
            _executions.Add(execution.Number, execution);
            Instance.Executions.Add(execution);
        }

        execution.Status = ActivityStatus.Running;
        execution.Attempt++;
        DeclareVariables(node, execution);
        Call(node, execution, (activity, context) => activity.Execute(context));
        if (execution.Status == ActivityStatus.Running && !node.ActivityType.Info.IsContainer)
            Journal("Started", execution);
    }

    /// <summary>Calls into an activity: inputs set before, outputs bound and the ending done after, failures recorded.</summary>
    private void Call(ActivityNode node, ActivityExecution execution, Action<Activity, ActivityContext> call)
    {
        var context = new ActivityContext(this, node, execution);
        try
        {
            var activity = node.ActivityType.Create(node);
            SetInputs(node, execution, activity, context);
            call(activity, context);
            foreach (var (name, value) in node.ActivityType.ReadOutputs(activity))
                BindOutput(node, execution, name, value);
        }
        // The boundary of user code: whatever an activity throws becomes an incident of this instance and nothing else.
        catch (Exception failure)
        {
            // What a failed call asked for does not leave: its retry asks again, and the receiver would get it twice.
            if (context.Sent is { } sent)
                _effects.RemoveAll(e => sent.Contains(e.Key));
            Fault(node, execution, failure);
            return;
        }

        if (context.EndedWith is { } outcomes)
            Complete(node, execution, outcomes);
    }

    private void Complete(ActivityNode node, ActivityExecution execution, IReadOnlyList<string> outcomes)
    {
        if (execution.Status != ActivityStatus.Running)
            return;

        CancelChildren(execution);
        execution.Status = ActivityStatus.Completed;
        Journal("Completed", execution, by: _by, payload: new JsonObject { ["outcomes"] = new JsonArray([.. outcomes.Select(o => (JsonNode)o)]) });
        StopWaiting(execution);
        Instance.Callbacks.RemoveAll(c => c.Owner == execution.Number);
        ResolveIncidents(execution);
        HandOverUndos(execution);

        if (execution.Parent is not { } parent)
        {
            foreach (var (key, value) in CollectOutputs(execution))
                Instance.Output[key] = value;
            return;
        }

        var owner = _executions[parent];
        var callback = Instance.Callbacks.FindIndex(c => c.Owner == parent && c.ChildNodeId == node.NodeId && c.Tag == execution.Tag);
        if (callback < 0)
            return;

        Instance.Callbacks.RemoveAt(callback);
        if (owner.Status == ActivityStatus.Running)
            Call(Graph.Find(owner.NodeId)!, owner, (activity, context) => activity.ChildCompleted(context, new ChildCompletion(node, execution, outcomes, execution.Tag)));
    }

    public void Schedule(ActivityNode child, ActivityExecution owner, string? tag, Dictionary<string, JsonNode?>? variables)
    {
        Instance.Callbacks.Add(new CompletionCallback(owner.Number, child.NodeId, tag));
        Enqueue(new ScheduledWork(child.NodeId, owner.Number, tag, null, variables));
    }

    public IEnumerable<ActivityExecution> ChildrenOf(ActivityExecution execution) =>
        Instance.Executions.Where(e => e.Parent == execution.Number && e.IsOpen);

    public bool IsQueued(ActivityExecution owner, ActivityNode child) => _queue.Any(w => w.Owner == owner.Number && w.NodeId == child.NodeId);

    public bool HasPendingWork(ActivityExecution owner) =>
        _queue.Any(w => w.Owner == owner.Number) || ChildrenOf(owner).Any(c => c.Status is ActivityStatus.Running or ActivityStatus.Pending);

    public void CancelChildren(ActivityExecution owner)
    {
        Unqueue(w => w.Owner == owner.Number);
        foreach (var child in ChildrenOf(owner).ToList())
            Cancel(child);
        Instance.Callbacks.RemoveAll(c => c.Owner == owner.Number);
    }

    /// <summary>The owner cancels a child itself, so it is not told: telling it would call into it while it is in a call.</summary>
    public bool CancelChild(ActivityExecution owner, ActivityNode node)
    {
        var queued = IsQueued(owner, node);
        Unqueue(w => w.Owner == owner.Number && w.NodeId == node.NodeId);
        var running = ChildrenOf(owner).Where(c => c.NodeId == node.NodeId).ToList();
        foreach (var child in running)
            Cancel(child);
        Instance.Callbacks.RemoveAll(c => c.Owner == owner.Number && c.ChildNodeId == node.NodeId);
        return queued || running.Count > 0;
    }

    public IEnumerable<(ActivityNode Node, string? Tag)> OpenChildrenOf(ActivityExecution owner) =>
        ChildrenOf(owner).Select(c => (c.NodeId, c.Tag)).Concat(_queue.Where(w => w.Owner == owner.Number).Select(w => (w.NodeId, w.Tag))).Select(c => (Graph.Find(c.NodeId)!, c.Tag));

    public List<ActivityExecution> CancelRunning(ActivityExecution owner, Predicate<ActivityNode> which) => CancelRunning(owner, (node, _) => which(node));

    public List<ActivityExecution> CancelRunning(ActivityExecution owner, Func<ActivityNode, string?, bool> which)
    {
        var running = ChildrenOf(owner).Where(c => c.Status is (ActivityStatus.Running or ActivityStatus.Pending) && which(Graph.Find(c.NodeId)!, c.Tag)).ToList();
        foreach (var child in running)
        {
            Cancel(child);
            var callback = Instance.Callbacks.FindIndex(c => c.Owner == owner.Number && c.ChildNodeId == child.NodeId && c.Tag == child.Tag);
            if (callback >= 0)
                Instance.Callbacks.RemoveAt(callback);
        }

        return running;
    }

    private void Cancel(ActivityExecution execution)
    {
        CancelChildren(execution);
        execution.Status = ActivityStatus.Canceled;
        Journal("Canceled", execution);
        CancelChildInstances(execution);
        StopWaiting(execution);
        ResolveIncidents(execution);
        Instance.Callbacks.RemoveAll(c => c.Owner == execution.Number);
        Unqueue(w => w.Execution == execution.Number);
        HandOverUndos(execution);
    }

    public void Send(ActivityExecution from, Signal signal)
    {
        for (var parent = from.Parent; parent is { } number; parent = _executions[number].Parent)
        {
            var receiver = _executions[number];
            if (receiver.Status != ActivityStatus.Running)
                continue;

            var stopped = false;
            Call(Graph.Find(receiver.NodeId)!, receiver, (activity, context) => stopped = activity.Receive(context, signal));
            if (stopped)
                return;
        }
    }

    public void FinishInstance()
    {
        _finished = true;
        _queue.Clear();
        foreach (var execution in Instance.Executions.Where(e => e.IsOpen))
        {
            execution.Status = ActivityStatus.Completed;
            CancelChildInstances(execution);
            StopWaiting(execution);
        }

        Instance.Callbacks.Clear();
        Instance.Incidents.Clear();
        foreach (var (key, value) in CollectOutputs(Instance.Executions[0]))
            Instance.Output[key] = value;
    }

    private void CancelInstance(Stimulus.Cancel cancel)
    {
        _queue.Clear();
        foreach (var execution in Instance.Executions.Where(e => e.IsOpen))
        {
            execution.Status = ActivityStatus.Canceled;
            StopWaiting(execution);
        }

        Instance.Callbacks.Clear();
        Instance.Incidents.Clear();
        Instance.SubStatus = WorkflowSubStatus.Cancelled;
        Instance.Status = WorkflowStatus.Finished;
        Journal("Cancelled", null, cancel.Reason, cancel.By);
        TellOfCase(MessageEvents.CaseCancelled, cancel.Reason, cancel.By);
        _finished = true;
        CancelAllChildInstances();
    }

    private void Enqueue(ScheduledWork work)
    {
        _changed = true;
        _queue.Enqueue(work);
    }

    private void Requeue(ScheduledWork first)
    {
        var rest = _queue.ToArray();
        _queue.Clear();
        _queue.Enqueue(first);
        foreach (var work in rest)
            _queue.Enqueue(work);
    }

    private void Unqueue(Predicate<ScheduledWork> which)
    {
        if (!_queue.Any(w => which(w)))
            return;

        var rest = _queue.ToArray();
        _queue.Clear();
        foreach (var work in rest)
        {
            if (!which(work))
                _queue.Enqueue(work);
            else if (work.Owner is { } owner)
                Instance.Callbacks.RemoveAll(c => c.Owner == owner && c.ChildNodeId == work.NodeId && c.Tag == work.Tag);
        }
    }

    private bool CommitsWhen(string strategy) => Graph.Options.CommitStrategy == strategy;

    /// <summary>The activity's own word ("CommitAlways", "CommitNever", "Executing", "Executed") goes before the workflow's.</summary>
    private bool Commits(string nodeId, string moment, string workflowStrategy)
    {
        if (Graph.Options.CommitStrategy is null && Graph.Find(nodeId)?.CustomProperties?["commitStrategyName"] is null)
            return false;
        return (string?)Graph.Find(nodeId)?.CustomProperties?["commitStrategyName"] switch
        {
            "CommitAlways" => true,
            "CommitNever" => false,
            { Length: > 0 } own => own == moment,
            _ => CommitsWhen(workflowStrategy),
        };
    }
}
