using System.Globalization;
using System.Numerics;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Numbers with a chosen count of digits, exact: the binary number itself is rounded, half away from zero, never its decimal text.</summary>
internal static class NumberDigits
{
    /// <summary>toFixed: 1.005 with 2 digits is "1.00", because the number is a little less than 1.005.</summary>
    public static string Fixed(double number, int fraction)
    {
        var digits = Scaled(Math.Abs(number), fraction).ToString(CultureInfo.InvariantCulture).PadLeft(fraction + 1, '0');
        var text = fraction == 0 ? digits : $"{digits[..^fraction]}.{digits[^fraction..]}";
        return number < 0 ? "-" + text : text;
    }

    /// <summary>toExponential; without a count, as many digits as the number needs.</summary>
    public static string Exponential(double number, int? fraction)
    {
        var (digits, exponent) = fraction is { } count ? Significant(Math.Abs(number), count + 1) : NumberText.Digits(Math.Abs(number));
        return Sign(number) + WithExponent(digits, number == 0 ? 0 : exponent);
    }

    /// <summary>toPrecision.</summary>
    public static string Precision(double number, int count)
    {
        var (digits, exponent) = Significant(Math.Abs(number), count);
        if (exponent < -6 || exponent >= count)
            return Sign(number) + WithExponent(digits, exponent);
        if (exponent < 0)
            return $"{Sign(number)}0.{new string('0', -exponent - 1)}{digits}";
        return exponent == count - 1 ? Sign(number) + digits : $"{Sign(number)}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>
    /// toString(radix). The standard leaves the last digits of fractions open; these are Node's: as many as tell the number
    /// from its neighbours.
    /// </summary>
    public static string InRadix(Evaluation e, double number, int radix)
    {
        var magnitude = Math.Abs(number);
        var whole = Math.Floor(magnitude);
        var rest = magnitude - whole;
        var fraction = new List<int>();

        // Half the distance to the next number: what is smaller than this says nothing more.
        var noise = Math.Max(double.Epsilon, 0.5 * (Math.BitIncrement(magnitude) - magnitude));
        while (rest >= noise)
        {
            e.Step();
            rest *= radix;
            noise *= radix;
            var digit = (int)rest;
            fraction.Add(digit);
            rest -= digit;
            if ((rest > 0.5 || (rest == 0.5 && digit % 2 == 1)) && rest + noise > 1)
            {
                if (!RoundUp(fraction, radix))
                    whole++;
                break;
            }
        }

        var text = Sign(number) + Whole(e, whole, radix);
        return fraction.Count == 0 ? text : text + "." + string.Concat(fraction.Select(DigitText));
    }

    // Adds one to the last digit, dropping those that become zero; false when the carry leaves the fraction.
    private static bool RoundUp(List<int> fraction, int radix)
    {
        while (fraction.Count > 0)
        {
            if (fraction[^1] + 1 < radix)
            {
                fraction[^1]++;
                return true;
            }

            fraction.RemoveAt(fraction.Count - 1);
        }

        return false;
    }

    private static string Whole(Evaluation e, double whole, int radix)
    {
        var digits = new Stack<char>();

        // Far above 53 bits the low digits are not in the number any more; Node writes zeros.
        while (whole / radix >= 9007199254740992)
        {
            e.Step();
            whole /= radix;
            digits.Push('0');
        }

        do
        {
            e.Step();
            var digit = whole % radix;
            digits.Push(DigitText((int)digit));
            whole = (whole - digit) / radix;
        }
        while (whole > 0);
        return string.Concat(digits);
    }

    private static char DigitText(int digit) => (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    private static string Sign(double number) => number < 0 ? "-" : "";

    private static string WithExponent(string digits, int exponent) =>
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";

    // That many significant digits and the power of ten of the first one.
    private static (string Digits, int Exponent) Significant(double number, int count)
    {
        if (number == 0)
            return (new string('0', count), 0);
        var exponent = (int)Math.Floor(Math.Log10(number));
        while (true)
        {
            var digits = Scaled(number, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
                return digits[0] == '1' && digits.AsSpan(1).Trim('0').Length == 0 && Finer(number, count, exponent) is { } finer ? (finer, exponent - 1) : (digits, exponent);

            // The logarithm was off by one, or rounding made a power of ten of 9.99: one digit more or less.
            exponent += digits.Length - count;
        }
    }

    // A number just below a power of ten was rounded up to it: with one more digit it may stay below.
    private static string? Finer(double number, int count, int exponent)
    {
        var digits = Scaled(number, count - exponent).ToString(CultureInfo.InvariantCulture);
        return digits.Length == count ? digits : null;
    }

    // The whole number nearest to number × 10^power, halves upward.
    private static BigInteger Scaled(double number, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        exponent = Math.Max(exponent, 1) - 1075;
        var denominator = BigInteger.One;
        if (power >= 0)
            numerator *= BigInteger.Pow(10, power);
        else
            denominator = BigInteger.Pow(10, -power);
        if (exponent >= 0)
            numerator <<= exponent;
        else
            denominator <<= -exponent;
        return ((2 * numerator) + denominator) / (2 * denominator);
    }
}
