using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// What an activity can see and do during one call. Ending (<see cref="Complete"/>) takes effect when the call returns;
/// scheduling and cancelling take effect at once, in that order if written in that order.
/// </summary>
public sealed class ActivityContext
{
    private readonly Burst _burst;

    internal ActivityContext(Burst burst, ActivityNode node, ActivityExecution execution)
    {
        _burst = burst;
        Node = node;
        Execution = execution;
        Scope = new ExpressionScope(burst, execution, node);
    }

    public ActivityNode Node { get; }

    public ActivityExecution Execution { get; }

    /// <summary>Variables, inputs and instance data as expressions see them from here.</summary>
    public IExpressionScope Scope { get; }

    public WorkflowGraph Graph => _burst.Graph;

    /// <summary>Business time of the burst; the same for every activity in it.</summary>
    public DateTimeOffset Now => _burst.Now;

    public OrganisationSnapshot Organisation => _burst.Organisation;

    public string InstanceId => _burst.Instance.Id;

    /// <summary>Public id of this activity execution.</summary>
    public string ExecutionId => $"{InstanceId}-{Execution.Number}";

    public string? InitiatedBy => _burst.Instance.InitiatedBy;

    public string? CorrelationId
    {
        get => _burst.Instance.CorrelationId;
        set => _burst.Instance.CorrelationId = value;
    }

    public string? InstanceName
    {
        get => _burst.Instance.Name;
        set => _burst.Instance.Name = value;
    }

    public IReadOnlyDictionary<string, JsonNode?> WorkflowInput => _burst.Instance.Input;

    /// <summary>Properties of the instance (Elsa: workflow execution properties).</summary>
    public IReadOnlyDictionary<string, JsonNode?> InstanceProperties => _burst.Instance.Properties;

    /// <summary>Sets a property of the instance; for what must outlive this activity's execution.</summary>
    public void SetInstanceProperty(string name, JsonNode? value) => _burst.Instance.Properties[name] = value;

    /// <summary>Id of the node whose trigger started the instance, until it has run; null otherwise.</summary>
    public string? TriggerActivityId => _burst.TriggerActivityId;

    /// <summary>True when this very node's trigger started the instance and this is its first run.</summary>
    public bool IsTrigger => _burst.IsTrigger(Node, Execution);

    public JsonNode? TriggerPayload => _burst.TriggerPayload;

    /// <summary>Keys of effects of this call that nobody awaits; null when there are none.</summary>
    internal List<string>? Sent { get; private set; }

    internal IReadOnlyList<string>? EndedWith { get; private set; }

    public bool HasEnded => EndedWith is not null || !Execution.IsOpen;

    /// <summary>True when this call began to wait: a bookmark, timer, task, awaited effect or child.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Ends this activity with outcomes (Done when none is given), after the call returns.</summary>
    public void Complete(params IReadOnlyList<string> outcomes) => EndedWith = outcomes.Count == 0 ? Burst.Done : outcomes;

    /// <summary>True when the flowchart around this node has a connection from this outcome.</summary>
    public bool LeadsOn(string outcome) => Node.Parent?.Json.Objects("connections").Any(c =>
        c.Object("source") is { } source && source.Text("activity") == Node.Id && (source.Text("port") ?? "Done") == outcome) == true;

    /// <summary>True when a failure now would be tried again by itself, as the node's retries have it.</summary>
    public bool MayRetry => Burst.MayRetry(Node, Execution);

    /// <summary>Reads what this execution remembered.</summary>
    public T? Get<T>(string key) => Execution.Properties is { } kept && kept.TryGetValue(key, out var value) ? (T?)ValueConverter.To(value, typeof(T)) : default;

    /// <summary>Remembers a value until this execution ends; survives suspension.</summary>
    public void Set(string key, object? value) => (Execution.Properties ??= [])[key] = ValueConverter.ToJson(value);

    /// <summary>Evaluates an input now; for inputs that are not evaluated before the call. Absent or null gives the default of <typeparamref name="T"/>.</summary>
    public T? Evaluate<T>(string input) =>
        Node.Inputs.TryGetValue(input, out var binding) ? (T?)ValueConverter.To(Burst.Evaluate(binding, input, Scope), typeof(T)) : default;

    /// <summary>Evaluates an expression of the node's own JSON (a switch's case).</summary>
    public T? Evaluate<T>(CompiledExpression expression) => (T?)ValueConverter.To(expression(Scope), typeof(T));

    /// <summary>Sets a variable by id in the enclosing scopes; false when there is none.</summary>
    public bool SetVariable(string id, JsonNode? value) => _burst.SetVariable(Execution, id, value);

    /// <summary>Sets a named output of the enclosing composite, or of the instance when there is none; at the root both.</summary>
    public void SetWorkflowOutput(string name, JsonNode? value) => _burst.SetWorkflowOutput(Execution, name, value);

