using System.Globalization;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Numbers: reading, writing and the four rules. Decimal wherever a decimal can hold the result.</summary>
internal static class LiquidNumbers
{
    private const int LongestNumber = 100;

    // More digits than this after the point come from a division and say nothing.
    private const int MeaningfulDigits = 17;

    /// <summary>A number written as in JSON or, with white space around it, in text; null when it is none.</summary>
    public static LiquidValue? Parse(string text)
    {
        if (text.Length > LongestNumber)
            return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && (exact != 0 || IsZero(text)))
            return LiquidValue.Of(exact);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && double.IsFinite(wide) ? LiquidValue.Of(wide) : null;
    }

    public static bool TryExact(double value, out decimal exact)
    {
        exact = 0;
        return Math.Abs(value) is 0 or (> 1e-20 and < 1e28)
            && decimal.TryParse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out exact);
    }

    /// <summary>The number a value stands for in a sum: text that is no number, lists and objects count as 0.</summary>
    public static LiquidValue Of(LiquidValue value) => value.Kind switch
    {
        LiquidKind.Number => value,
        LiquidKind.Text => Parse(value.Text) ?? LiquidValue.Of(0m),
        LiquidKind.Bool => LiquidValue.Of(value.IsTruthy ? 1m : 0m),
        _ => LiquidValue.Of(0m),
    };

    /// <summary>A whole number for lengths and positions: rounded towards zero and kept within the range of an int.</summary>
    public static int Whole(LiquidValue value) => (int)Math.Clamp(Math.Truncate(Of(value).Double), int.MinValue + 1, int.MaxValue);

    public static LiquidValue Calculate(LiquidValue left, LiquidValue right, Func<decimal, decimal, decimal> exactly, Func<double, double, double> roughly)
    {
        var (a, b) = (Of(left), Of(right));
        if (a.IsExact && b.IsExact)
        {
            try
            {
                return LiquidValue.Of(exactly(a.Exact, b.Exact));
            }
            catch (OverflowException)
            {
                // Too large for a decimal: the double below.
            }
        }

        return LiquidValue.Of(roughly(a.Double, b.Double));
    }

    /// <summary>As a person writes it: no exponent where a decimal can do without, no zeros at the end.</summary>
    public static string Write(LiquidValue number)
    {
        if (!number.IsExact)
            return WriteWide(number.Double);
        var value = Normal(number.Exact);
        var text = value.ToString(CultureInfo.InvariantCulture);
        // Through its text, for the cast from decimal to double does not round to the nearest.
        return value.Scale > 0 && Digits(text) > MeaningfulDigits && TryExact(double.Parse(text, CultureInfo.InvariantCulture), out var rounded)
            ? Normal(rounded).ToString(CultureInfo.InvariantCulture)
            : text;
    }

    private static bool IsZero(string text) => !text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');

    /// <summary>Dividing by one with all its places drops the zeros at the end; adding zero drops the sign of minus zero.</summary>
    private static decimal Normal(decimal value) => value / 1.0000000000000000000000000000m + 0m;

    private static int Digits(string number) => number.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0').Length;

    /// <summary>1E+30 as JavaScript writes it: 1e+30.</summary>
    private static string WriteWide(double value) => !double.IsFinite(value) ? (value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN")
        : value.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e');
}
