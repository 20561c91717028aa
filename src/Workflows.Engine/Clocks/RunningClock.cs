using System.Text.Json.Serialization;
using Workflows.Engine.Calendars;

namespace Workflows.Engine.Clocks;

/// <summary>States of a clock, running or stopped.</summary>
public enum ClockStatus
{
    Ok,

    /// <summary>A warning point has passed.</summary>
    Warn,

    /// <summary>The due time has passed. It stays so when the work is done later.</summary>
    Breached,

    Paused,
}

/// <summary>Whose promise it is: ours, or one of a supplier to us, which is measured apart.</summary>
public enum ClockKind
{
    Internal,
    Supplier,
}

/// <summary>A pause that has not ended.</summary>
public sealed record OpenPause(DateTimeOffset From, string Reason, string? Evidence = null);

/// <summary>
/// A promise that runs: what was promised, since when, what stood in the way, and what it has come to. Lives in the instance's state while
/// it runs, and as a row beside it, kept for ever. It holds the versions of its calendar and ladder, so the same due time can be
/// computed and explained at any later time.
/// </summary>
public sealed record RunningClock
{
    public required string Id { get; init; }

    /// <summary>Told apart by it within the instance: "first-reply".</summary>
    public required string Name { get; init; }

    /// <summary>What people read: 首次答复.</summary>
    public required string Label { get; init; }

    public ClockKind Kind { get; init; }

    /// <summary>The task whose deadline it is; null for a clock of the instance.</summary>
    public string? TaskId { get; init; }

    /// <summary>Execution in whose scope it was started.</summary>
    public required int Execution { get; init; }

    /// <summary>The node that started it.</summary>
    public required string NodeId { get; init; }

    public required TargetTime Target { get; init; }

    public required string Calendar { get; init; }

    public required int CalendarVersion { get; init; }

    public string? Ladder { get; init; }

    public int LadderVersion { get; init; }

    /// <summary>Percentages at which it warns, beside the ladder's reminders.</summary>
    public IReadOnlyList<int> Warn { get => field ?? []; init; }

    /// <summary>Reasons it may be paused for; any when empty.</summary>
    public IReadOnlyList<string> PauseReasons { get => field ?? []; init; }

    /// <summary>Sum of all pauses, in plain time, after which it runs on by itself.</summary>
    public TimeSpan? MaxPause { get; init; }

    /// <summary>True when it stands still while somebody was asked for information about its task.</summary>
    public bool PausesOnInfo { get; init; }

    /// <summary>True when its node is asked again after every burst what was promised, because that depends on data of the instance.</summary>
    public bool Follows { get; init; }

    /// <summary>Who has it, for clocks without a task: identities; the holders of open tasks when empty.</summary>
    public IReadOnlyList<string> Owners { get => field ?? []; init; }

    /// <summary>When it began to count; may lie before it was set up.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public ClockStatus State { get; init; }

    public DateTimeOffset DueAt { get; init; }

    /// <summary>Its length on its own scale; percentages are of it.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>True when a year on the way has no holiday data.</summary>
    public bool IsProvisional { get; init; }

    public IReadOnlyList<PauseSpan> Pauses { get => field ?? []; init; }

    public OpenPause? Paused { get; init; }

    public DateTimeOffset? WarnedAt { get; init; }

    public DateTimeOffset? BreachedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Points that were passed, by key; each happens once.</summary>
    public IReadOnlyList<string> Passed { get => field ?? []; init; }

    [JsonIgnore]
    public bool IsRunning => StoppedAt is null;
}
