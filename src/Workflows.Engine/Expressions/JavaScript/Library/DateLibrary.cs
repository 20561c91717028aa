using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Date. Now is the engine's clock and local time that of the shop, so a rehearsal and a repeated burst see the same.</summary>
/// <remarks>
/// Two differences from Node are meant: toLocaleString and its kin write Chinese when no language is given, and local time is that
/// of the shop wherever the host stands. The mean time other places than Shanghai had before there were zones is known to the
/// minute only.
/// </remarks>
internal static class DateLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        DateSetters.Methods,
        { "getTime", 0, (e, self, _) => Of(e, self).Time },
        { "valueOf", 0, (e, self, _) => Of(e, self).Time },
        { "getFullYear", 0, (e, self, _) => Local(e, self, at => at.Year) },
        { "getYear", 0, (e, self, _) => Local(e, self, at => at.Year - 1900) },
        { "getMonth", 0, (e, self, _) => Local(e, self, at => at.Month) },
        { "getDate", 0, (e, self, _) => Local(e, self, at => at.Day) },
        { "getDay", 0, (e, self, _) => Local(e, self, at => at.WeekDay) },
        { "getHours", 0, (e, self, _) => Local(e, self, at => at.Hour) },
        { "getMinutes", 0, (e, self, _) => Local(e, self, at => at.Minute) },
        { "getSeconds", 0, (e, self, _) => Local(e, self, at => at.Second) },
        { "getMilliseconds", 0, (e, self, _) => Local(e, self, at => at.Millisecond) },
        { "getUTCFullYear", 0, (e, self, _) => Utc(e, self, at => at.Year) },
        { "getUTCMonth", 0, (e, self, _) => Utc(e, self, at => at.Month) },
        { "getUTCDate", 0, (e, self, _) => Utc(e, self, at => at.Day) },
        { "getUTCDay", 0, (e, self, _) => Utc(e, self, at => at.WeekDay) },
        { "getUTCHours", 0, (e, self, _) => Utc(e, self, at => at.Hour) },
        { "getUTCMinutes", 0, (e, self, _) => Utc(e, self, at => at.Minute) },
        { "getUTCSeconds", 0, (e, self, _) => Utc(e, self, at => at.Second) },
        { "getUTCMilliseconds", 0, (e, self, _) => Utc(e, self, at => at.Millisecond) },
        { "getTimezoneOffset", 0, (e, self, _) => OffsetMinutes(e, Of(e, self).Time) },
        { "toString", 0, (e, self, _) => Text(e, DateText.Full(e, Of(e, self).Time)) },
        { "toDateString", 0, (e, self, _) => Text(e, DateText.Date(e, Of(e, self).Time)) },
        { "toTimeString", 0, (e, self, _) => Text(e, DateText.Time(e, Of(e, self).Time)) },
        { "toUTCString", 0, (e, self, _) => Text(e, DateText.Utc(Of(e, self).Time)) },
        { "toGMTString", 0, (e, self, _) => Text(e, DateText.Utc(Of(e, self).Time)) },
        { "toISOString", 0, (e, self, _) => Text(e, DateText.Iso(e, Of(e, self).Time)) },
        { "toJSON", 1, (e, self, _) => double.IsNaN(Of(e, self).Time) ? JsValue.Null : Text(e, DateText.Iso(e, Of(e, self).Time)) },
        { "toLocaleString", 0, (e, self, a) => Text(e, LocaleDates.Format(e, Of(e, self).Time, a[0], a[1], LocaleParts.DateAndTime)) },
        { "toLocaleDateString", 0, (e, self, a) => Text(e, LocaleDates.Format(e, Of(e, self).Time, a[0], a[1], LocaleParts.Date)) },
        { "toLocaleTimeString", 0, (e, self, a) => Text(e, LocaleDates.Format(e, Of(e, self).Time, a[0], a[1], LocaleParts.Time)) },
    };

    /// <summary>Date, Date.now, Date.parse, Date.UTC.</summary>
    public static readonly NativeFunction Constructor = new("Date", 7, (e, _, _) => Text(e, DateText.Full(e, Now(e))), new Members
    {
        { "now", 0, (e, _, _) => Now(e) },
        { "parse", 1, (e, _, a) => Parse(e, Conversion.ToText(e, a[0])) },
        { "UTC", 7, (e, _, a) => Calendar.Clip(Calendar.Time(Parts(e, a))) },
    }, Construct, v => v.Object is JsDate);

    /// <summary>The date a method was called on. Throws a TypeError of the script for anything else.</summary>
    public static JsDate Of(Evaluation e, JsValue self) => self.Object as JsDate ?? throw e.TypeError("此方法只能用于日期 (this is not a Date object)");

    private static double Now(Evaluation e) => e.Scope.Now.ToUnixTimeMilliseconds();

    private static JsValue Construct(Evaluation e, Arguments a)
    {
        e.Allocate(96);
        if (a.Count == 0)
            return new JsDate(Now(e));
        if (a.Count > 1)
            return new JsDate(Calendar.Clip(ZoneClock.ToUtc(e.Zone, Calendar.Time(Parts(e, a)))));
        if (a[0].Object is JsDate date)
            return new JsDate(date.Time);
        var value = Conversion.ToPrimitive(e, a[0]);
        return new JsDate(value.Text is { } text ? Parse(e, text) : Calendar.Clip(Conversion.ToNumber(e, value)));
    }

    private static double Parse(Evaluation e, string text)
    {
        e.Step(1 + (text.Length / 8));
        var (local, offset) = new DateParser(text).Parse();
        return Calendar.Clip(offset is { } minutes ? local - (minutes * 60_000) : ZoneClock.ToUtc(e.Zone, local));
    }

    // Years 0 to 99 mean the last century here, and here only.
    private static double[] Parts(Evaluation e, Arguments a)
    {
        double[] parts = [double.NaN, 0, 1, 0, 0, 0, 0];
        for (var i = 0; i < Math.Min(a.Count, parts.Length); i++)
            parts[i] = Conversion.ToNumber(e, a[i]);
        if (Math.Truncate(parts[0]) is >= 0 and <= 99 and var year)
            parts[0] = 1900 + year;
        return parts;
    }

    private static JsValue Local(Evaluation e, JsValue self, Func<DateFields, int> part)
    {
        var time = Of(e, self).Time;
        return double.IsNaN(time) ? time : part(Calendar.Fields(ZoneClock.ToLocal(e.Zone, time)));
    }

    private static JsValue Utc(Evaluation e, JsValue self, Func<DateFields, int> part)
    {
        var time = Of(e, self).Time;
        return double.IsNaN(time) ? time : part(Calendar.Fields(time));
    }

    private static double OffsetMinutes(Evaluation e, double time) => double.IsNaN(time) ? time : Math.Truncate(ZoneClock.Offset(e.Zone, time) / -60_000) + 0.0;

    private static JsValue Text(Evaluation e, string text)
    {
        e.AllocateText(text.Length);
        return text;
    }
}
