using System.Diagnostics.CodeAnalysis;

namespace Workflows.Engine.Timers;

/// <summary>
/// A recurrence in cron's notation: six fields (second minute hour day-of-month month day-of-week) as Elsa writes them, or five
/// without seconds. Fields take *, lists, ranges, steps, English names of months and weekdays (0 and 7 are Sunday); ? stands
/// for * in a day field; the day of month also takes L, L-3, LW and 15W, the day of week 5L (last Friday) and 5#2 (second Friday). When
/// both day fields are restricted, a day that fits either counts, as in Unix.
/// </summary>
/// <remarks>
/// In a zone with summer time, an instant that the clock skips is taken at the end of the gap, and one that comes twice is taken once.
/// </remarks>
public sealed class CronExpression
{
    // The rarest date there is, 29 February on a given weekday, comes at least once in 40 years.
    private const int YearsAhead = 41;

    private readonly CronField _seconds;
    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _months;
    private readonly CronDays _days;

    private CronExpression(string text, CronField seconds, CronField minutes, CronField hours, CronField months, CronDays days) =>
        (Text, _seconds, _minutes, _hours, _months, _days) = (text, seconds, minutes, hours, months, days);

    public string Text { get; }

    /// <summary>Reads an expression; <paramref name="error"/> says in Chinese and English which field is wrong.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CronExpression? cron, [NotNullWhen(false)] out string? error)
    {
        cron = null;
        var fields = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 5)
            fields = ["0", .. fields];
        if (fields.Length != 6)
        {
            error = $"cron 表达式应有 5 或 6 个字段，“{text}”有 {fields.Length} 个 (a cron expression has 5 or 6 fields)";
            return false;
        }

        error = null;
        if (!CronField.TryParse(fields[0], 0, 59, [], out var seconds))
            error = Wrong("秒", "seconds", fields[0]);
        if (!CronField.TryParse(fields[1], 0, 59, [], out var minutes))
            error ??= Wrong("分", "minutes", fields[1]);
        if (!CronField.TryParse(fields[2], 0, 23, [], out var hours))
            error ??= Wrong("时", "hours", fields[2]);
        if (!CronField.TryParse(fields[4], 1, 12, CronField.Months, out var months))
            error ??= Wrong("月", "months", fields[4]);
        if (!CronDays.TryParse(fields[3], fields[5], out var days))
            error ??= Wrong("日或星期", "days", $"{fields[3]} {fields[5]}");
        if (error is not null)
            return false;

        cron = new CronExpression(text!, seconds!, minutes!, hours!, months!, days!);
        return true;
    }

    /// <summary>The first instant after <paramref name="after"/> (never that instant itself); null when there is none.</summary>
    /// <param name="after">Any instant.</param>
    /// <param name="zone">Zone whose clock the fields mean; UTC when not given.</param>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo? zone = null)
    {
        zone ??= TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
        while (NextLocal(local) is { } found)
        {
            if (ToInstant(found, zone) is { } instant && instant > after)
                return instant.ToUniversalTime();
            local = found;
        }

        return null;
    }

    private DateTime? NextLocal(DateTime after)
    {
        if (after > DateTime.MaxValue.AddDays(-2))
            return null;
        var at = after.AddSeconds(1);
        var lastYear = Math.Min(at.Year + YearsAhead, DateTime.MaxValue.Year - 1);
        while (at.Year <= lastYear)
        {
            if (!_months.Contains(at.Month))
            {
                at = new DateTime(at.Year, at.Month, 1).AddMonths(1);
                continue;
            }

            if (!_days.Contains(at))
            {
                at = at.Date.AddDays(1);
                continue;
            }

            if (TimeOfDay(at) is { } time)
                return at.Date + time;
            at = at.Date.AddDays(1);
        }

        return null;
    }

    private TimeSpan? TimeOfDay(DateTime from)
    {
        for (var hour = _hours.AtOrAfter(from.Hour); hour is { } h; hour = _hours.AtOrAfter(h + 1))
        {
            for (var minute = _minutes.AtOrAfter(h == from.Hour ? from.Minute : 0); minute is { } m; minute = _minutes.AtOrAfter(m + 1))
            {
                if (_seconds.AtOrAfter(h == from.Hour && m == from.Minute ? from.Second : 0) is { } s)
                    return new TimeSpan(h, m, s);
            }
        }

        return null;
    }

    private static DateTimeOffset? ToInstant(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            var end = local;
            while (zone.IsInvalidTime(end))
                end = new DateTime(end.Ticks - (end.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
            return new DateTimeOffset(end, zone.GetUtcOffset(end));
        }

        // Of an hour that comes twice the first is meant: the larger offset is the earlier instant.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private static string Wrong(string zh, string en, string field) => $"cron 表达式的“{zh}”字段“{field}”有误 (field {en} is wrong)";
}
