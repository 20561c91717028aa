using System.Globalization;
using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>
/// Dates by a format of percent signs: %Y %m %d %H %M %S and the others of Ruby's strftime that Liquid knows, with the flags
/// - (no padding), _ (spaces), 0, ^ (upper case), # (other case), : (colon in %z) and a width.
/// </summary>
internal static class Strftime
{
    private const int WidestField = 50;

    private static readonly string[] ChineseDays = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
    private static readonly string[] ChineseShortDays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
    private static readonly string[] ChineseMonths = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"];

    public static string Format(DateTimeOffset time, string format, TimeZoneInfo zone, bool isChinese, Meter meter)
    {
        meter.Text(format.Length);
        var text = new StringBuilder();
        for (var at = 0; at < format.Length;)
        {
            if (format[at] != '%')
            {
                text.Append(format[at++]);
                continue;
            }

            var start = at++;
            var flagsStart = at;
            while (at < format.Length && format[at] is '-' or '_' or '0' or '^' or '#' or ':' && at < format.Length)
                at++;
            var flags = format[flagsStart..at];
            var width = 0;
            while (at < format.Length && char.IsAsciiDigit(format[at]))
                width = Math.Min(width * 10 + (format[at++] - '0'), WidestField);
            var field = at < format.Length ? Field(time, format[at], flags, width, zone, isChinese) : null;
            var written = field is { } found ? Padded(found, flags, width) : format[start..Math.Min(at + 1, format.Length)];
            meter.Text(written.Length);
            text.Append(written);
            at++;
        }

        return text.ToString();
    }

    /// <summary>Text, padding character and usual width of one field; null for a letter that means nothing.</summary>
    private static (string Text, char Pad, int Width)? Field(DateTimeOffset t, char letter, string flags, int width, TimeZoneInfo zone, bool isChinese)
    {
        var hour12 = (t.Hour + 11) % 12 + 1;
        return letter switch
        {
            'Y' => Number(t.Year, 0),
            'y' => Number(t.Year % 100, 2),
            'C' => Number(t.Year / 100, 2),
            'm' => Number(t.Month, 2),
            'd' => Number(t.Day, 2),
            'e' => (Digits(t.Day), ' ', 2),
            'j' => Number(t.DayOfYear, 3),
            'H' => Number(t.Hour, 2),
            'k' => (Digits(t.Hour), ' ', 2),
            'I' => Number(hour12, 2),
            'l' => (Digits(hour12), ' ', 2),
            'M' => Number(t.Minute, 2),
            'S' => Number(t.Second, 2),
            'L' => Number(t.Millisecond, 3),
            'N' => (Fraction(t, width == 0 ? 9 : width), '0', 0),
            's' => Number(t.ToUnixTimeSeconds(), 0),
            'u' => Number(t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek, 0),
            'w' => Number((int)t.DayOfWeek, 0),
            'U' => Number((t.DayOfYear + 6 - (int)t.DayOfWeek) / 7, 2),
            'W' => Number((t.DayOfYear + 6 - ((int)t.DayOfWeek + 6) % 7) / 7, 2),
            'V' => Number(ISOWeek.GetWeekOfYear(t.DateTime), 2),
            'G' => Number(ISOWeek.GetYear(t.DateTime), 0),
            'q' => Name(Ordinal(t.Day)),
            'A' => Name(isChinese ? ChineseDays[(int)t.DayOfWeek] : t.ToString("dddd", CultureInfo.InvariantCulture)),
            'a' => Name(isChinese ? ChineseShortDays[(int)t.DayOfWeek] : t.ToString("ddd", CultureInfo.InvariantCulture)),
            'B' => Name(isChinese ? ChineseMonths[t.Month - 1] : t.ToString("MMMM", CultureInfo.InvariantCulture)),
            'b' or 'h' => Name(isChinese ? Digits(t.Month) + "月" : t.ToString("MMM", CultureInfo.InvariantCulture)),
            'p' => Name(isChinese ? HalfDay(t) : flags.Contains('#', StringComparison.Ordinal) ? HalfDay(t, "am", "pm") : HalfDay(t, "AM", "PM")),
            'P' => Name(isChinese ? HalfDay(t) : HalfDay(t, "am", "pm")),
            'z' => Name(Offset(t.Offset, flags.Contains(':', StringComparison.Ordinal))),
            'Z' => Name(zone.Id),
            'F' => Name(t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            'D' or 'x' => Name(t.ToString("MM/dd/yy", CultureInfo.InvariantCulture)),
            'T' or 'X' => Name(t.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
            'R' => Name(t.ToString("HH:mm", CultureInfo.InvariantCulture)),
            'r' => Name(t.ToString("hh:mm:ss tt", CultureInfo.InvariantCulture)),
            'c' => Name(t.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)),
            'n' => Name("\n"),
            't' => Name("\t"),
            '%' => Name("%"),
            _ => null,
        };
    }

    private static string Padded((string Text, char Pad, int Width) field, string flags, int width)
    {
        var (text, pad, usual) = field;
        if (flags.Contains('^', StringComparison.Ordinal))
            text = text.ToUpperInvariant();
        else if (flags.Contains('#', StringComparison.Ordinal) && text.Any(char.IsLower) && text is not ("am" or "pm"))
            text = text.ToUpperInvariant();
        if (flags.Contains('-', StringComparison.Ordinal))
            return text;
        pad = flags.Contains('_', StringComparison.Ordinal) ? ' ' : flags.Contains('0', StringComparison.Ordinal) ? '0' : pad;
        return text.PadLeft(Math.Max(width, usual), pad);
    }

    private static (string, char, int) Number(long value, int width) => (value.ToString(CultureInfo.InvariantCulture), '0', width);

    private static (string, char, int) Name(string text) => (text, ' ', 0);

    private static string Digits(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string HalfDay(DateTimeOffset t, string before = "上午", string after = "下午") => t.Hour < 12 ? before : after;

    private static string Ordinal(int day) => day is >= 11 and <= 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };

    private static string Fraction(DateTimeOffset t, int digits) =>
        (t.Ticks % TimeSpan.TicksPerSecond).ToString("D7", CultureInfo.InvariantCulture).PadRight(digits, '0')[..digits];

    private static string Offset(TimeSpan offset, bool hasColon)
    {
        var minutes = (int)Math.Abs(offset.TotalMinutes);
        return string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{minutes / 60:D2}{(hasColon ? ":" : "")}{minutes % 60:D2}");
    }
}
