namespace Workflows.Host.Tests.Scenarios;

/// <summary>Days to play scenarios on, whatever today is.</summary>
internal static class ShopDays
{
    public static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    /// <summary>The next such weekday, 09:00 shop time, whose week knows no public holiday: scenarios name weekdays, and holidays move deadlines.</summary>
    public static DateTimeOffset PlainWeekdayAfter(DateTimeOffset now, DayOfWeek weekday)
    {
        var day = new DateTimeOffset(now.ToOffset(Zone).Date.AddDays(1), Zone);
        while (day.DayOfWeek != weekday || day.Month is not (3 or 7 or 8 or 11 or 12) || (day.Month == 12 && day.Day > 20))
            day = day.AddDays(1);
        return day.AddHours(9);
    }
}
