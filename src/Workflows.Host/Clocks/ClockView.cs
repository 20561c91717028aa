using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Storage;

namespace Workflows.Host.Clocks;

/// <summary>A clock as the API shows it.</summary>
/// <param name="RemainingSeconds">Until it is due, less than zero when it is late; null while it stands still or once it has stopped.</param>
internal sealed record ClockView(
    string Id,
    string InstanceId,
    string? TaskId,
    string Name,
    string Label,
    ClockKind Kind,
    ClockStatus State,
    string Target,
    string CalendarId,
    int CalendarVersion,
    string? LadderId,
    DateTimeOffset StartedAt,
    DateTimeOffset DueAt,
    bool IsProvisional,
    long? RemainingSeconds,
    string? PausedFor,
    DateTimeOffset? PausedSince,
    IReadOnlyList<PauseSpan> Pauses,
    DateTimeOffset? WarnedAt,
    DateTimeOffset? BreachedAt,
    DateTimeOffset? StoppedAt,
    string ExplainUrl)
{
    public static ClockView Of(StoredClock stored, DateTimeOffset now)
    {
        var clock = stored.Clock;
        return new ClockView(
            clock.Id, stored.InstanceId, clock.TaskId, clock.Name, clock.Label, clock.Kind, clock.State, clock.Target.Zh, clock.Calendar, clock.CalendarVersion, clock.Ladder,
            clock.StartedAt, clock.DueAt, clock.IsProvisional,
            clock.IsRunning && clock.Paused is null ? (long)Math.Floor((clock.DueAt - now).TotalSeconds) : null,
            clock.Paused?.Reason, clock.Paused?.From, clock.Pauses, clock.WarnedAt, clock.BreachedAt, clock.StoppedAt, $"/api/v1/clocks/{clock.Id}");
    }
}

/// <summary>A line of an explanation.</summary>
internal sealed record DueLineView(DueLineKind Kind, DateTimeOffset From, DateTimeOffset To, long CountedSeconds, int Days, string Zh, string En)
{
    public static DueLineView Of(DueLine line) => new(line.Kind, line.From, line.To, (long)line.Counted.TotalSeconds, line.Days, line.Zh, line.En);
}

/// <summary>A due time with its reasons.</summary>
internal sealed record DueView(DateTimeOffset DueAt, bool IsProvisional, IReadOnlyList<DueLineView> Lines)
{
    public static DueView Of(DueTime due) => new(due.DueAt, due.IsProvisional, [.. due.Lines.Select(DueLineView.Of)]);
}

/// <summary>A clock, how its due time was computed, and what is still to come.</summary>
internal sealed record ClockDetail(ClockView Clock, DueView Due, IReadOnlyList<ClockPointView> Ahead);

/// <summary>Something that will happen to a clock.</summary>
internal sealed record ClockPointView(DateTimeOffset At, ClockPointKind Kind, IReadOnlyList<string> Tell, IReadOnlyList<string> By)
{
    public static ClockPointView Of(ClockPoint point) => new(point.At, point.Kind, point.Step?.Tell ?? [], point.Step?.By ?? []);
}

/// <summary>What a change of a calendar does to one running clock.</summary>
internal sealed record ClockEffect(string ClockId, string InstanceId, string Label, DateTimeOffset DueAt, DateTimeOffset NewDueAt, ClockStatus NewState, bool WasProvisional, bool IsProvisional);

/// <summary>What a change of a calendar does to the clocks that run on older versions of it.</summary>
/// <param name="Running">How many clocks run on older versions.</param>
/// <param name="Moved">How many of them get another due time.</param>
/// <param name="Late">How many would be late at once.</param>
/// <param name="Effects">The first of those that move.</param>
internal sealed record CalendarEffects(string CalendarId, int Version, int Running, int Moved, int Late, IReadOnlyList<ClockEffect> Effects);
