namespace Workflows.Engine.Calendars;

/// <summary>A stretch in which a clock stood still.</summary>
public sealed record PauseSpan(DateTimeOffset From, DateTimeOffset To, string Reason);

/// <summary>What a line of an explanation is about.</summary>
public enum DueLineKind
{
    /// <summary>From when it counts.</summary>
    Start,

    /// <summary>Time that counts towards the target.</summary>
    Counted,

    /// <summary>Time that does not: nights, days off.</summary>
    Off,

    /// <summary>The clock stood still; what of it would have counted is added at the end.</summary>
    Paused,

    /// <summary>Time that makes up for pauses.</summary>
    Extension,

    /// <summary>A step from an anchor date.</summary>
    Step,

    /// <summary>When it is due.</summary>
    Due,
}

/// <summary>One line of the explanation of a due time.</summary>
/// <param name="From">Where the stretch begins; equal to <paramref name="To"/> for lines that are a moment.</param>
/// <param name="Counted">Time that counts: towards the target, or as pause, or as extension, by <paramref name="Kind"/>.</param>
/// <param name="Days">Working days that count, for targets in working days.</param>
public sealed record DueLine(DueLineKind Kind, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days, string Zh, string En);

/// <summary>
/// When a target is due, and why. The lines add up: they run from start to due without a gap; what is counted is the target; what was
/// paused is what is added at the end.
/// </summary>
/// <param name="DueAt">The due instant.</param>
/// <param name="Total">Time from start to due on the target's own scale, pauses aside; percentages are of this.</param>
/// <param name="IsProvisional">True when a day on the way is of a year without holiday data.</param>
public sealed record DueTime(DateTimeOffset DueAt, TimeSpan Total, bool IsProvisional, IReadOnlyList<DueLine> Lines);
