using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Number, its methods, and parseInt, parseFloat, isNaN, isFinite. There are no Number objects: new Number(...) is refused.</summary>
internal static class NumberLibrary
{
    private const double MaxSafe = 9007199254740991;

    public static readonly Members Methods = new(Members.OfObject)
    {
        { "toExponential", 1, ToExponential },
        { "toFixed", 1, ToFixed },
        { "toLocaleString", 0, (e, self, a) => LocaleNumbers.Format(e, Number(e, self, "toLocaleString"), a[0], a[1]) },
        { "toPrecision", 1, ToPrecision },
        { "toString", 1, ToText },
        { "valueOf", 0, (e, self, _) => Number(e, self, "valueOf") },
    };

    public static readonly NativeFunction ParseInt = new("parseInt", 2, (e, _, a) => Whole(e, a[0], a[1]));

    public static readonly NativeFunction ParseFloat = new("parseFloat", 1, (e, _, a) => Float(e, a[0]));

    public static readonly NativeFunction IsNaN = new("isNaN", 1, (e, _, a) => double.IsNaN(Conversion.ToNumber(e, a[0])));

    public static readonly NativeFunction IsFinite = new("isFinite", 1, (e, _, a) => double.IsFinite(Conversion.ToNumber(e, a[0])));

    public static readonly NativeFunction Constructor = new(
        "Number",
        1,
        (e, _, a) => a.Count == 0 ? 0 : Conversion.ToNumber(e, a[0]),
        new Members
        {
            { "EPSILON", Math.ScaleB(1, -52) },
            { "MAX_SAFE_INTEGER", MaxSafe },
            { "MAX_VALUE", double.MaxValue },
            { "MIN_SAFE_INTEGER", -MaxSafe },
            { "MIN_VALUE", double.Epsilon },
            { "NEGATIVE_INFINITY", double.NegativeInfinity },
            { "NaN", double.NaN },
            { "POSITIVE_INFINITY", double.PositiveInfinity },
            { "isFinite", 1, (_, _, a) => a[0].IsNumber && double.IsFinite(a[0].Number) },
            { "isInteger", 1, (_, _, a) => IsWhole(a[0]) },
            { "isNaN", 1, (_, _, a) => a[0].IsNumber && double.IsNaN(a[0].Number) },
            { "isSafeInteger", 1, (_, _, a) => IsWhole(a[0]) && Math.Abs(a[0].Number) <= MaxSafe },
            { "parseFloat", ParseFloat },
            { "parseInt", ParseInt },
        },
        isInstance: _ => false);

    private static bool IsWhole(JsValue value) => value.IsNumber && double.IsFinite(value.Number) && value.Number == Math.Floor(value.Number);

    private static double Number(Evaluation e, JsValue self, string method) =>
        self.IsNumber ? self.Number : throw e.TypeError($"{method} 只能用于数字 (Number method {method} requires a number)");

    private static JsValue ToText(Evaluation e, JsValue self, Arguments a)
    {
        var number = Number(e, self, "toString");
        var radix = a[0].IsUndefined ? 10 : Conversion.ToInteger(e, a[0]);
        if (radix is < 2 or > 36)
            throw e.RangeError("进制必须在 2 和 36 之间 (toString() radix must be between 2 and 36)");
        e.Allocate(64);
        return radix == 10 || !double.IsFinite(number) ? NumberText.Of(number) : NumberDigits.InRadix(e, number, (int)radix);
    }

    private static JsValue ToFixed(Evaluation e, JsValue self, Arguments a)
    {
        var number = Number(e, self, "toFixed");
        var digits = Conversion.ToInteger(e, a[0]);
        if (digits is < 0 or > 100)
            throw e.RangeError("小数位数必须在 0 和 100 之间 (toFixed() digits argument must be between 0 and 100)");
        if (!double.IsFinite(number) || Math.Abs(number) >= 1e21)
            return NumberText.Of(number);
        e.AllocateText(24 + (int)digits);
        e.Step(1 + (int)digits);
        return NumberDigits.Fixed(number, (int)digits);
    }

    private static JsValue ToPrecision(Evaluation e, JsValue self, Arguments a)
    {
        var number = Number(e, self, "toPrecision");
        if (a[0].IsUndefined)
            return NumberText.Of(number);
        var digits = Conversion.ToInteger(e, a[0]);
        if (!double.IsFinite(number))
            return NumberText.Of(number);
        if (digits is < 1 or > 100)
            throw e.RangeError("有效位数必须在 1 和 100 之间 (toPrecision() argument must be between 1 and 100)");
        Charge(e, number, digits);
        return NumberDigits.Precision(number, (int)digits);
    }

    private static JsValue ToExponential(Evaluation e, JsValue self, Arguments a)
    {
        var number = Number(e, self, "toExponential");
        var digits = Conversion.ToInteger(e, a[0]);
        if (!double.IsFinite(number))
            return NumberText.Of(number);
        if (digits is < 0 or > 100)
            throw e.RangeError("小数位数必须在 0 和 100 之间 (toExponential() argument must be between 0 and 100)");
        Charge(e, number, digits);
        return NumberDigits.Exponential(number, a[0].IsUndefined ? null : (int)digits);
    }

    // Numbers far from 1 need long exact arithmetic: up to about a thousand bits.
    private static void Charge(Evaluation e, double number, double digits)
    {
        e.AllocateText(24 + (int)digits);
        e.Step(8 + (int)digits + (number == 0 ? 0 : Math.Abs(Math.ILogB(number)) / 8));
    }

    private static double Float(Evaluation e, JsValue value)
    {
        var text = Conversion.ToText(e, value);
        e.Step(text.Length / 16);
        var trimmed = text.AsSpan().TrimStart(NumberText.WhiteSpace);
        var length = NumberText.DecimalLength(trimmed);
        return length == 0 ? double.NaN : NumberText.ParseDecimal(trimmed[..length]);
    }

    private static double Whole(Evaluation e, JsValue value, JsValue radixValue)
    {
        var text = Conversion.ToText(e, value);
        e.Step(text.Length / 8);
        var digits = text.AsSpan().TrimStart(NumberText.WhiteSpace);
        var negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
            digits = digits[1..];
        var radix = Conversion.ToInt32(e, radixValue);
        if (radix is 0 or 16 && digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
            radix = 16;
        }

        if (radix == 0)
            radix = 10;
        if (radix is < 2 or > 36)
            return double.NaN;

        var length = 0;
        while (length < digits.Length && NumberText.DigitOf(digits[length]) is >= 0 and var digit && digit < radix)
            length++;
        if (length == 0)
            return double.NaN;
        digits = digits[..length];
        var number = radix == 10 ? NumberText.ParseDecimal(digits) : int.IsPow2(radix) ? NumberText.ParseWhole(digits, radix) : InParts(digits.TrimStart('0'), radix);
        return negative ? -number : number;
    }

    // The standard leaves the rounding of long numbers in such radixes open; Node adds up as many digits as fit 32 bits at a time.
    private static double InParts(ReadOnlySpan<char> digits, int radix)
    {
        const uint limit = uint.MaxValue / 36;
        double number = 0;
        for (var at = 0; at < digits.Length;)
        {
            var (part, weight) = (0u, 1u);
            while (at < digits.Length && weight * (uint)radix <= limit)
            {
                part = (part * (uint)radix) + (uint)NumberText.DigitOf(digits[at++]);
                weight *= (uint)radix;
            }

            number = (number * weight) + part;
        }

        return number;
    }
}
