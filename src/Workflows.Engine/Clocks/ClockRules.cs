using System.Globalization;
using Workflows.Engine.Calendars;

namespace Workflows.Engine.Clocks;

/// <summary>A point on a clock's way at which something happens.</summary>
/// <param name="Key">Tells it apart within the clock.</param>
/// <param name="Step">The ladder's step; null for the warning and the breach themselves.</param>
/// <param name="Repeat">1, 2, ... for a step that comes again.</param>
public sealed record ClockPoint(string Key, DateTimeOffset At, ClockPointKind Kind, LadderStep? Step = null, int Repeat = 0);

/// <summary>Kinds of points; at one instant they happen in this order.</summary>
public enum ClockPointKind
{
    /// <summary>The longest allowed pause is over.</summary>
    PauseOver,
    Warn,
    Breach,
    Step,
}

/// <summary>
/// How clocks run. Pure: every function gives the clock after it.
/// </summary>
/// <remarks>
/// What can go wrong: a warning that comes twice or not at all after a restart, a clock that is early because a host's time is ahead, one
/// that jumps when the calendar is edited, or one that is moved past its breach and forgets it. The rules: the points of a clock follow from
/// its stored facts alone; each has a key that is remembered when it was passed, in the same commit as what it caused; the next point not
/// passed is the clock's one timer; and a due time is computed only when the clock starts, goes on, or is recalculated on purpose.
/// </remarks>
public static class ClockRules
{
    private const int DefaultWarn = 80;

    /// <summary>Computes due time and length. Refuses an unknown calendar or a target that means nothing, by <see cref="ArgumentException"/>.</summary>
    public static (RunningClock Clock, DueTime Due) Compute(RunningClock clock, TimeRules rules)
    {
        var due = Explain(clock, rules);
        return (clock with { DueAt = due.DueAt, Total = due.Total, IsProvisional = due.IsProvisional }, due);
    }

    /// <summary>The due time with its lines, from the clock's own versions. For a clock that stands still, as it would be if it went on at the pause's beginning.</summary>
    public static DueTime Explain(RunningClock clock, TimeRules rules) => DueTimes.Of(CalendarOf(clock, rules), clock.StartedAt, clock.Target, clock.Pauses);

    /// <summary>Starts: reminders that would lie in the past are left out; a breach that does is passed at once.</summary>
    public static RunningClock Start(RunningClock clock, TimeRules rules, DateTimeOffset now) => LeaveOutPast(Compute(clock, rules).Clock, rules, now);

    /// <summary>Why a clock cannot be paused; null when it can.</summary>
    public static (string Zh, string En)? PauseFault(RunningClock clock, string reason, DateTimeOffset since) => clock switch
    {
        { IsRunning: false } => ("时限已停止", "the clock has stopped"),
        { State: ClockStatus.Breached } => ("时限已超时，不能再暂停", "the clock is breached already"),
        { Paused: not null } => ("时限已在暂停中", "the clock stands still already"),
        { Target.Anchor: not null } => ("相对日期的时限不能暂停", "a clock counted from a date cannot be paused"),
        _ when clock.PauseReasons.Count > 0 && !clock.PauseReasons.Contains(reason) => ($"“{reason}”不是允许的暂停原因", $"{reason} is no reason this clock may be paused for"),
        _ when clock.MaxPause is { } most && PausedBefore(clock) >= most => ("暂停时间已用完", "the clock has used up its pauses"),
        _ when since < clock.StartedAt || (clock.Pauses.Count > 0 && since < clock.Pauses[^1].To) || since >= clock.DueAt => ("暂停的起始时间不合理", "the pause cannot begin then"),
        _ => null,
    };

    public static RunningClock Pause(RunningClock clock, string reason, string? evidence, DateTimeOffset since) =>
        clock with { State = ClockStatus.Paused, Paused = new OpenPause(since, reason, evidence) };

    /// <summary>Goes on; the due time moves by what of the pause would have counted.</summary>
    public static RunningClock Resume(RunningClock clock, TimeRules rules, DateTimeOffset now)
    {
        if (clock.Paused is not { } pause)
            return clock;
        var until = now > pause.From ? now : pause.From;
        if (PauseEnds(clock) is { } end && until > end)
            until = end;
        var on = Compute(clock with { Paused = null, Pauses = [.. clock.Pauses, new PauseSpan(pause.From, until, pause.Reason)] }, rules).Clock;
        return on with { State = on.WarnedAt is null ? ClockStatus.Ok : ClockStatus.Warn };
    }

