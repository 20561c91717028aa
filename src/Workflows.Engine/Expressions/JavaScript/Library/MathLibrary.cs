using System.Numerics;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Math. Its random numbers come from the instance, so that a rehearsal or a repeated burst sees the same ones.</summary>
/// <remarks>
/// The last digit of sin, exp, pow with broken powers and their like is left open by the standard; here it is the one of the
/// runtime's own mathematics, which now and then is not Node's.
/// </remarks>
internal static class MathLibrary
{
    public static readonly NativeObject Math = new("Math", new Members
    {
        { "E", System.Math.E },
        { "LN10", 2.302585092994046 },
        { "LN2", 0.6931471805599453 },
        { "LOG10E", 0.4342944819032518 },
        { "LOG2E", 1.4426950408889634 },
        { "PI", System.Math.PI },
        { "SQRT1_2", 0.7071067811865476 },
        { "SQRT2", 1.4142135623730951 },
        { "abs", 1, (e, _, a) => System.Math.Abs(Number(e, a)) },
        { "acos", 1, (e, _, a) => System.Math.Acos(Number(e, a)) },
        { "acosh", 1, (e, _, a) => System.Math.Acosh(Number(e, a)) },
        { "asin", 1, (e, _, a) => System.Math.Asin(Number(e, a)) },
        { "asinh", 1, (e, _, a) => System.Math.Asinh(Number(e, a)) },
        { "atan", 1, (e, _, a) => System.Math.Atan(Number(e, a)) },
        { "atan2", 2, (e, _, a) => System.Math.Atan2(Number(e, a), Conversion.ToNumber(e, a[1])) },
        { "atanh", 1, (e, _, a) => System.Math.Atanh(Number(e, a)) },
        { "cbrt", 1, (e, _, a) => CubeRoot(Number(e, a)) },
        { "ceil", 1, (e, _, a) => System.Math.Ceiling(Number(e, a)) },
        { "clz32", 1, (e, _, a) => BitOperations.LeadingZeroCount(Conversion.ToUint32(e, a[0])) },
        { "cos", 1, (e, _, a) => System.Math.Cos(Number(e, a)) },
        { "cosh", 1, (e, _, a) => System.Math.Cosh(Number(e, a)) },
        { "exp", 1, (e, _, a) => System.Math.Exp(Number(e, a)) },
        { "expm1", 1, (e, _, a) => ExpMinusOne(Number(e, a)) },
        { "floor", 1, (e, _, a) => System.Math.Floor(Number(e, a)) },
        { "fround", 1, (e, _, a) => (float)Number(e, a) },
        { "hypot", 2, Hypotenuse },
        { "imul", 2, (e, _, a) => unchecked(Conversion.ToInt32(e, a[0]) * Conversion.ToInt32(e, a[1])) },
        { "log", 1, (e, _, a) => System.Math.Log(Number(e, a)) },
        { "log10", 1, (e, _, a) => System.Math.Log10(Number(e, a)) },
        { "log1p", 1, (e, _, a) => LogOnePlus(Number(e, a)) },
        { "log2", 1, (e, _, a) => System.Math.Log2(Number(e, a)) },
        { "max", 2, (e, _, a) => Extreme(e, a, double.NegativeInfinity, System.Math.Max) },
        { "min", 2, (e, _, a) => Extreme(e, a, double.PositiveInfinity, System.Math.Min) },
        { "pow", 2, (e, _, a) => Power(Number(e, a), Conversion.ToNumber(e, a[1])) },
        { "random", 0, (e, _, _) => e.NextRandom() },
        { "round", 1, (e, _, a) => Round(Number(e, a)) },
        { "sign", 1, (e, _, a) => Number(e, a) is var number && (number == 0 || double.IsNaN(number)) ? number : number > 0 ? 1 : -1 },
        { "sin", 1, (e, _, a) => System.Math.Sin(Number(e, a)) },
        { "sinh", 1, (e, _, a) => System.Math.Sinh(Number(e, a)) },
        { "sqrt", 1, (e, _, a) => System.Math.Sqrt(Number(e, a)) },
        { "tan", 1, (e, _, a) => System.Math.Tan(Number(e, a)) },
        { "tanh", 1, (e, _, a) => System.Math.Tanh(Number(e, a)) },
        { "trunc", 1, (e, _, a) => System.Math.Truncate(Number(e, a)) },
    });

