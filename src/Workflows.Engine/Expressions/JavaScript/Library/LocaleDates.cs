using System.Globalization;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Dates as Chinese (the default here) and English readers write them, as Node 20 does for zh-CN and en-US.</summary>
internal static class LocaleDates
{
    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] EnglishDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] ChineseMonths = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

    private static readonly string[] ChineseDays = ["日", "一", "二", "三", "四", "五", "六"];

    public static string Format(Evaluation e, double time, JsValue locale, JsValue given, LocaleParts parts)
    {
        e.Step(64);
        var options = LocaleOptions.Read(e, locale, given, parts);
        if (double.IsNaN(time))
            return "Invalid Date";
        var at = Calendar.Fields(ZoneClock.ToLocal(options.Zone, time));
        return options.IsChinese ? Chinese(options, at, time) : English(options, at, time);
    }

    private static string Chinese(LocaleOptions o, DateFields at, double time)
    {
        var date = ChineseDate(o, at);
        var clock = ChineseTime(o, at);
        var zone = ZoneName(o, time);
        if (zone.Length > 0)
            clock = o.HasTime && !IsHalfDay(o) ? $"{zone} {clock}" : zone + clock;
        var isWeekdayOnly = (o.Year ?? o.Month ?? o.Day) is null;
        var between = date.Length == 0 || clock.Length == 0 || (isWeekdayOnly && o.Minute is not null) ? "" : " ";
        return date + between + clock;
    }

    private static string ChineseDate(LocaleOptions o, DateFields at)
    {
        var weekday = o.Weekday switch
        {
            null => "",
            "long" => "星期" + ChineseDays[at.WeekDay],
            "short" => "周" + ChineseDays[at.WeekDay],
            _ => ChineseDays[at.WeekDay],
        };
        var (year, day) = (Year(o, at), Number(at.Day, o.Day));
        var month = Number(at.Month + 1, o.Month);
        var isText = o.Month is "short" or "long" or "narrow" || (o.Month == "numeric" || o.Month == "2-digit") && o.Weekday == "long" && o.Year is not null && o.Day is not null;
        return (o.Year, o.Month, o.Day) switch
        {
            (null, null, null) => weekday,
            (null, null, _) => $"{day}日{weekday}",
            (null, _, null) => Spaced(o.Month == "long" ? ChineseMonths[at.Month] + "月" : o.Month == "narrow" ? month : month + "月", weekday),
            (null, _, _) => (isText ? $"{month}月{day}日" : $"{month}/{day}") + weekday,
            (_, null, null) => Spaced($"{year}年", weekday),
            (_, null, _) => $"{year}年 {day}日{weekday}",
            (_, _, null) => Spaced(o.Month == "numeric" ? $"{year}/{month}" : $"{year}年{at.Month + 1}月", weekday),
            _ => (isText ? $"{year}年{month}月{day}日" : $"{year}/{month}/{day}") + weekday,
        };
    }

    private static string ChineseTime(LocaleOptions o, DateFields at)
    {
        if (o.Hour is null)
            return MinutesAndSeconds(o, at);
        var half = IsHalfDay(o) ? at.Hour < 12 ? "上午" : "下午" : "";
        var isWide = o.Hour == "2-digit" || (half.Length == 0 && o.Minute is not null && (o.Minute == "numeric" || o.Second == "numeric"));
        var hour = half + Number(Hour(o, at), isWide ? "2-digit" : "numeric");
        return o.Minute is not null ? $"{hour}:{MinutesAndSeconds(o, at)}" : o.Second is not null ? $"{hour}时 (秒: {MinutesAndSeconds(o, at)})" : hour + "时";
    }

    private static string English(LocaleOptions o, DateFields at, double time)
    {
        var date = EnglishDate(o, at);
        var clock = EnglishTime(o, at);
        var zone = ZoneName(o, time);
        if (zone.Length > 0)
            clock = Spaced(clock, zone);
        if (date.Length == 0 || clock.Length == 0)
            return date + clock;
        var isWeekdayOnly = (o.Year ?? o.Month ?? o.Day) is null;
        return date + (isWeekdayOnly ? " " : o.Month == "long" ? " at " : ", ") + clock;
    }

    private static string EnglishDate(LocaleOptions o, DateFields at)
    {
        var weekday = o.Weekday is null ? "" : Cut(EnglishDays[at.WeekDay], o.Weekday);
        var isText = o.Month is "short" or "long" or "narrow";
        var month = isText ? Cut(EnglishMonths[at.Month], o.Month!) : Number(at.Month + 1, o.Month);
        var (year, day) = (Year(o, at), Number(at.Day, o.Day));
        var before = weekday.Length > 0 ? weekday + ", " : "";
        return (o.Year, o.Month, o.Day) switch
        {
            (null, null, null) => weekday,
            (null, null, _) => Spaced(day, weekday),
            (null, _, null) => Spaced(month, weekday),
            (null, _, _) => before + (isText ? $"{month} {day}" : $"{month}/{day}"),
            (_, null, null) => Spaced(year, weekday),
            (_, null, _) => Spaced(Spaced(day, weekday), year),
            (_, _, null) => Spaced(isText ? $"{month} {year}" : $"{month}/{year}", weekday),
            _ => before + (isText ? $"{month} {day}, {year}" : $"{month}/{day}/{year}"),
        };
    }

    private static string EnglishTime(LocaleOptions o, DateFields at)
    {
        if (o.Hour is null)
            return MinutesAndSeconds(o, at);
        var hour = Number(Hour(o, at), o.Hour == "2-digit" || !IsHalfDay(o) ? "2-digit" : "numeric");
        var half = IsHalfDay(o) ? at.Hour < 12 ? " AM" : " PM" : "";
        return o.Minute is not null ? $"{hour}:{MinutesAndSeconds(o, at)}{half}" : o.Second is not null ? $"{hour}{half} (second: {MinutesAndSeconds(o, at)})" : hour + half;
    }

    // Two digits each as soon as there are two of hour, minute and second.
    private static string MinutesAndSeconds(LocaleOptions o, DateFields at)
    {
        var width = o.Minute is not null && (o.Hour ?? o.Second) is not null ? "2-digit" : "numeric";
        var minute = o.Minute is null ? "" : Number(at.Minute, width);
        var second = o.Second is null ? "" : Number(at.Second, width);
        var fraction = o.FractionDigits == 0 ? "" : at.Millisecond.ToString("000", CultureInfo.InvariantCulture)[..o.FractionDigits];
        var seconds = second.Length > 0 && fraction.Length > 0 ? $"{second}.{fraction}" : second + fraction;
        return minute.Length > 0 && seconds.Length > 0 ? $"{minute}:{seconds}" : minute + seconds;
    }

    private static bool IsHalfDay(LocaleOptions o) => o.Hour is not null && (o.HourCycle ?? (o.IsChinese ? "h23" : "h12")) is "h11" or "h12";

    private static int Hour(LocaleOptions o, DateFields at) => (o.HourCycle ?? (o.IsChinese ? "h23" : "h12")) switch
    {
        "h11" => at.Hour % 12,
        "h12" => at.Hour % 12 == 0 ? 12 : at.Hour % 12,
        "h24" => at.Hour == 0 ? 24 : at.Hour,
        _ => at.Hour,
    };

    private static string ZoneName(LocaleOptions o, double time) => o.ZoneName switch
    {
        null => "",
        "short" => ZoneClock.ShortName(o.Zone, time),
        _ => o.IsChinese ? ZoneClock.ChineseName(o.Zone, time) : ZoneClock.EnglishName(o.Zone, time),
    };

    private static string Year(LocaleOptions o, DateFields at) => o.Year == "2-digit" ? Number(Math.Abs(at.Year) % 100, "2-digit") : Number(at.Year, o.Year);

    private static string Number(int number, string? width) => number.ToString(width == "2-digit" ? "00" : "0", CultureInfo.InvariantCulture);

    private static string Cut(string name, string width) => width == "long" ? name : width == "short" ? name[..3] : name[..1];

    private static string Spaced(string first, string second) => first.Length > 0 && second.Length > 0 ? $"{first} {second}" : first + second;
}
