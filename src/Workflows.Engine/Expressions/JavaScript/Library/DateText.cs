using System.Globalization;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Dates as text in the fixed English forms of the language.</summary>
internal static class DateText
{
    private const string Invalid = "Invalid Date";

    public static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>"Sun Nov 22 2026 10:00:00 GMT+0800 (China Standard Time)"</summary>
    public static string Full(Evaluation e, double time) => double.IsNaN(time) ? Invalid : $"{Date(e, time)} {Time(e, time)}";

    /// <summary>"Sun Nov 22 2026"</summary>
    public static string Date(Evaluation e, double time)
    {
        if (double.IsNaN(time))
            return Invalid;
        var at = Calendar.Fields(ZoneClock.ToLocal(e.Zone, time));
        return string.Create(CultureInfo.InvariantCulture, $"{Days[at.WeekDay]} {Months[at.Month]} {at.Day:00} {Year(at.Year)}");
    }

    /// <summary>"10:00:00 GMT+0800 (China Standard Time)"</summary>
    public static string Time(Evaluation e, double time)
    {
        if (double.IsNaN(time))
            return Invalid;
        var offset = ZoneClock.Offset(e.Zone, time);
        var at = Calendar.Fields(time + offset);
        return string.Create(
            CultureInfo.InvariantCulture, $"{at.Hour:00}:{at.Minute:00}:{at.Second:00} GMT{ZoneClock.Signed(offset, "")} ({ZoneClock.EnglishName(e.Zone, time)})");
    }

    /// <summary>"Sun, 22 Nov 2026 02:00:00 GMT"</summary>
    public static string Utc(double time)
    {
        if (double.IsNaN(time))
            return Invalid;
        var at = Calendar.Fields(time);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Days[at.WeekDay]}, {at.Day:00} {Months[at.Month]} {Year(at.Year)} {at.Hour:00}:{at.Minute:00}:{at.Second:00} GMT");
    }

    /// <summary>"2026-11-22T02:00:00.000Z"; throws a RangeError of the script for an invalid date.</summary>
    public static string Iso(Evaluation e, double time)
    {
        if (double.IsNaN(time))
            throw e.RangeError("日期无效 (invalid time value)");
        var at = Calendar.Fields(time);
        var year = at.Year is >= 0 and <= 9999 ? $"{at.Year:0000}" : $"{(at.Year < 0 ? '-' : '+')}{Math.Abs(at.Year):000000}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{year}-{at.Month + 1:00}-{at.Day:00}T{at.Hour:00}:{at.Minute:00}:{at.Second:00}.{at.Millisecond:000}Z");
    }

    private static string Year(int year) => $"{(year < 0 ? "-" : "")}{Math.Abs(year):0000}";
}
