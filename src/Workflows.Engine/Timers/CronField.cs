using System.Globalization;

namespace Workflows.Engine.Timers;

/// <summary>One field of a cron expression: a set of numbers below 64.</summary>
internal sealed class CronField
{
    public static readonly string[] Months = ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    public static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly ulong _values;

    private CronField(ulong values) => _values = values;

    public bool Contains(int value) => value is >= 0 and < 64 && ((_values >> value) & 1) != 0;

    /// <summary>The smallest member not below <paramref name="value"/>.</summary>
    public int? AtOrAfter(int value)
    {
        var rest = value >= 64 ? 0 : _values & (ulong.MaxValue << value);
        return rest == 0 ? null : System.Numerics.BitOperations.TrailingZeroCount(rest);
    }

    public static bool TryParse(string text, int min, int max, string[] names, out CronField? field)
    {
        field = null;
        ulong values = 0;
        foreach (var part in text.Split(','))
        {
            if (!TryParsePart(part, min, max, names, out var members))
                return false;
            values |= members;
        }

        field = new CronField(values);
        return true;
    }

    public static int? Number(string text, string[] names)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var index = text.Length == 0 ? -1 : Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : null;
    }

    private static bool TryParsePart(string part, int min, int max, string[] names, out ulong members)
    {
        members = 0;
        var (range, stepText) = part.Split('/') switch
        {
            [var only] => (only, null),
            [var left, var right] => (left, right),
            _ => ("", ""),
        };
        var step = 1;
        if (stepText is not null && (!int.TryParse(stepText, NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1))
            return false;

        int from, to;
        if (range is "*" or "?")
        {
            (from, to) = (min, max);
        }
        else
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || Number(ends[0], names) is not { } first || Number(ends[^1], names) is not { } last)
                return false;
            // "10/5" means from 10 on.
            (from, to) = (first, ends.Length == 1 && stepText is not null ? max : last);
        }

        if (from < min || from > max || to < min || to > max)
            return false;
        // A range may run over the end: FRI-MON, 22-2.
        var count = to >= from ? to - from : to + (max - min + 1) - from;
        for (var i = 0; i <= count; i += step)
            members |= 1UL << (min + ((from - min + i) % (max - min + 1)));
        return true;
    }
}
