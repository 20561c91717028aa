namespace Workflows.Engine.Tests.Calendars;

/// <summary>
/// Due times by walking from minute to minute, in local minutes since 1 January 2024 at +08:00. It shares nothing with the engine: the
/// days off and worked are written down again, one by one.
/// </summary>
internal sealed class MinuteModel(string calendar)
{
    private const int Day = 1440;
    private static readonly DateTime Zero = new(2024, 1, 1);

    private static readonly HashSet<string> Off =
    [
        "2025-01-01", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-03", "2025-02-04",
        "2025-04-04", "2025-04-05", "2025-04-06", "2025-05-01", "2025-05-02", "2025-05-03", "2025-05-04", "2025-05-05", "2025-05-31",
        "2025-06-01", "2025-06-02", "2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04", "2025-10-05", "2025-10-06", "2025-10-07", "2025-10-08",
        "2026-01-01", "2026-01-02", "2026-01-03", "2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-21",
        "2026-02-22", "2026-02-23", "2026-04-04", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05",
        "2026-06-19", "2026-06-20", "2026-06-21", "2026-09-25", "2026-09-26", "2026-09-27", "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04",
        "2026-10-05", "2026-10-06", "2026-10-07",
    ];

    private static readonly HashSet<string> MadeUp =
    [
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ];

    public static long Minute(DateTimeOffset at) => (long)(at.ToOffset(TimeSpan.FromHours(8)).DateTime - Zero).TotalMinutes;

    public static DateTimeOffset Instant(long minute) => new(Zero.AddMinutes(minute), TimeSpan.FromHours(8));

    public bool IsWorkedDay(long day) => calendar switch
    {
        "office" => IsOfficeDay(day),
        _ => true,
    };

    /// <summary>The day to whose hours a minute belongs; null when it is not worked.</summary>
    public long? Owner(long minute)
    {
        var (day, of) = (minute / Day, (int)(minute % Day));
        switch (calendar)
        {
            case "24x7":
                return day;
            case "office":
                return IsOfficeDay(day) && of is (>= 540 and < 720) or (>= 780 and < 1080) && IsOfficeDay(day) ? day : null;
            default:
                if (of >= 480)
                    return day;
                // Fridays and Saturdays work until two in the night.
                return of < 120 && Zero.AddDays(day - 1).DayOfWeek is DayOfWeek.Friday or DayOfWeek.Saturday && of < 120 ? day - 1 : null;
        }
    }

    public long DueAfterMinutes(long start, long amount, bool working, IReadOnlyList<(long From, long To)> pauses)
    {
        var at = start;
        while (amount > 0)
        {
            if ((!working || Owner(at) is not null) && !pauses.Any(p => p.From <= at && at < p.To))
                amount--;
            at++;
        }

        return at;
    }

    public long DueAfterDays(long start, int days, IReadOnlyList<(long From, long To)> pauses)
    {
        var day = start / Day;
        while (!IsWorkedDay(day))
            day++;
        for (var left = days; left > 0;)
        {
            day++;
            if (IsWorkedDay(day))
                left--;
        }

        var due = (day * Day) + (2 * Day);
        while (Owner(due - 1) != day)
            due--;
        var paused = 0L;
        foreach (var (from, to) in pauses)
        {
            for (var at = from; at < to; at++)
                paused += Owner(at) is null ? 0 : 1;
        }

        return DueAfterMinutes(due, paused, working: true, []);
    }

    private static bool IsOfficeDay(long day)
    {
        var date = Zero.AddDays(day);
        var text = date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return MadeUp.Contains(text) || (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Off.Contains(text));
    }
}