    /// <summary>Math.pow and **. Unlike the processor's, 1 to the power of NaN or infinity is NaN.</summary>
    public static double Power(double number, double power) =>
        double.IsNaN(power) || (double.IsInfinity(power) && System.Math.Abs(number) == 1) ? double.NaN : System.Math.Pow(number, power);

    private static double Number(Evaluation e, Arguments a) => Conversion.ToNumber(e, a[0]);

    // Halves go up, also below zero: -2.5 becomes -2, and -0.2 becomes -0.
    private static double Round(double number)
    {
        var floor = System.Math.Floor(number);
        return floor == number ? number : System.Math.CopySign(number - floor >= 0.5 ? floor + 1 : floor, number);
    }

    private static double Extreme(Evaluation e, Arguments a, double start, Func<double, double, double> choose)
    {
        e.Step(a.Count);
        foreach (var value in a.All)
            start = choose(start, Conversion.ToNumber(e, value));
        return start;
    }

    private static JsValue Hypotenuse(Evaluation e, JsValue self, Arguments a)
    {
        e.AllocateElements(a.Count);
        var sides = new double[a.Count];
        double longest = 0;
        var (endless, unknown) = (false, false);
        for (var i = 0; i < sides.Length; i++)
        {
            sides[i] = System.Math.Abs(Conversion.ToNumber(e, a[i]));
            endless |= double.IsInfinity(sides[i]);
            unknown |= double.IsNaN(sides[i]);
            longest = System.Math.Max(longest, sides[i]);
        }

        if (endless || unknown || longest == 0)
            return endless ? double.PositiveInfinity : unknown ? double.NaN : 0;

        // Scaled by the longest side so that squares neither overflow nor vanish; what each addition loses is carried along.
        var (sum, lost) = (0.0, 0.0);
        foreach (var side in sides)
        {
            var scaled = side / longest;
            var added = (scaled * scaled) - lost;
            var next = sum + added;
            lost = next - sum - added;
            sum = next;
        }

        return System.Math.Sqrt(sum) * longest;
    }

    // One step of Newton's method on the processor's answer, so that cubes of whole numbers have whole roots.
    private static double CubeRoot(double number)
    {
        var root = System.Math.Cbrt(number);
        if (root == 0 || !double.IsFinite(root))
            return root;
        var square = root * root;
        var lost = System.Math.FusedMultiplyAdd(root, root, -square);
        var cube = square * root;
        var rest = System.Math.FusedMultiplyAdd(square, root, -cube) + (lost * root) + (cube - number);
        var better = root - (rest / (3 * square));
        return double.IsFinite(better) ? better : root;
    }

    private static double ExpMinusOne(double number)
    {
        if (System.Math.Abs(number) > 1e-5)
        {
            var grown = System.Math.Exp(number);
            if (grown == 1 || double.IsInfinity(grown) || System.Math.Abs(number) > 1)
                return grown == 1 ? number : grown - 1;

            // Kahan: the errors of exp and log cancel.
            return grown - 1 == -1 ? -1 : (grown - 1) * number / System.Math.Log(grown);
        }

        return number == 0 ? number : number + (number * number / 2) + (number * number * number / 6);
    }

    private static double LogOnePlus(double number)
    {
        if (number <= -1 || double.IsNaN(number) || double.IsInfinity(number) || number == 0)
            return number == 0 ? number : System.Math.Log(1 + number);
        var shifted = 1 + number;
        return shifted == 1 ? number : System.Math.Log(shifted) * number / (shifted - 1);
    }
}
