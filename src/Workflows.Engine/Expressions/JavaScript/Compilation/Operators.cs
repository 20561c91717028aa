using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>The operators, where they are more than one machine instruction.</summary>
internal static class Operators
{
    // Shorter texts are joined at once; longer ones as pieces, so that a loop of += stays linear.
    private const int JoinedAtOnce = 256;

    public static JsValue Add(Evaluation e, JsValue left, JsValue right)
    {
        if (left.IsNumber && right.IsNumber)
            return left.Number + right.Number;
        (left, right) = (Conversion.ToPrimitive(e, left), Conversion.ToPrimitive(e, right));
        if (left.IsText || right.IsText)
            return Join(e, left, right);
        return Conversion.ToNumber(e, left) + Conversion.ToNumber(e, right);
    }

    /// <summary>Two values as one text.</summary>
    public static JsValue Join(Evaluation e, JsValue left, JsValue right)
    {
        if (!left.IsText)
            left = Conversion.ToText(e, left);
        e.AllocateText(right.TextLength);
        var end = Conversion.ToText(e, right);
        if (left.TextLength + end.Length > JoinedAtOnce)
        {
            e.Allocate(48 + (left.TextLength < JoinedAtOnce ? 2 * end.Length : 0));
            return JsValue.Of(new JsRope(e, left, end));
        }

        e.AllocateText(left.TextLength);
        return string.Concat(left.Text, end);
    }

    public static JsValue Arithmetic(Evaluation e, char operation, JsValue left, JsValue right)
    {
        var (a, b) = (Conversion.ToNumber(e, left), Conversion.ToNumber(e, right));
        return operation switch
        {
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            '%' => Remainder(a, b),
            _ => Power(a, b),
        };
    }

    /// <summary>%: the sign is that of the left side, also of zero.</summary>
    public static double Remainder(double a, double b) => a % b is var rest && rest == 0 && double.IsNegative(a) ? -0.0 : a % b;

    /// <summary>**: as Math.pow, except that 1 to an infinite or unknown power is not known.</summary>
    public static double Power(double a, double b) => double.IsNaN(b) || (Math.Abs(a) == 1 && double.IsInfinity(b)) ? double.NaN : Math.Pow(a, b);

    public static JsValue Bitwise(Evaluation e, string operation, JsValue left, JsValue right)
    {
        var (a, b) = (Conversion.ToInt32(e, left), Conversion.ToInt32(e, right));
        return operation switch
        {
            "&" => a & b,
            "|" => a | b,
            "^" => a ^ b,
            "<<" => a << (b & 31),
            ">>" => a >> (b & 31),
            _ => (double)((uint)a >> (b & 31)),
        };
    }

    /// <summary>left &lt; right, with the operands evaluated already; null when one of them is NaN.</summary>
    public static bool? Less(Evaluation e, JsValue left, JsValue right, bool leftFirst)
    {
        if (leftFirst)
            (left, right) = (Primitive(e, left), Primitive(e, right));
        else
            (right, left) = (Primitive(e, right), Primitive(e, left));
        if (left.IsText && right.IsText)
        {
            e.Step(Math.Min(left.TextLength, right.TextLength) / 64);
            return string.CompareOrdinal(left.Text, right.Text) < 0;
        }

        var (a, b) = (Conversion.ToNumber(e, left), Conversion.ToNumber(e, right));
        return double.IsNaN(a) || double.IsNaN(b) ? null : a < b;
    }

    public static bool In(Evaluation e, JsValue key, JsValue target)
    {
        if (target.Object is not { } held)
            throw e.TypeError("in 的右边必须是对象 (the right side of 'in' must be an object)");
        var name = Conversion.ToKey(e, key);
        return held.TryGetOwn(name, out _) || !held.Get(name).IsUndefined;
    }

    public static bool InstanceOf(Evaluation e, JsValue value, JsValue constructor) =>
        (constructor.Object as JsFunction)?.IsInstance(value) ?? throw e.TypeError("instanceof 的右边必须是构造函数 (the right side of 'instanceof' is not a constructor)");

    private static JsValue Primitive(Evaluation e, JsValue value) => value.IsObject ? Conversion.ToPrimitive(e, value, preferText: false) : value;
}
