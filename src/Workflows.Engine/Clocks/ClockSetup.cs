using Workflows.Engine.Calendars;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Clocks;

/// <summary>What an activity asks for when it starts a clock.</summary>
/// <param name="Name">Unique among the running clocks of the instance.</param>
/// <param name="Label">What people read.</param>
public sealed record ClockSetup(string Name, string Label, TargetTime Target)
{
    /// <summary>Id of the calendar; absent: the office for working time and for days from an anchor, else around the clock.</summary>
    public string? Calendar { get; init; }

    /// <summary>Id of the ladder; absent: by the length of the target (catalogue 0.3); <see cref="NoLadder"/>: nobody is told.</summary>
    public string? Ladder { get; init; }

    public const string NoLadder = "none";

    public IReadOnlyList<int> Warn { get; init; } = [];

    public IReadOnlyList<string> PauseReasons { get; init; } = [];

    public TimeSpan? MaxPause { get; init; }

    public bool PausesOnInfo { get; init; }

    public ClockKind Kind { get; init; }

    public IReadOnlyList<string> Owners { get; init; } = [];

    public bool Follows { get; init; }

    /// <summary>When it began; absent: now.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>What an operator wants of a clock: another target, the newest version of its calendar, or both.</summary>
/// <param name="IsTrial">Only tells what would change.</param>
public sealed record ClockCommand(string ClockId, TargetTime? Target, bool UseNewestCalendar, string? Reason, string By, bool IsTrial = false);

/// <summary>A point that was passed, for whoever tells people.</summary>
/// <param name="Task">The task whose deadline it is, if it is one.</param>
public sealed record ClockMoment(RunningClock Clock, ClockPoint Point, UserTask? Task);
