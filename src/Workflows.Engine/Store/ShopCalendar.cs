namespace Workflows.Engine.Store;

/// <summary>Days, weeks and months of the shop's time zone: China has kept it, without summer time, since 1991.</summary>
public static class ShopCalendar
{
    public static TimeSpan Offset { get; } = TimeSpan.FromHours(8);

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    public static DateTimeOffset BeginOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Offset);

    /// <summary>The Mondays of so many weeks up to the one of an instant, oldest first.</summary>
    public static IReadOnlyList<DateOnly> WeeksUpTo(DateTimeOffset now, int weeks)
    {
        var today = DayOf(now);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        return [.. Enumerable.Range(1 - weeks, weeks).Select(n => monday.AddDays(7 * n))];
    }

    /// <summary>The first days of so many months up to the one of an instant, oldest first.</summary>
    public static IReadOnlyList<DateOnly> MonthsUpTo(DateTimeOffset now, int months) => [.. Enumerable.Range(1 - months, months).Select(MonthOf(DayOf(now)).AddMonths)];
}
