using System.Globalization;
using Workflows.Engine.Expressions;

namespace Workflows.Host.Pages.Text;

/// <summary>Instants and spans in the words of a reader, in the shop's time zone.</summary>
public static class Moments
{
    private const string Exact = "yyyy-MM-dd HH:mm";

    public static DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, ShopTime.China).DateTime;

    /// <summary>2026-11-21 14:03</summary>
    public static string Full(DateTimeOffset at) => Local(at).ToString(Exact, CultureInfo.InvariantCulture);

    /// <summary>14:03, 昨天 14:03, 11-03 14:03, or with the year when it is another.</summary>
    public static string Short(DateTimeOffset at, DateTimeOffset now, Texts t)
    {
        var (then, today) = (Local(at), Local(now).Date);
        var clock = then.ToString("HH:mm", CultureInfo.InvariantCulture);
        return (then.Date - today).Days switch
        {
            0 => t.With("time.today", clock),
            -1 => t.With("time.yesterday", clock),
            1 => t.With("time.tomorrow", clock),
            _ when then.Year == today.Year => then.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
            _ => then.ToString(Exact, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>刚刚, 5分钟前, 3小时前; older ones as <see cref="Short"/>.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now, Texts t) => (now - at) switch
    {
        { TotalMinutes: < 1 } => t["time.justNow"],
        { TotalHours: < 1 } since => t.With("time.ago", Span(since, t)),
        { TotalHours: < 24 } since => t.With("time.ago", Unit(Math.Floor(since.TotalHours), "hour", t)),
        _ => Short(at, now, t),
    };

    /// <summary>The two greatest units: 2小时15分, 3天4小时.</summary>
    public static string Span(TimeSpan span, Texts t)
    {
        span = span.Duration();
        var parts = new List<string>();
        if (span.Days > 0)
            parts.Add(Unit(span.Days, "day", t));
        if (span.Hours > 0)
            parts.Add(Unit(span.Hours, "hour", t));
        if (span.Days == 0 && span.Minutes > 0)
            parts.Add(Unit(span.Minutes, parts.Count > 0 ? "minuteShort" : "minute", t));
        return parts.Count == 0 ? t["time.underMinute"] : string.Join(t.IsChinese ? "" : " ", parts);
    }

    /// <summary>The greatest unit alone, for a chip.</summary>
    public static string Rough(TimeSpan span, Texts t) => span.Duration() switch
    {
        { TotalDays: >= 2 } s => t.With("time.roughDays", Math.Floor(s.TotalDays)),
        { TotalHours: >= 1 } s => t.With("time.roughHours", Math.Floor(s.TotalHours)),
        { TotalMinutes: >= 1 } s => t.With("time.roughMinutes", Math.Floor(s.TotalMinutes)),
        _ => t["time.underMinute"],
    };

    private static string Unit(double number, string unit, Texts t) => t.With("time." + unit, number);
}
