using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Authoring;

/// <summary>
/// A step type. One class in one file is a whole activity: attributes give its name, labels, inputs, outputs and outcomes,
/// and its descriptor is derived from them. A fresh object is made for each call, with its inputs set to their evaluated
/// values; what it must remember between calls goes into <see cref="ActivityContext.Set"/>.
/// </summary>
/// <remarks>
/// Rules: no I/O, no clock but <see cref="ActivityContext.Now"/>, no random numbers, no static state. Work in the outside
/// world is an effect (<see cref="ActivityContext.Perform"/>); waiting is a bookmark, a timer or a user task. Throw
/// <see cref="ActivityFailure"/> for a failure a person should read; any other exception is recorded as an incident too.
/// An activity that returns without completing, scheduling, waiting or failing leaves its branch waiting for ever: derive
/// from <see cref="CodeActivity"/> unless that is meant.
/// </remarks>
public abstract class Activity
{
    /// <summary>Begins. Completes at once, schedules children, or waits.</summary>
    public abstract void Execute(ActivityContext context);

    /// <summary>A bookmark of this activity was hit. Completes by default (Elsa's auto-complete).</summary>
    public virtual void Resume(ActivityContext context, Resumption resumption) => context.Complete();

    /// <summary>A child scheduled by this activity completed. Completes by default.</summary>
    public virtual void ChildCompleted(ActivityContext context, ChildCompletion child) => context.Complete();

    /// <summary>A timer without a bookmark fired: a deadline passed. Does nothing by default; a deadline never decides by itself.</summary>
    public virtual void TimerFired(ActivityContext context, WorkflowTimer timer)
    {
    }

    /// <summary>A user task of this activity was completed by a person; <paramref name="task"/> carries the decision.</summary>
    public virtual void TaskCompleted(ActivityContext context, UserTask task) => context.Complete(task.Decision ?? "Done");

    /// <summary>
    /// A person wants something of a task that only the activity can judge (added signers, a trial of a return). Null when it was done; a refusal
    /// must have changed nothing.
    /// </summary>
    public virtual TaskVerdict? ActOnTask(ActivityContext context, UserTask task, TaskCommand command) =>
        command.IsTrial ? new TaskVerdict.Planned([]) : new TaskVerdict.UnknownAction(task.Actions);

    /// <summary>
    /// What a task of this activity would show if it were asked for now; a decision on something else is refused, and this is shown instead. The
    /// same as before by default. Must change nothing.
    /// </summary>
    public virtual ShownContent Shown(ActivityContext context, UserTask task) => new(task.Content, task.Form);

    /// <summary>
    /// A point of a clock this node started has passed: a warning, the breach, a step of its ladder. Tells people; decides nothing unless
    /// the node has a field of its own that says so.
    /// </summary>
    public virtual void ClockReached(ActivityContext context, ClockMoment moment)
    {
    }

    /// <summary>What a clock this node started promises now; asked after every burst of clocks that follow data. Null: as before.</summary>
    public virtual TargetTime? ClockTarget(ActivityContext context) => null;

    /// <summary>A signal sent by a descendant passes by. True stops it here.</summary>
    public virtual bool Receive(ActivityContext context, Signal signal) => false;

    /// <summary>Outcomes that depend on the node (a switch's cases); null when the attributes say all.</summary>
    public virtual IReadOnlyList<string>? OutcomesOf(ActivityNode node) => null;

    /// <summary>What starts a definition whose node of this type has canStartWorkflow set; asked at publication, inputs set, without an instance.</summary>
    public virtual IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [];

    /// <summary>Faults of the node that publication must refuse, beyond what the attributes say.</summary>
    public virtual IEnumerable<NodeFault> Validate(ActivityNode node) => [];
}

/// <summary>An activity that is complete when it returns, unless it began to wait in that call.</summary>
public abstract class CodeActivity : Activity
{
    public sealed override void Execute(ActivityContext context)
    {
        Run(context);
        if (!context.IsWaiting && !context.HasEnded)
            context.Complete();
    }

    /// <summary>The activity's work.</summary>
    protected abstract void Run(ActivityContext context);
}

/// <summary>A failure of an activity that is recorded as an incident; <see cref="Kind"/> is a stable word for programs.</summary>
public sealed class ActivityFailure(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}

/// <summary>A starting point: name and payload are hashed, <paramref name="Data"/> is stored beside them.</summary>
public sealed record TriggerStimulus(string Name, JsonNode? Payload, JsonNode? Data = null);

/// <summary>One fault of one node, in both languages.</summary>
public sealed record NodeFault(string Code, string Zh, string En)
{
    /// <summary>Told at publication, which goes ahead.</summary>
    public bool IsWarning { get; init; }
}

/// <summary>How an activity is woken through a bookmark.</summary>
/// <param name="Bookmark">The bookmark that was hit; already removed if it burns.</param>
/// <param name="Payload">What came with the stimulus.</param>
/// <param name="Effect">Set when it is the result of an effect this activity performed.</param>
public sealed record Resumption(Bookmark Bookmark, JsonNode? Payload, EffectOutcome? Effect);

/// <summary>A child that ended.</summary>
public sealed record ChildCompletion(ActivityNode Node, ActivityExecution Execution, IReadOnlyList<string> Outcomes, string? Tag);

/// <summary>Something a descendant tells its ancestors; travels outward until one stops it.</summary>
public abstract record Signal
{
    private Signal()
    {
    }

    /// <summary>Leave the nearest loop.</summary>
    public sealed record Break : Signal;

    /// <summary>End the nearest composite (a workflow used as activity, or the workflow) with these outcomes.</summary>
    public sealed record CompleteComposite(IReadOnlyList<string> Outcomes) : Signal;

    /// <summary>A join began to run: what still runs upstream of <paramref name="Join"/> is not needed any more.</summary>
    public sealed record CancelUpstream(ActivityNode Join) : Signal;

    /// <summary>
    /// Go on at an earlier step of the nearest flowchart: everything that would be done again is cancelled first. With
    /// <paramref name="ComesStraightBack"/> only <paramref name="Origin"/> is left, and entered again once the target is done.
    /// </summary>
    public sealed record Return(ActivityNode Target, ActivityNode? Origin, bool ComesStraightBack) : Signal
    {
        /// <summary>Tag the origin was scheduled with, for entering it again the same way.</summary>
        public string? OriginTag { get; init; }

        /// <summary>Only tells what would be cancelled.</summary>
        public bool IsTrial { get; init; }

        /// <summary>Open steps that are cancelled by it, the origin aside.</summary>
        public List<ActivityNode> Cancelled { get; } = [];

        /// <summary>True once a flowchart has taken it.</summary>
        public bool IsTaken { get; set; }
    }
}
