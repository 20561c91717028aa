using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>What toLocaleString and its kin show when nothing is asked for.</summary>
[Flags]
internal enum LocaleParts
{
    Date = 1,
    Time = 2,
    DateAndTime = 3,
}

/// <summary>How a date is to be shown; null parts are not shown.</summary>
/// <param name="HourCycle">h11, h12, h23, h24; null for the usual one of the language.</param>
internal sealed record LocaleOptions(
    bool IsChinese,
    TimeZoneInfo Zone,
    string? Weekday = null,
    string? Year = null,
    string? Month = null,
    string? Day = null,
    string? Hour = null,
    string? Minute = null,
    string? Second = null,
    int FractionDigits = 0,
    string? ZoneName = null,
    string? HourCycle = null)
{
    private static readonly string[] Numeric = ["numeric", "2-digit"];
    private static readonly string[] Lengths = ["narrow", "short", "long"];
    private static readonly string[] Styles = ["full", "long", "medium", "short"];
    private static readonly string[] NotOffered = ["era", "dayPeriod", "calendar", "numberingSystem"];

    public bool HasDate => (Weekday ?? Year ?? Month ?? Day) is not null;

    public bool HasTime => (Hour ?? Minute ?? Second) is not null || FractionDigits > 0;

    /// <summary>Reads the arguments of toLocaleString. Throws a RangeError of the script for a language, zone or option that is not offered.</summary>
    public static LocaleOptions Read(Evaluation e, JsValue locale, JsValue given, LocaleParts parts)
    {
        if (given.IsNull)
            throw e.TypeError("选项不能为 null (cannot convert null to object)");
        foreach (var name in NotOffered)
        {
            if (!Member(given, name).IsUndefined)
                throw e.RangeError($"不支持选项 {name} (option {name} is not supported)");
        }

        var options = new LocaleOptions(IsChineseText(e, locale), ZoneOf(e, Member(given, "timeZone")))
        {
            Weekday = Choice(e, given, "weekday", Lengths),
            Year = Choice(e, given, "year", Numeric),
            Month = Choice(e, given, "month", [.. Numeric, .. Lengths]),
            Day = Choice(e, given, "day", Numeric),
            Hour = Choice(e, given, "hour", Numeric),
            Minute = Choice(e, given, "minute", Numeric),
            Second = Choice(e, given, "second", Numeric),
            FractionDigits = Fraction(e, Member(given, "fractionalSecondDigits")),
            ZoneName = Choice(e, given, "timeZoneName", "short", "long"),
            HourCycle = Choice(e, given, "hourCycle", "h11", "h12", "h23", "h24"),
        };

        // As Node has it: in Chinese the hour after noon is 0, in English midnight is 24.
        if (Member(given, "hour12") is { IsUndefined: false } half)
            options = options with { HourCycle = Conversion.ToBoolean(half) ? (options.IsChinese ? "h11" : "h12") : (options.IsChinese ? "h23" : "h24") };

        var (dateStyle, timeStyle) = (Choice(e, given, "dateStyle", Styles), Choice(e, given, "timeStyle", Styles));
        if ((dateStyle ?? timeStyle) is null)
            return options.WithDefaults(parts);
        if (options.HasDate || options.HasTime || options.ZoneName is not null || (timeStyle is not null && parts == LocaleParts.Date) || (dateStyle is not null && parts == LocaleParts.Time))
            throw e.TypeError("dateStyle 和 timeStyle 不能与其他选项同用 (dateStyle and timeStyle exclude other options)");
        return options.WithTimeStyle(timeStyle).WithDateStyle(dateStyle);
    }

    private LocaleOptions WithDefaults(LocaleParts parts)
    {
        if ((HasDate && parts.HasFlag(LocaleParts.Date)) || (HasTime && parts.HasFlag(LocaleParts.Time)))
            return this;
        var options = this;
        if (parts.HasFlag(LocaleParts.Date))
            options = options with { Year = "numeric", Month = "numeric", Day = "numeric" };
        if (parts.HasFlag(LocaleParts.Time))
            options = options with { Hour = "numeric", Minute = "numeric", Second = "numeric" };
        return options;
    }

    private LocaleOptions WithDateStyle(string? style) => style switch
    {
        null => this,
        "short" => this with { Year = IsChinese ? "numeric" : "2-digit", Month = "numeric", Day = "numeric" },
        "medium" => this with { Year = "numeric", Month = "short", Day = "numeric" },
        _ => this with { Year = "numeric", Month = "long", Day = "numeric", Weekday = style == "full" ? "long" : null },
    };

    private LocaleOptions WithTimeStyle(string? style) => style is null ? this : this with
    {
        Hour = IsChinese ? "2-digit" : "numeric",
        Minute = "2-digit",
        Second = style == "short" ? null : "2-digit",
        ZoneName = style == "full" ? "long" : style == "long" ? "short" : null,
    };

    private static JsValue Member(JsValue options, string name) => options.Object?.Get(name) ?? default;

    private static string? Choice(Evaluation e, JsValue options, string name, params string[] offered)
    {
        if (Member(options, name) is not { IsUndefined: false } value)
            return null;
        var text = Conversion.ToText(e, value);
        return offered.Contains(text) ? text : throw e.RangeError($"选项 {name} 不能是“{Shown(text)}” (value {Shown(text)} out of range for option {name})");
    }

    private static int Fraction(Evaluation e, JsValue value)
    {
        var digits = value.IsUndefined ? 0 : Conversion.ToNumber(e, value);
        return value.IsUndefined || digits is >= 1 and < 4 ? (int)digits : throw e.RangeError("fractionalSecondDigits 只能是 1 到 3 (must be 1 to 3)");
    }

    // Chinese is the shop's language; a language we cannot write is refused rather than replaced.
    private static bool IsChineseText(Evaluation e, JsValue locale)
    {
        if (locale.Object is JsArray list)
            locale = list[0];
        if (locale.IsUndefined)
            return true;
        return (locale.Text ?? throw e.TypeError("语言必须是文字 (the locale must be text)")) switch
        {
            "zh" or "zh-CN" or "zh-Hans" or "zh-Hans-CN" => true,
            "en" or "en-US" => false,
            var other => throw e.RangeError($"不支持语言“{Shown(other)}”，可用 zh-CN 和 en-US (locale not supported: zh-CN and en-US are)"),
        };
    }

    private static TimeZoneInfo ZoneOf(Evaluation e, JsValue value)
    {
        if (value.IsUndefined)
            return e.Zone;

        // The name becomes the name of a file on some systems: nothing but a plain zone name may reach it.
        e.Step(1000);
        var name = Conversion.ToText(e, value);
        if (name.Equals("UTC", StringComparison.OrdinalIgnoreCase) || name.Equals("GMT", StringComparison.OrdinalIgnoreCase))
            return TimeZoneInfo.Utc;
        var isPlain = name.Length is > 2 and < 40 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '+' or '-');
        return isPlain && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw e.RangeError($"没有时区“{Shown(name)}” (invalid time zone)");
    }

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
