using System.Globalization;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that show dates. What is no date is left as it is.</summary>
internal static class DateFilters
{
    private const string Usual = "%A, %B %-e, %Y at %-l:%M %P %z";

    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("date", 0, 2, c => Show(c, c.Word(0, Usual), c[1])),
        new("date_to_string", 0, 2, c => Show(c, Short(c, "%b"), default)),
        new("date_to_long_string", 0, 2, c => Show(c, Short(c, "%B"), default)),
        new("date_to_xmlschema", 0, 0, c => Show(c, "%Y-%m-%dT%H:%M:%S%:z", default)),
        new("date_to_rfc822", 0, 0, c => Show(c, "%a, %d %b %Y %H:%M:%S %z", default)),
    ];

    private static string Short(FilterCall call, string month) => call.Word(0) != "ordinal" ? $"%d {month} %Y"
        : call.Word(1) == "US" ? $"{month} %-d%q, %Y" : $"%-d%q {month} %Y";

    private static LiquidValue Show(FilterCall call, string format, LiquidValue zoneName)
    {
        var zone = Zone(call, zoneName);
        // A zone given to the filter is for showing; what the value says without one is still the shop's time.
        if (LiquidDates.Read(call.Input, call.Context.TimeZone, call.Context.Options.Now) is not { } instant)
            return call.Input;
        return LiquidValue.Of(Strftime.Format(TimeZoneInfo.ConvertTime(instant, zone), format, zone, IsChinese(call, format), call.Meter));
    }

    /// <summary>A format that holds Chinese itself gets Chinese names of days and months; <c>lang: "zh"</c> or <c>"en"</c> decides otherwise.</summary>
    private static bool IsChinese(FilterCall call, string format)
    {
        var language = call.Option("lang");
        return language.Kind == LiquidKind.Text ? language.Text.StartsWith("zh", StringComparison.OrdinalIgnoreCase) : format.Any(c => c is >= '\u2E80' and <= '\uFFEF');
    }

    /// <summary>A zone by name, or minutes west of Greenwich as in JavaScript.</summary>
    private static TimeZoneInfo Zone(FilterCall call, LiquidValue name)
    {
        if (name.IsNil)
            return call.Context.TimeZone;
        if (name.Kind == LiquidKind.Number && Math.Abs(name.Double) <= 14 * 60)
        {
            var offset = TimeSpan.FromMinutes(-LiquidNumbers.Whole(name));
            return TimeZoneInfo.CreateCustomTimeZone(offset.ToString("c", CultureInfo.InvariantCulture), offset, null, null);
        }

        var text = call.Word(1);
        return ShopTime.Find(text) ?? throw call.Meter.Error($"没有时区“{(text.Length > 40 ? text[..40] : text)}”", "there is no such time zone");
    }
}
