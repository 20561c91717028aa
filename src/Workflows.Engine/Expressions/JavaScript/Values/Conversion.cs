namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>Type conversions and comparisons of the language.</summary>
internal static class Conversion
{
    // Copying, comparing or hashing so many characters takes about as long as another step of a script.
    private const int CharactersPerStep = 64;

    public static bool ToBoolean(JsValue value)
    {
        if (value.IsBoolean)
            return value.Boolean;
        if (value.IsNumber)
            return value.Number != 0 && !double.IsNaN(value.Number);
        return !value.IsNullish && (value.IsObject || value.TextLength > 0);
    }

    public static double ToNumber(Evaluation e, JsValue value)
    {
        if (value.IsNumber)
            return value.Number;
        if (value.Text is { } text)
        {
            e.Step(text.Length / 64);
            return NumberText.Parse(text);
        }

        if (value.IsBoolean)
            return value.Boolean ? 1 : 0;
        if (value.IsNull)
            return 0;
        return value.IsObject ? ToNumber(e, ToPrimitive(e, value, preferText: false)) : double.NaN;
    }

    /// <summary>Says that a text is about to be put together from its pieces, if it is in pieces.</summary>
    public static void PayForPieces(Evaluation e, JsValue value)
    {
        if (value.Reference is JsRope { IsWhole: false } rope)
            e.Step(rope.Length / CharactersPerStep);
    }

    /// <summary>Text of a value, as + and template literals write it.</summary>
    public static string ToText(Evaluation e, JsValue value)
    {
        PayForPieces(e, value);
        if (value.Text is { } text)
            return text;
        if (value.IsNumber)
            return NumberText.Of(value.Number);
        if (value.IsBoolean)
            return value.Boolean ? "true" : "false";
        if (value.IsNull)
            return "null";
        return value.IsObject ? ToText(e, ToPrimitive(e, value, preferText: true)) : "undefined";
    }

    /// <summary>Name of a property: the text of a value.</summary>
    public static string ToKey(Evaluation e, JsValue value)
    {
        var key = ToText(e, value);
        if (key.Length > CharactersPerStep)
            e.Step(key.Length / CharactersPerStep);
        return key;
    }

    /// <summary>A value without structure: what the object's valueOf and toString say. Throws a TypeError when neither says anything.</summary>
    public static JsValue ToPrimitive(Evaluation e, JsValue value, bool preferText)
    {
        if (value.Object is not { } held)
            return value;
        foreach (var method in preferText ? (string[])["toString", "valueOf"] : ["valueOf", "toString"])
        {
            if (held.Get(method) is { Object: JsFunction } function && e.Call(function, value) is { IsObject: false } primitive)
                return primitive;
        }

        throw e.TypeError("对象不能转换为文字或数字 (cannot convert object to primitive value)");
    }

    /// <summary>Without a preference: dates become text, everything else a number where it can.</summary>
    public static JsValue ToPrimitive(Evaluation e, JsValue value) => value.IsObject ? ToPrimitive(e, value, value.Object!.Kind == "Date") : value;

    /// <summary>Whole number toward zero; NaN is 0; infinities stay.</summary>
    public static double ToInteger(Evaluation e, JsValue value)
    {
        var number = ToNumber(e, value);
        return double.IsNaN(number) ? 0 : Math.Truncate(number) + 0.0;
    }

    public static int ToInt32(Evaluation e, JsValue value) => ToInt32(ToNumber(e, value));

    public static int ToInt32(double number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
            return (int)number;
        if (!double.IsFinite(number))
            return 0;
        var modulo = Math.Truncate(number) % 4294967296.0;
        return unchecked((int)(uint)(long)(modulo < 0 ? modulo + 4294967296.0 : modulo));
    }

    public static uint ToUint32(Evaluation e, JsValue value) => unchecked((uint)ToInt32(e, value));

    /// <summary>A position counted from the start, or from the end when negative, kept within 0 and <paramref name="length"/>; as slice reads its arguments.</summary>
    public static int ToRelativePosition(Evaluation e, JsValue value, int length, int ifUndefined)
    {
        if (value.IsUndefined)
            return ifUndefined;
        var number = ToInteger(e, value);
        return number < 0 ? (int)Math.Max(0, length + number) : (int)Math.Min(number, length);
    }

    public static string TypeOf(JsValue value) => value switch
    {
        { IsUndefined: true } => "undefined",
        { IsNumber: true } => "number",
        { IsBoolean: true } => "boolean",
        { IsText: true } => "string",
        { Object: JsFunction } => "function",
        _ => "object",
    };

    /// <summary>===, where a script chose the operands: long texts are paid for, as nearly equal ones are compared to the end.</summary>
    public static bool StrictEquals(Evaluation e, JsValue left, JsValue right)
    {
        if (left.IsNumber)
            return right.IsNumber && left.Number == right.Number;
        if (left.TextLength is > CharactersPerStep and var length && length == right.TextLength)
            e.Step(length / CharactersPerStep);
        return StrictEquals(left, right);
    }

    /// <summary>===</summary>
    public static bool StrictEquals(JsValue left, JsValue right)
    {
        if (left.IsNumber)
            return right.IsNumber && left.Number == right.Number;
        if (left.IsText)
            return right.IsText && left.TextLength == right.TextLength && string.Equals(left.Text, right.Text, StringComparison.Ordinal);
        if (left.IsBoolean)
            return right.IsBoolean && left.Boolean == right.Boolean;
        return ReferenceEquals(left.Reference, right.Reference);
    }

    /// <summary>Equality of Map keys, Set members and includes: as ===, but NaN equals itself.</summary>
    public static bool SameValueZero(JsValue left, JsValue right) =>
        StrictEquals(left, right) || (left.IsNumber && right.IsNumber && double.IsNaN(left.Number) && double.IsNaN(right.Number));

    /// <summary>Object.is: as <see cref="SameValueZero"/>, but 0 and -0 differ.</summary>
    public static bool SameValue(JsValue left, JsValue right) =>
        SameValueZero(left, right) && (!left.IsNumber || double.IsNaN(left.Number) || BitConverter.DoubleToInt64Bits(left.Number) == BitConverter.DoubleToInt64Bits(right.Number));

    /// <summary>==</summary>
    public static bool LooseEquals(Evaluation e, JsValue left, JsValue right)
    {
        if (left.IsNullish || right.IsNullish)
            return left.IsNullish && right.IsNullish;
        if (left.IsObject && right.IsObject)
            return ReferenceEquals(left.Reference, right.Reference);
        if (left.IsObject)
            return LooseEquals(e, ToPrimitive(e, left), right);
        if (right.IsObject)
            return LooseEquals(e, left, ToPrimitive(e, right));
        if ((left.IsText && right.IsText) || (left.IsBoolean && right.IsBoolean))
            return StrictEquals(e, left, right);
        return ToNumber(e, left) == ToNumber(e, right);
    }
}