    public static RunningClock Stop(RunningClock clock, DateTimeOffset now)
    {
        // A pause that never ended belongs to the record.
        var ended = clock.Paused is { } pause ? clock with { Paused = null, Pauses = [.. clock.Pauses, new PauseSpan(pause.From, now > pause.From ? now : pause.From, pause.Reason)] } : clock;
        return ended with { StoppedAt = now, State = ended.State == ClockStatus.Paused ? (ended.WarnedAt is null ? ClockStatus.Ok : ClockStatus.Warn) : ended.State };
    }

    /// <summary>
    /// Another target, or the newest calendar. Points that lie ahead again may happen again; reminders that now lie behind are left out. A
    /// breach that is ahead again is taken back: the record of it stays in the journal.
    /// </summary>
    public static RunningClock Recalculate(RunningClock clock, TimeRules rules, DateTimeOffset now)
    {
        var moved = Compute(clock, rules).Clock;
        var ahead = Points(moved with { Passed = [] }, rules).Where(p => p.At > now).Select(p => p.Key).ToHashSet();
        var warned = moved.WarnedAt is not null && moved.Passed.Any(p => IsReminder(p) && !ahead.Contains(p));
        moved = moved with
        {
            Passed = [.. moved.Passed.Where(p => !ahead.Contains(p))],
            WarnedAt = warned ? moved.WarnedAt : null,
            BreachedAt = moved.DueAt > now ? null : moved.BreachedAt,
            State = moved.Paused is not null ? ClockStatus.Paused : moved.BreachedAt is not null && moved.DueAt <= now ? ClockStatus.Breached : warned ? ClockStatus.Warn : ClockStatus.Ok,
        };
        return LeaveOutPast(moved, rules, now);
    }

    /// <summary>Passes a point.</summary>
    public static RunningClock Pass(RunningClock clock, ClockPoint point, TimeRules rules, DateTimeOffset now)
    {
        if (point.Kind == ClockPointKind.PauseOver)
            return Resume(clock, rules, point.At);
        var passed = clock with { Passed = [.. clock.Passed, point.Key] };
        return point.Kind switch
        {
            ClockPointKind.Breach => passed with { State = ClockStatus.Breached, BreachedAt = now },
            _ when passed.State == ClockStatus.Ok && point.At < clock.DueAt => passed with { State = ClockStatus.Warn, WarnedAt = now },
            _ => passed,
        };
    }

    /// <summary>The next point that has not been passed; null when nothing more will happen.</summary>
    public static ClockPoint? Next(RunningClock clock, TimeRules rules) => clock.IsRunning ? Points(clock, rules).MinBy(p => (p.At, p.Kind)) : null;

    /// <summary>Points that have not been passed, in no order.</summary>
    public static IEnumerable<ClockPoint> Points(RunningClock clock, TimeRules rules)
    {
        if (clock.Paused is not null)
        {
            if (PauseEnds(clock) is { } end)
                yield return new ClockPoint("pause-over", end, ClockPointKind.PauseOver);
            yield break;
        }

        var calendar = CalendarOf(clock, rules);
        var ladder = clock.Ladder is { } id ? rules.Ladder(id, clock.LadderVersion) : null;
        var warn = clock.Warn.Count == 0 && ladder is null ? [DefaultWarn] : clock.Warn;
        if (clock.Total > TimeSpan.Zero)
        {
            foreach (var percent in warn)
            {
                if (Point($"warn-{percent}", AtPercent(clock, calendar, percent), ClockPointKind.Warn) is { } point && point.At < clock.DueAt)
                    yield return point;
            }
        }

        if (Point("breach", clock.DueAt, ClockPointKind.Breach) is { } breach)
            yield return breach;
        for (var n = 0; n < (ladder?.Steps.Count ?? 0); n++)
        {
            var step = ladder!.Steps[n];
            if (step.Every is not null)
            {
                for (var repeat = 1; repeat <= step.Times; repeat++)
                {
                    if (Point($"step-{n}-{repeat}", Away(rules, ladder, clock.DueAt, step.Unit, step.Every.Value * repeat), ClockPointKind.Step, step, repeat) is { } again)
                    {
                        yield return again;
                        break;
                    }
                }

                continue;
            }

            DateTimeOffset? at = step switch
            {
                { Percent: 100 } => clock.DueAt,
                { Percent: { } percent } => clock.Total > TimeSpan.Zero ? AtPercent(clock, calendar, percent) : null,
                { Before: { } before } => Away(rules, ladder, clock.DueAt, step.Unit, -before) is var earlier && earlier > clock.StartedAt ? earlier : null,
                { After: { } after } => Away(rules, ladder, clock.DueAt, step.Unit, after),
                _ => null,
            };
            if (at is { } moment && Point($"step-{n}", moment, ClockPointKind.Step, step) is { } single)
                yield return single;
        }

        ClockPoint? Point(string key, DateTimeOffset at, ClockPointKind kind, LadderStep? step = null, int repeat = 0) =>
            clock.Passed.Contains(key) ? null : new ClockPoint(key, at, kind, step, repeat);
    }