    /// <summary>Binds an output of this activity now; properties marked [Output] are bound by themselves when the call returns.</summary>
    public void SetOutput(string name, JsonNode? value) => _burst.BindOutput(Node, Execution, name, value);

    /// <summary>Puts a child at the end of the queue; <see cref="Activity.ChildCompleted"/> is called when it completes.</summary>
    public void Schedule(ActivityNode child, string? tag = null, Dictionary<string, JsonNode?>? variables = null)
    {
        IsWaiting = true;
        _burst.Schedule(child, Execution, tag, variables);
    }

    /// <summary>Cancels an open child and what is below it; queued runs of it too. False when there was none.</summary>
    public bool CancelChild(ActivityNode child) => _burst.CancelChild(Execution, child);

    /// <summary>Cancels the children of these nodes that run or wait, oldest first; one that is only queued still runs. Answers what was cancelled.</summary>
    public IReadOnlyList<ActivityExecution> CancelRunning(Predicate<ActivityNode> which) => _burst.CancelRunning(Execution, which);

    /// <summary>The same, told by node and the tag the child was scheduled with.</summary>
    public IReadOnlyList<ActivityExecution> CancelRunning(Func<ActivityNode, string?, bool> which) => _burst.CancelRunning(Execution, which);

    /// <summary>Children that are open, failed ones included, or queued, with the tag they were scheduled with.</summary>
    public IEnumerable<(ActivityNode Node, string? Tag)> OpenChildren => _burst.OpenChildrenOf(Execution);

    /// <summary>Cancels every open or queued child.</summary>
    public void CancelChildren() => _burst.CancelChildren(Execution);

    /// <summary>Nodes of the children that still run or wait.</summary>
    public IEnumerable<ActivityNode> RunningChildren => _burst.ChildrenOf(Execution).Where(c => c.Status is ActivityStatus.Running or ActivityStatus.Pending).Select(c => Graph.Find(c.NodeId)!);

    public bool HasFaultedChildren => _burst.ChildrenOf(Execution).Any(c => c.Status == ActivityStatus.Faulted);

    /// <summary>True when a run of this child is in the queue.</summary>
    public bool IsQueued(ActivityNode child) => _burst.IsQueued(Execution, child);

    /// <summary>True when a child is running, waiting or queued.</summary>
    public bool HasPendingWork => _burst.HasPendingWork(Execution);

    /// <summary>
    /// Waits for a stimulus. The hash is Elsa's over name and stimulus, plus this execution's id unless
    /// <paramref name="shared"/> (one publication then reaches all waiters).
    /// </summary>
    public Bookmark Wait(string name, JsonNode? stimulus, bool shared = false, JsonNode? payload = null, string? tag = null, bool autoBurn = true)
    {
        IsWaiting = true;
        return _burst.AddBookmark(Node, Execution, name, stimulus, shared, payload ?? stimulus, tag, autoBurn);
    }

    /// <summary>Waits for an instant; resumes through a bookmark of the activity's type.</summary>
    public void WaitUntil(DateTimeOffset dueAt, string? tag = null)
    {
        IsWaiting = true;
        _burst.AddTimer(Node, Execution, dueAt, resumes: true, tag);
    }

    /// <summary>Sets a deadline beside another wait; <see cref="Activity.TimerFired"/> is called when it passes.</summary>
    public void SetDeadline(DateTimeOffset dueAt, string? tag = null) => _burst.AddTimer(Node, Execution, dueAt, resumes: false, tag);

    /// <summary>Removes this execution's bookmarks, timers and open tasks, for starting to wait anew.</summary>
    public void StopWaiting() => _burst.StopWaiting(Execution);

    /// <summary>
    /// Sends an effect with the commit of this burst. With <paramref name="wait"/> the activity resumes with its outcome
    /// (<see cref="Resumption.Effect"/>). Answers the effect's key. Nothing leaves when the call that asked for it fails. A retry of the
    /// activity is a new try with new keys: what is not awaited and was committed by an earlier call of it is sent again, so
    /// act first and tell last.
    /// </summary>
    public string Perform(string kind, JsonNode? payload, EffectClass effectClass, bool wait, string? tag = null, int maxAttempts = 8, DateTimeOffset? notBefore = null)
    {
        IsWaiting |= wait;
        var key = _burst.AddEffect(Node, Execution, kind, payload, effectClass, wait, tag, maxAttempts, notBefore);
        if (!wait)
            (Sent ??= []).Add(key);
        return key;
    }

    /// <summary>Hands work to people; id, execution, node and creation time are filled in. <see cref="Activity.TaskCompleted"/> follows.</summary>
    public UserTask Ask(UserTask task)
    {
        IsWaiting = true;
        return _burst.AddTask(Node, Execution, task);
    }

