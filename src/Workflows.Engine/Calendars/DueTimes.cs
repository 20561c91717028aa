using Workflows.Engine.Calendars.Explaining;

namespace Workflows.Engine.Calendars;

/// <summary>
/// When something is due. Pure.
/// </summary>
/// <remarks>
/// What can go wrong: "3 days" read as 3 × 8 hours or the other way round; a deadline that lands in a holiday nobody entered; a pause over a
/// night that buys a whole day; warn and breach computed by two different roads. The rules: the unit says which time counts, and the two
/// working units are different words (catalogue 0.3); everything is one measure, the target's own time, in which the clock's length is
/// fixed once (<see cref="DueTime.Total"/>), pauses are left out, and every percentage is a point; a year without data is named.
/// </remarks>
public static class DueTimes
{
    /// <summary>Computes and explains. Pauses in order, each begun before what was due at that time. Refuses targets with a fault, by <see cref="ArgumentException"/>.</summary>
    public static DueTime Of(WorkTime calendar, DateTimeOffset start, TargetTime target, IReadOnlyList<PauseSpan>? pauses = null)
    {
        if (target.Fault is { } fault)
            throw new ArgumentException($"{fault.Zh} ({fault.En})", nameof(target));
        return target.Anchor is not null ? AnchoredDue.Of(calendar, start, target)
            : target.CountsWorkingTime ? Working(calendar, start, target, pauses ?? [])
            : Continuous(calendar, start, target, pauses ?? []);
    }

    /// <summary>The instant at which this much of the target's own time has passed since the start, pauses left out.</summary>
    public static DateTimeOffset After(WorkTime calendar, TargetTime target, DateTimeOffset start, TimeSpan passed, IReadOnlyList<PauseSpan> pauses)
    {
        var at = start;
        foreach (var pause in pauses)
        {
            var until = Between(calendar, target, at, pause.From);
            if (passed <= until)
                break;
            passed -= until;
            at = pause.To > at ? pause.To : at;
        }

        return target.CountsWorkingTime ? calendar.Advance(at, passed) : at + passed;
    }

    /// <summary>Time that passed between two instants on the target's own scale.</summary>
    public static TimeSpan Between(WorkTime calendar, TargetTime target, DateTimeOffset from, DateTimeOffset to) =>
        to <= from ? TimeSpan.Zero : target.CountsWorkingTime ? calendar.Between(from, to) : to - from;

    private static DueTime Continuous(WorkTime calendar, DateTimeOffset start, TargetTime target, IReadOnlyList<PauseSpan> pauses)
    {
        var due = After(calendar, target, start, target.Length, pauses);
        var lines = new List<DueLine> { DueText.Start(calendar, start, "", "") };
        var at = start;
        foreach (var pause in pauses.Where(p => p.From < due))
        {
            if (pause.From > at)
                lines.Add(DueText.Continuous(calendar, at, pause.From));
            lines.Add(DueText.Pause(calendar, pause, pause.To - pause.From));
            at = pause.To;
        }

        lines.Add(DueText.Continuous(calendar, at, due));
        lines.Add(DueText.Due(calendar, due, false));
        return new DueTime(due, target.Length, false, lines);
    }

    private static DueTime Working(WorkTime calendar, DateTimeOffset start, TargetTime target, IReadOnlyList<PauseSpan> pauses)
    {
        var days = target.Unit == TimeUnit.WorkingDays;
        var received = days ? Received(calendar, start) : start;
        // As it would be without pauses; that fixes the length, and the length fixes everything else.
        var plain = days ? calendar.EndOfWork(calendar.WorkingDay(calendar.DateOf(received), (int)target.Amount)) : calendar.Advance(start, target.Length);
        var total = days ? calendar.Between(start, plain) : target.Length;
        var due = After(calendar, target, start, total, pauses);

        var lines = new List<DueLine> { DueText.Start(calendar, start, received == start ? "" : $"，非工作日收到，按 {DueText.Moment(calendar, received)} 收到计", received == start ? "" : $"; received on a day off, counts as received {DueText.MomentEn(calendar, received)}") };
        if (days)
        {
            lines.AddRange(DueText.Days(calendar, start, plain, received, (int)target.Amount));
            foreach (var pause in pauses)
                lines.Add(DueText.Pause(calendar, pause, calendar.Between(pause.From, pause.To)));
            if (due > plain)
                lines.AddRange(DueText.Hours(calendar, plain, due, DueLineKind.Extension));
        }
        else
        {
            var at = start;
            foreach (var pause in pauses.Where(p => p.From < due))
            {
                lines.AddRange(DueText.Hours(calendar, at, pause.From, DueLineKind.Counted));
                lines.Add(DueText.Pause(calendar, pause, calendar.Between(pause.From, pause.To)));
                at = pause.To;
            }

            lines.AddRange(DueText.Hours(calendar, at, due, DueLineKind.Counted));
        }

        var provisional = calendar.IsProvisional(start, due);
        lines.Add(DueText.Due(calendar, due, provisional));
        return new DueTime(due, total, provisional, lines);
    }

    /// <summary>Receipt on a day off counts as received at the start of the next working day (catalogue 0.3).</summary>
    private static DateTimeOffset Received(WorkTime calendar, DateTimeOffset start)
    {
        var date = calendar.DateOf(start);
        return calendar.Day(date).IsWorked ? start : calendar.StartOfWork(calendar.WorkingDay(date, 1));
    }
}
