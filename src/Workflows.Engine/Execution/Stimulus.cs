using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Outbox;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>What sets an instance in motion. One stimulus, one burst, one commit.</summary>
public abstract record Stimulus
{
    private Stimulus()
    {
    }

    /// <summary>The first burst of a new instance, optionally at the activity whose trigger was hit.</summary>
    public sealed record Start(string? TriggerActivityId = null, JsonNode? TriggerPayload = null) : Stimulus;

    public sealed record Resume(string BookmarkId, JsonNode? Payload) : Stimulus;

    public sealed record TimerDue(string TimerId) : Stimulus;

    /// <summary>The end of an effect somebody waits for.</summary>
    public sealed record EffectDone(string Key, string? BookmarkId, EffectOutcome Outcome) : Stimulus;

    public sealed record ActOnTask(TaskCommand Command) : Stimulus;

    /// <summary>What a task shows is out of date: it, and the others of its step, are shown anew.</summary>
    public sealed record ShowAgain(string TaskId) : Stimulus;

    /// <summary>Somebody decided in a parent or child instance: four eyes bar them here too.</summary>
    public sealed record Decided(IReadOnlyList<string> Users, string From) : Stimulus;

    /// <summary>A person does something with the instance as a whole: withdraw, take back, urge, comment, cc.</summary>
    public sealed record ActOnInstance(InstanceCommand Command) : Stimulus;

    /// <summary>An operator recalculates a clock.</summary>
    public sealed record ActOnClock(ClockCommand Command) : Stimulus;

    /// <summary>Somebody leaves: their open tasks here go to another person. <paramref name="By"/> is who arranged it.</summary>
    public sealed record HandOver(string From, string To, string By) : Stimulus;

    /// <summary>An operator gives an open task to somebody, whoever has it; <paramref name="By"/> is the operator.</summary>
    public sealed record Reassign(string TaskId, string To, string By, string Reason, bool IsTrial = false) : Stimulus;

    public sealed record Cancel(string? Reason, string? By) : Stimulus
    {
        /// <summary>True when what was done is taken back before it ends; what has no undo step is left and named in the journal.</summary>
        public bool TakesBack { get; init; }
    }

    /// <summary>An operator runs failed activities again: one execution, or all that failed.</summary>
    public sealed record Retry(string? By, int? Execution = null) : Stimulus;

    /// <summary>The engine itself cannot go on with the instance (state too large, a database that refuses it, a bug): faults it with an incident.</summary>
    public sealed record Condemn(string Kind, string Message) : Stimulus;

    /// <summary>Goes on after a commit boundary, or after a crash behind one.</summary>
    public sealed record Continue : Stimulus;
}
