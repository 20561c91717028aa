using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods that change a date. Parts may overflow: the 32nd of a month is the first or second of the next.</summary>
internal static class DateSetters
{
    private const int Year = 0;
    private const int Month = 1;
    private const int Day = 2;
    private const int Hour = 3;
    private const int Minute = 4;
    private const int Second = 5;
    private const int Millisecond = 6;

    public static readonly Members Methods = new()
    {
        { "setTime", 1, (e, self, a) => DateLibrary.Of(e, self).Time = Calendar.Clip(Conversion.ToNumber(e, a[0])) },
        { "setFullYear", 3, (e, self, a) => Set(e, self, a, Year, 3, e.Zone) },
        { "setMonth", 2, (e, self, a) => Set(e, self, a, Month, 2, e.Zone) },
        { "setDate", 1, (e, self, a) => Set(e, self, a, Day, 1, e.Zone) },
        { "setHours", 4, (e, self, a) => Set(e, self, a, Hour, 4, e.Zone) },
        { "setMinutes", 3, (e, self, a) => Set(e, self, a, Minute, 3, e.Zone) },
        { "setSeconds", 2, (e, self, a) => Set(e, self, a, Second, 2, e.Zone) },
        { "setMilliseconds", 1, (e, self, a) => Set(e, self, a, Millisecond, 1, e.Zone) },
        { "setUTCFullYear", 3, (e, self, a) => Set(e, self, a, Year, 3, TimeZoneInfo.Utc) },
        { "setUTCMonth", 2, (e, self, a) => Set(e, self, a, Month, 2, TimeZoneInfo.Utc) },
        { "setUTCDate", 1, (e, self, a) => Set(e, self, a, Day, 1, TimeZoneInfo.Utc) },
        { "setUTCHours", 4, (e, self, a) => Set(e, self, a, Hour, 4, TimeZoneInfo.Utc) },
        { "setUTCMinutes", 3, (e, self, a) => Set(e, self, a, Minute, 3, TimeZoneInfo.Utc) },
        { "setUTCSeconds", 2, (e, self, a) => Set(e, self, a, Second, 2, TimeZoneInfo.Utc) },
        { "setUTCMilliseconds", 1, (e, self, a) => Set(e, self, a, Millisecond, 1, TimeZoneInfo.Utc) },
    };

    /// <summary>Sets up to <paramref name="count"/> parts from the first one on. Only the year can bring an invalid date back.</summary>
    private static JsValue Set(Evaluation e, JsValue self, Arguments a, int first, int count, TimeZoneInfo zone)
    {
        var date = DateLibrary.Of(e, self);
        var time = date.Time;
        var given = new double[Math.Max(1, Math.Min(count, a.Count))];
        for (var i = 0; i < given.Length; i++)
            given[i] = Conversion.ToNumber(e, a[i]);
        if (double.IsNaN(time) && first != Year)
            return double.NaN;

        var at = Calendar.Fields(double.IsNaN(time) ? 0 : ZoneClock.ToLocal(zone, time));
        double[] parts = [at.Year, at.Month, at.Day, at.Hour, at.Minute, at.Second, at.Millisecond];
        given.CopyTo(parts, first);
        return date.Time = Calendar.Clip(ZoneClock.ToUtc(zone, Calendar.Time(parts)));
    }
}
