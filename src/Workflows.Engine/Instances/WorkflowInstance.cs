using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Incidents;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Instances;

/// <summary>
/// The whole state of one execution of a definition version: what is stored, compactly, in the instance row, and what the
/// interpreter changes during a burst. Everything a burst can know of the instance is here; rows in other tables
/// (bookmarks, timers, tasks) are projections of it, written in the same transaction, so they can never disagree.
/// </summary>
/// <remarks>
/// A live object belongs to one lane at a time. JSON values held here are never changed in place: replace them.
/// </remarks>
public sealed class WorkflowInstance
{
    public required string Id { get; init; }

    public required string DefinitionId { get; set; }

    public required string DefinitionVersionId { get; set; }

    public int DefinitionVersion { get; set; }

    public string? Name { get; set; }

    public string? CorrelationId { get; set; }

    public string? ParentInstanceId { get; set; }

    /// <summary>The person who started it; null when a trigger or a parent instance did.</summary>
    public string? InitiatedBy { get; set; }

    public WorkflowStatus Status { get; set; } = WorkflowStatus.Running;

    public WorkflowSubStatus SubStatus { get; set; } = WorkflowSubStatus.Pending;

    /// <summary>Counts commits. A save states the revision it read; losing that race is a normal answer.</summary>
    public long Revision { get; set; }

    /// <summary>Source of every id made inside a burst, so that the same burst makes the same ids.</summary>
    public int LastNumber { get; set; }

    /// <summary>Number of the last journal entry; entries are 1..n without a gap.</summary>
    public int JournalLength { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public Dictionary<string, JsonNode?> Input { get; init; } = [];

    public Dictionary<string, JsonNode?> Output { get; init; } = [];

    public Dictionary<string, JsonNode?> Properties { get; init; } = [];

    /// <summary>The root and every unfinished execution, in order of creation; finished ones are dropped at the end of a burst.</summary>
    public List<ActivityExecution> Executions { get; init; } = [];

    public List<CompletionCallback> Callbacks { get; init; } = [];

    /// <summary>Work not yet run; empty between bursts unless a commit boundary cut the burst.</summary>
    public List<ScheduledWork> Queue { get; init; } = [];

    public List<Bookmark> Bookmarks { get; init; } = [];

    public List<WorkflowTimer> Timers { get; init; } = [];

    /// <summary>Tasks that are still open; a closed task lives on in its row only.</summary>
    public List<UserTask> Tasks { get; init; } = [];

    /// <summary>Clocks that run; null when none ever did. A stopped one lives on in its row only.</summary>
    public List<RunningClock>? Clocks { get; set; }

    public List<Incident> Incidents { get; init; } = [];

    /// <summary>Registered undo steps of guarded work, oldest first; run in reverse.</summary>
    public List<UndoStep> Undos { get; init; } = [];

    /// <summary>True while something that should have been taken back was not (补偿失败).</summary>
    public bool HasFailedUndo() => Undos.Exists(u => u.State == UndoState.Failed);

    /// <summary>Acts that nobody waits for any more and that may still be under way; null when there are none. Compensation waits for them.</summary>
    public List<GivenUpAct>? GivenUpActs { get; set; }

    /// <summary>A number no other id of this instance carries.</summary>
    public int NextNumber() => ++LastNumber;

    /// <summary>A new id, unique everywhere because it begins with the instance's.</summary>
    public string NextId() => $"{Id}-{NextNumber()}";
}

/// <summary>One execution of one activity (Elsa: activity execution context).</summary>
public sealed class ActivityExecution
{
    /// <summary>Unique within the instance; the public id is "{instance id}-{number}".</summary>
    public required int Number { get; init; }

    /// <summary>Number of the execution that owns this one; null for the workflow itself.</summary>
    public int? Parent { get; init; }

    public required string NodeId { get; set; }

    public ActivityStatus Status { get; set; } = ActivityStatus.Pending;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FaultCount { get; set; }

    /// <summary>How often this execution was tried; 1 for the first run.</summary>
    public int Attempt { get; set; }

    public string? Tag { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The activity's own memory between bursts.</summary>
    public Dictionary<string, JsonNode?>? Properties { get; set; }

    /// <summary>Evaluated inputs, kept while the activity waits so that it resumes with what it began with.</summary>
    public Dictionary<string, JsonNode?>? Inputs { get; set; }

    /// <summary>Values of the variables declared on this node, by variable id.</summary>
    public Dictionary<string, JsonNode?>? Variables { get; set; }

    /// <summary>Variables made at run time for a loop body (CurrentValue, CurrentIndex), by name.</summary>
    public Dictionary<string, JsonNode?>? DynamicVariables { get; set; }

    /// <summary>True while it may still act: neither completed nor cancelled.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted;
}

/// <summary>What the owner wants to hear when a child completes; popped once (owner, child node).</summary>
public sealed record CompletionCallback(int Owner, string ChildNodeId, string? Tag);

/// <summary>An entry of the first-in first-out queue: run <paramref name="NodeId"/> for <paramref name="Owner"/>, or go on with <paramref name="Execution"/>.</summary>
public sealed record ScheduledWork(string NodeId, int? Owner, string? Tag, int? Execution = null, Dictionary<string, JsonNode?>? Variables = null);

/// <summary>
/// How to take back one finished act. Registered before the act, run at most once, newest first.
/// </summary>
/// <param name="Number">Order of registration and source of the effect key.</param>
/// <param name="Scope">Number of the compensation scope's execution; 0 for the whole instance.</param>
/// <param name="Kind">Effect kind that performs the undo.</param>
/// <param name="Payload">What the effect needs.</param>
/// <param name="Label">What the undo does, for the timeline.</param>
/// <param name="State">Where it stands.</param>
public sealed record UndoStep(int Number, int Scope, string Kind, JsonNode? Payload, string Label, UndoState State)
{
    /// <summary>Number of the execution that registered it; 0 in states written before this was kept.</summary>
    public int Execution { get; init; }
}

/// <summary>An act whose activity was cancelled or failed while it may have been under way.</summary>
/// <param name="Key">Key of the effect.</param>
/// <param name="Scope">Compensation scope it belongs to; 0 for the whole instance.</param>
public sealed record GivenUpAct(string Key, int Scope);

/// <summary>States of an undo step.</summary>
public enum UndoState
{
    Registered,
    Running,
    Done,
    Failed,
}
