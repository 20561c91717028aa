using System.Globalization;

namespace Workflows.Engine.Definitions;

/// <summary>Whether a text is a cron expression: five fields, or six with seconds first (Elsa's form), or one of the usual macros.</summary>
internal static class CronSyntax
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] Macros = ["@every_minute", "@every_second", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

    public static bool IsValid(string text)
    {
        text = text.Trim();
        if (text.StartsWith('@'))
            return Macros.Contains(text, StringComparer.OrdinalIgnoreCase);
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 5)
            fields = ["0", .. fields];
        return fields.Length == 6
            && Field(fields[0], 0, 59, [])
            && Field(fields[1], 0, 59, [])
            && Field(fields[2], 0, 23, [])
            && (Field(fields[3], 1, 31, []) || LastDay(fields[3]))
            && Field(fields[4], 1, 12, Months)
            && (Field(fields[5], 0, 7, Days) || DayOfWeek(fields[5]));
    }

    private static bool Field(string field, int min, int max, string[] names) =>
        (field == "?" && max is 31 or 7) || field.Split(',').All(part => Part(part, min, max, names));

    private static bool Part(string part, int min, int max, string[] names)
    {
        var steps = part.Split('/');
        if (steps.Length > 2 || (steps.Length == 2 && !(Whole(steps[1], out var step) && step > 0 && step <= max)))
            return false;
        if (steps[0] == "*")
            return true;
        var ends = steps[0].Split('-');
        return ends.Length <= 2 && ends.All(e => Value(e, min, max, names));
    }

    private static bool Value(string text, int min, int max, string[] names) =>
        Whole(text, out var value) ? value >= min && value <= max : names.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool LastDay(string text) => text is "L" or "LW"
        || (text.StartsWith("L-", StringComparison.Ordinal) && Whole(text[2..], out var before) && before <= 30)
        || (text.EndsWith('W') && Whole(text[..^1], out var day) && day is >= 1 and <= 31);

    private static bool DayOfWeek(string text) =>
        (text.EndsWith('L') && Value(text[..^1], 0, 7, Days))
        || (text.Split('#') is [var day, var nth] && Value(day, 0, 7, Days) && Whole(nth, out var n) && n is >= 1 and <= 5);

    private static bool Whole(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