    /// <summary>The ladder for a target when none is named (catalogue 0.3).</summary>
    public static string LadderFor(TargetTime target) => target switch
    {
        { Anchor: not null } => "L-DAY",
        { Unit: TimeUnit.Minutes, Amount: <= 60 } or { Unit: TimeUnit.Hours, Amount: <= 1 } => "L-MIN",
        { Unit: TimeUnit.Minutes, Amount: <= 48 * 60 } or { Unit: TimeUnit.Hours, Amount: <= 48 } => "L-HOUR",
        { Unit: TimeUnit.WorkingHours, Amount: <= 1 } => "L-MIN",
        { Unit: TimeUnit.WorkingHours, Amount: <= 16 } => "L-HOUR",
        _ => "L-DAY",
    };

    /// <summary>When a pause ends by itself; null when it may last.</summary>
    public static DateTimeOffset? PauseEnds(RunningClock clock) => clock is { Paused: { } pause, MaxPause: { } most } ? pause.From + (most - PausedBefore(clock)) : null;

    private static RunningClock LeaveOutPast(RunningClock clock, TimeRules rules, DateTimeOffset now)
    {
        if (clock.Paused is not null)
            return clock;
        var past = Points(clock, rules).Where(p => p.At <= now && p.At < clock.DueAt).ToList();
        return past.Count == 0
            ? clock
            : clock with { Passed = [.. clock.Passed, .. past.Select(p => p.Key)], State = clock.State == ClockStatus.Ok ? ClockStatus.Warn : clock.State, WarnedAt = clock.WarnedAt ?? now };
    }

    private static bool IsReminder(string key) => key.StartsWith("warn-", StringComparison.Ordinal) || key.StartsWith("step-", StringComparison.Ordinal);

    private static TimeSpan PausedBefore(RunningClock clock) => TimeSpan.FromTicks(clock.Pauses.Sum(p => (p.To - p.From).Ticks));

    private static DateTimeOffset AtPercent(RunningClock clock, WorkTime calendar, int percent)
    {
        // Up to the whole microsecond: a point is never early.
        var passed = TimeSpan.FromTicks((long)decimal.Ceiling((decimal)clock.Total.Ticks * percent / 1_000) * 10);
        return clock.Target.Anchor is null ? DueTimes.After(calendar, clock.Target, clock.StartedAt, passed, clock.Pauses) : clock.StartedAt + passed;
    }

    /// <summary>So much before or after an instant; working days keep the time of day.</summary>
    private static DateTimeOffset Away(TimeRules rules, Ladder ladder, DateTimeOffset from, TimeUnit unit, decimal amount)
    {
        if (unit != TimeUnit.WorkingDays)
            return from + (amount < 0 ? -1 : 1) * new TargetTime(Math.Abs(amount), unit).Length;
        var calendar = rules.Calendar(ladder.Calendar) ?? rules.Calendar(ShippedCalendars.Office)!;
        var local = TimeZoneInfo.ConvertTime(from, calendar.Zone);
        var date = calendar.WorkingDay(DateOnly.FromDateTime(local.DateTime), (int)amount);
        var minutes = (int)local.TimeOfDay.TotalMinutes;
        return calendar.At(date, minutes) + (local.TimeOfDay - TimeSpan.FromMinutes(minutes));
    }

    private static WorkTime CalendarOf(RunningClock clock, TimeRules rules) =>
        rules.Calendar(clock.Calendar, clock.CalendarVersion)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"没有日历“{clock.Calendar}”第 {clock.CalendarVersion} 版 (no such calendar)"), nameof(clock));
}
