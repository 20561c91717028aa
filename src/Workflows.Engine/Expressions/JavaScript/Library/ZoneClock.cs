namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Local time of a zone, with the offsets it really had: summer time in China from 1986 to 1991, for one.</summary>
internal static class ZoneClock
{
    // Shanghai's own time until 1901 was 8:05:43 ahead; .NET keeps whole minutes only.
    private const double ShanghaiMeanTime = 29_143_000;
    private const double MeanTimeEnd = -2_177_481_943_000;

    private static readonly Dictionary<string, (string Standard, string Daylight)> EnglishNames = new(StringComparer.Ordinal)
    {
        ["UTC"] = ("Coordinated Universal Time", "Coordinated Universal Time"),
        ["Etc/UTC"] = ("Coordinated Universal Time", "Coordinated Universal Time"),
        ["Asia/Shanghai"] = ("China Standard Time", "China Daylight Time"),
        ["Asia/Chongqing"] = ("China Standard Time", "China Daylight Time"),
        ["Asia/Hong_Kong"] = ("Hong Kong Standard Time", "Hong Kong Summer Time"),
        ["Asia/Macau"] = ("China Standard Time", "China Daylight Time"),
        ["Asia/Taipei"] = ("Taipei Standard Time", "Taipei Daylight Time"),
        ["Asia/Tokyo"] = ("Japan Standard Time", "Japan Daylight Time"),
        ["Asia/Seoul"] = ("Korean Standard Time", "Korean Daylight Time"),
        ["Asia/Singapore"] = ("Singapore Standard Time", "Singapore Standard Time"),
        ["Europe/London"] = ("Greenwich Mean Time", "British Summer Time"),
        ["Europe/Paris"] = ("Central European Standard Time", "Central European Summer Time"),
        ["Europe/Berlin"] = ("Central European Standard Time", "Central European Summer Time"),
        ["America/New_York"] = ("Eastern Standard Time", "Eastern Daylight Time"),
        ["America/Chicago"] = ("Central Standard Time", "Central Daylight Time"),
        ["America/Denver"] = ("Mountain Standard Time", "Mountain Daylight Time"),
        ["America/Los_Angeles"] = ("Pacific Standard Time", "Pacific Daylight Time"),
        ["Australia/Sydney"] = ("Australian Eastern Standard Time", "Australian Eastern Daylight Time"),
    };

    /// <summary>Milliseconds by which local time is ahead of UTC at a moment.</summary>
    public static double Offset(TimeZoneInfo zone, double utc) =>
        utc < MeanTimeEnd && zone.Id == "Asia/Shanghai" ? ShanghaiMeanTime : zone.GetUtcOffset(Calendar.Representable(utc)).TotalMilliseconds;

    /// <summary>What the local clock shows at a moment, as milliseconds since its own 1970.</summary>
    public static double ToLocal(TimeZoneInfo zone, double utc) => utc + Offset(zone, utc);

    /// <summary>
    /// The moment a local clock shows a time. A time shown twice is the first of them; one that is skipped is read with the
    /// offset before the gap.
    /// </summary>
    public static double ToUtc(TimeZoneInfo zone, double local)
    {
        if (!(Math.Abs(local) <= Calendar.MaxTime + Calendar.MillisecondsPerDay))
            return double.NaN;
        var before = Offset(zone, local - Calendar.MillisecondsPerDay);
        var after = Offset(zone, local + Calendar.MillisecondsPerDay);
        return before != after && Offset(zone, local - before) != before && Offset(zone, local - after) == after ? local - after : local - before;
    }

    /// <summary>English name of the zone's time; "GMT+05:30" for zones without one here.</summary>
    public static string EnglishName(TimeZoneInfo zone, double utc)
    {
        if (!EnglishNames.TryGetValue(zone.Id, out var names))
            return "GMT" + Signed(Offset(zone, utc), ":");
        return IsDaylight(zone, utc) ? names.Daylight : names.Standard;
    }

    /// <summary>Chinese name of the zone's time, "GMT+9" for zones without one here.</summary>
    public static string ChineseName(TimeZoneInfo zone, double utc) => zone.Id switch
    {
        "Asia/Shanghai" or "Asia/Chongqing" => IsDaylight(zone, utc) ? "中国夏令时间" : "中国标准时间",
        "UTC" or "Etc/UTC" => "协调世界时",
        _ => ShortName(zone, utc),
    };

    /// <summary>"GMT+8", "GMT+5:30", "UTC".</summary>
    public static string ShortName(TimeZoneInfo zone, double utc)
    {
        if (zone.Id is "UTC" or "Etc/UTC")
            return "UTC";
        var minutes = (int)(Offset(zone, utc) / 60_000);
        if (minutes == 0)
            return "GMT";
        var rest = Math.Abs(minutes) % 60 == 0 ? "" : $":{Math.Abs(minutes) % 60:00}";
        return $"GMT{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60}{rest}";
    }

    /// <summary>"+0800".</summary>
    public static string Signed(double offset, string separator)
    {
        var minutes = (int)Math.Abs(offset / 60_000);
        return $"{(offset < 0 ? '-' : '+')}{minutes / 60:00}{separator}{minutes % 60:00}";
    }

    // Before 1970 and after 2037 Node asks what a year with the same calendar would do; whoever compares texts sees it.
    private static bool IsDaylight(TimeZoneInfo zone, double utc)
    {
        if (utc is < 0 or > int.MaxValue * 1000.0)
        {
            var fields = Calendar.Fields(utc);
            var year = 2008;
            while (DateTime.IsLeapYear(year) != DateTime.IsLeapYear(CycleYear(fields.Year)) || NewYearDay(year) != NewYearDay(CycleYear(fields.Year)))
                year++;
            utc = Calendar.Time([year, fields.Month, fields.Day, fields.Hour, fields.Minute, fields.Second, fields.Millisecond]);
        }

        return zone.IsDaylightSavingTime(Calendar.Representable(utc));
    }

    private static int CycleYear(int year) => 2000 + (((year % 400) + 400) % 400);

    private static DayOfWeek NewYearDay(int year) => new DateOnly(year, 1, 1).DayOfWeek;
}
