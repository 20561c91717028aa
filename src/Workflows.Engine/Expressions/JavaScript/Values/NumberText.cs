using System.Globalization;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>Numbers as the language writes and reads them, whatever the culture of the host.</summary>
internal static class NumberText
{
    private const int MaxExactDigits = 800;

    /// <summary>Shortest text that reads back as the same number: 0.1, 1e+21, 1.5e-7, NaN, -Infinity.</summary>
    public static string Of(double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        if (double.IsNaN(number))
            return "NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "Infinity" : "-Infinity";

        var (digits, exponent) = Digits(Math.Abs(number));
        var sign = number < 0 ? "-" : "";
        if (exponent is >= 21 or < -6)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
            return sign + digits.PadRight(exponent + 1, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>Shortest digits and the power of ten of the first one: 1234.5 is ("12345", 3).</summary>
    public static (string Digits, int Exponent) Digits(double positive)
    {
        var shortest = positive.ToString("R", CultureInfo.InvariantCulture);

        // Of powers of two, whose neighbour below is nearer than the one above, the runtime sometimes gives a digit too few.
        if ((BitConverter.DoubleToInt64Bits(positive) & 0xFFFFFFFFFFFFF) == 0 && double.Parse(shortest, CultureInfo.InvariantCulture) != positive)
            shortest = positive.ToString("E16", CultureInfo.InvariantCulture);
        var power = shortest.IndexOf('E', StringComparison.Ordinal);
        var plain = power < 0 ? shortest : shortest[..power];
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? plain : plain[..point]).TrimStart('0');
        var mantissa = plain.Replace(".", "", StringComparison.Ordinal).Trim('0');
        var exponent = whole.Length > 0 ? whole.Length - 1 : -1 - LeadingZeros(plain[(point + 1)..]);
        if (power >= 0)
            exponent += int.Parse(shortest.AsSpan(power + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (mantissa.Length == 0 ? "0" : mantissa, exponent);
    }

    /// <summary>Number("..."): decimal, 0x, 0o, 0b, Infinity, white space around; empty is 0, anything else NaN.</summary>
    public static double Parse(string text)
    {
        var trimmed = Trim(text);
        if (trimmed.Length == 0)
            return 0;
        if (trimmed.Length > 2 && trimmed[0] == '0' && RadixOf(trimmed[1]) is > 0 and var radix)
            return ParseWhole(trimmed.AsSpan(2), radix);
        var length = DecimalLength(trimmed);
        return length == trimmed.Length ? ParseDecimal(trimmed) : double.NaN;
    }

    /// <summary>Length of the decimal number a text begins with; 0 when it begins with none.</summary>
    public static int DecimalLength(ReadOnlySpan<char> text)
    {
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        if (text[at..].StartsWith("Infinity"))
            return at + 8;
        var digits = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        var count = at - digits;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = at + 1;
            while (fraction < text.Length && char.IsAsciiDigit(text[fraction]))
                fraction++;
            count += fraction - at - 1;
            if (count > 0)
                at = fraction;
        }

        if (count == 0)
            return 0;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var power = at + 1;
            if (power < text.Length && text[power] is '+' or '-')
                power++;
            var first = power;
            while (power < text.Length && char.IsAsciiDigit(text[power]))
                power++;
            if (power > first)
                at = power;
        }

        return at;
    }

    /// <summary>A decimal number found by <see cref="DecimalLength"/>.</summary>
    public static double ParseDecimal(ReadOnlySpan<char> text)
    {
        if (text.EndsWith("Infinity"))
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(text.Length > MaxExactDigits ? Shortened(text) : text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // No number needs more digits than these to be read right; of more, it only matters whether one is not zero.
    private static string Shortened(ReadOnlySpan<char> text)
    {
        var power = text.IndexOfAny('e', 'E');
        var mantissa = power < 0 ? text : text[..power];
        var exponent = power < 0 ? 0 : ClampedExponent(text[(power + 1)..]);
        var point = mantissa.IndexOf('.');
        var kept = new System.Text.StringBuilder(MaxExactDigits + 40);
        var (rest, count) = (false, 0);
        for (var i = 0; i < mantissa.Length; i++)
        {
            if (mantissa[i] is '-' or '+')
            {
                kept.Append(mantissa[i]);
                continue;
            }

            if (i == point)
                continue;
            var isFraction = point >= 0 && i > point;
            if (count == 0 && mantissa[i] == '0')
                exponent -= isFraction ? 1 : 0;
            else if (count++ < MaxExactDigits)
            {
                kept.Append(mantissa[i]);
                exponent -= isFraction ? 1 : 0;
            }
            else
            {
                rest |= mantissa[i] != '0';
                exponent += isFraction ? 0 : 1;
            }
        }

        return $"{kept}{(count == 0 ? "0" : "")}{(rest ? "1" : "0")}E{(exponent - 1).ToString(CultureInfo.InvariantCulture)}";
    }

    private static long ClampedExponent(ReadOnlySpan<char> digits)
    {
        const long beyond = 100_000_000;
        long value = 0;
        foreach (var c in digits)
            value = c is '+' or '-' ? 0 : Math.Min((value * 10) + (c - '0'), beyond);
        return digits[0] == '-' ? -value : value;
    }

    /// <summary>Digits of a radix up to 36, exact as long as they fit; NaN for anything else among them.</summary>
    public static double ParseWhole(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.Length == 0)
            return double.NaN;
        System.Numerics.BigInteger exact = 0;
        double number = 0;
        foreach (var c in digits)
        {
            var digit = DigitOf(c);
            if (digit < 0 || digit >= radix)
                return double.NaN;
            number = (number * radix) + digit;
            if (digits.Length is > 10 and < 400)
                exact = (exact * radix) + digit;
        }

        return digits.Length is > 10 and < 400 ? double.Parse(exact.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : number;
    }

    /// <summary>Value of a digit or letter in a radix up to 36; -1 for anything else.</summary>
    public static int DigitOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => -1,
    };

    /// <summary>Without the white space and line ends of the language at both ends.</summary>
    public static string Trim(string text) => text.Trim(WhiteSpace);

    /// <summary>White space and line ends as the language defines them.</summary>
    public static readonly char[] WhiteSpace =
    [
        '\t', '\n', '\v', '\f', '\r', ' ', '\u00A0', '\u1680', '\u2000', '\u2001', '\u2002', '\u2003', '\u2004', '\u2005', '\u2006',
        '\u2007', '\u2008', '\u2009', '\u200A', '\u2028', '\u2029', '\u202F', '\u205F', '\u3000', '\uFEFF',
    ];

    private static int RadixOf(char mark) => mark switch
    {
        'x' or 'X' => 16,
        'o' or 'O' => 8,
        'b' or 'B' => 2,
        _ => 0,
    };

    private static int LeadingZeros(string text)
    {
        var at = 0;
        while (at < text.Length && text[at] == '0')
            at++;
        return at;
    }
}