    /// <summary>The same with a clock that is the task's deadline: it stops with the task, and gives it its due time.</summary>
    public UserTask Ask(UserTask task, ClockSetup clock)
    {
        IsWaiting = true;
        return _burst.AddTask(Node, Execution, task, clock);
    }

    /// <summary>Name of the bookmark of whoever waits for a clock's breach; its payload is the clock's name, what it is resumed with "Breached" or "Stopped".</summary>
    public const string ClockBreach = Burst.ClockBookmark;

    /// <summary>Calendars, ladders and rotas in force.</summary>
    public TimeRules TimeRules => _burst.TimeRules;

    /// <summary>Clocks of the instance that run, those of tasks included.</summary>
    public IReadOnlyList<RunningClock> Clocks => _burst.Instance.Clocks ?? [];

    /// <summary>Starts a clock of the instance. Refuses (incident) an unknown calendar or ladder, a target that means nothing, and a name that runs already.</summary>
    public RunningClock StartClock(ClockSetup setup) => _burst.StartClock(Node, Execution, setup, null);

    /// <summary>Stops a clock; null when none of this name runs.</summary>
    public RunningClock? StopClock(string name) => _burst.StopClock(name);

    /// <summary>Lets a clock stand still; what it answers is why not, null when it does.</summary>
    public (string Zh, string En)? PauseClock(string name, string reason, string? evidence = null, DateTimeOffset? since = null) => _burst.PauseClock(name, reason, evidence, since);

    /// <summary>Lets it go on; null when none of this name stands still.</summary>
    public RunningClock? ResumeClock(string name) => _burst.ResumeClock(name);

    /// <summary>Open tasks of this execution.</summary>
    public IEnumerable<UserTask> OpenTasks => _burst.Instance.Tasks.Where(t => t.Execution == Execution.Number);

    /// <summary>Open tasks that other executions of this instance asked for.</summary>
    public IEnumerable<UserTask> OtherOpenTasks => _burst.Instance.Tasks.Where(t => t.Execution != Execution.Number);

    /// <summary>Every open task of this instance.</summary>
    public IReadOnlyList<UserTask> AllOpenTasks => _burst.Instance.Tasks;

    /// <summary>Replaces an open task of this instance.</summary>
    public void ChangeTask(UserTask task) => _burst.SaveTask(task);

    /// <summary>An id for a task asked for by this execution, made from the instance's own counter.</summary>
    public string NewId() => _burst.Instance.NextId();

    /// <summary>Registers how to take back what is about to be done; before the act, so that a crash between leaves it registered.</summary>
    public int RegisterUndo(string kind, JsonNode? payload, string label) => _burst.RegisterUndo(Execution, kind, payload, label);

    /// <summary>Takes back what this execution registered and nobody has begun: the act was not done and changed nothing, so there is nothing to undo.</summary>
    public void ForgetUndo() => _burst.ForgetUndo(Execution);

    /// <summary>Newest registered or unfinished undo of the enclosing scope (or of this execution's own scope when it is one); null when none is left.</summary>
    public UndoStep? NextUndo() => _burst.NextUndo(Execution);

    /// <summary>
    /// Before an undo: waits until no act of the enclosing scope is under way any more, cancelled ones included, and resumes with the
    /// outcome of that wait. False, without waiting, when there can be none.
    /// </summary>
    public bool AwaitActs()
    {
        if (!_burst.AwaitActs(Node, Execution))
            return false;
        return IsWaiting = true;
    }

    /// <summary>
    /// Starts an undo as an awaited effect, and settles it when the effect has ended. The first try's key depends on the undo
    /// alone, a later one has a key of its own; in all of them <c>undo</c> in the payload is the same. Refuses (incident) while
    /// another activity waits for this undo.
    /// </summary>
    public void PerformUndo(UndoStep undo)
    {
        IsWaiting = true;
        _burst.PerformUndo(Node, Execution, undo);
    }

    /// <summary>Tells the ancestors something, innermost first, until one stops it.</summary>
    public void Send(Signal signal) => _burst.Send(Execution, signal);

    /// <summary>Ends the whole instance at once (Elsa's Finish).</summary>
    public void FinishInstance() => _burst.FinishInstance();

    /// <summary>Writes an entry of the activity's own into the journal.</summary>
    public void Journal(string @event, string? message = null, JsonNode? payload = null, string? by = null) =>
        _burst.Journal(@event, Execution, message, by, payload);

    /// <summary>True while a caller's HTTP request waits for this instance.</summary>
    public bool HttpRequestWaits => _burst.HttpRequestWaits;

    /// <summary>Answers the waiting HTTP request once this burst is committed. Refuses (incident) when none waits.</summary>
    public void Reply(HttpReply reply)
    {
        if (!_burst.HttpRequestWaits)
            throw new ActivityFailure("no-http-context", "没有等待应答的 HTTP 请求 (no HTTP request is waiting for this response)");
        _burst.HttpReply = reply;
    }
}
