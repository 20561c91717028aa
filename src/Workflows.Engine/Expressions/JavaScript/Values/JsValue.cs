using System.Runtime.CompilerServices;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>
/// A value of a script: undefined, null, a flag, a number, text or an object. Sixteen bytes, no allocation for numbers.
/// </summary>
/// <remarks>The reference tells the kind: a marker object for everything that is not text or an object of the script.</remarks>
internal readonly struct JsValue
{
    private static readonly object NullMark = new();
    private static readonly object NumberMark = new();
    private static readonly object BooleanMark = new();
    private static readonly object HoleMark = new();

    private readonly object? _reference;
    private readonly double _number;

    private JsValue(object? reference, double number = 0)
    {
        _reference = reference;
        _number = number;
    }

    public static JsValue Undefined => default;

    public static JsValue Null => new(NullMark);

    public static JsValue True => new(BooleanMark, 1);

    public static JsValue False => new(BooleanMark);

    /// <summary>A list element that was never set, or a variable before its declaration ran. Never seen by scripts.</summary>
    public static JsValue Hole => new(HoleMark);

    public static JsValue NaN => new(NumberMark, double.NaN);

    public bool IsUndefined => _reference is null;

    public bool IsNull => ReferenceEquals(_reference, NullMark);

    /// <summary>null or undefined.</summary>
    public bool IsNullish => _reference is null || ReferenceEquals(_reference, NullMark);

    public bool IsHole => ReferenceEquals(_reference, HoleMark);

    public bool IsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(_reference, NumberMark);
    }

    public bool IsBoolean => ReferenceEquals(_reference, BooleanMark);

    public bool IsText => _reference is string or JsRope;

    public bool IsObject => _reference is JsObject;

    /// <summary>The number; meaningful only when <see cref="IsNumber"/>.</summary>
    public double Number => _number;

    /// <summary>The flag; meaningful only when <see cref="IsBoolean"/>.</summary>
    public bool Boolean => _number != 0;

    /// <summary>The text, made whole if it was put together from pieces; null when the value is no text.</summary>
    public string? Text => _reference as string ?? (_reference as JsRope)?.ToString();

    /// <summary>Length of a text without putting it together; 0 when the value is no text.</summary>
    public int TextLength => _reference is string text ? text.Length : _reference is JsRope rope ? rope.Length : 0;

    /// <summary>The object (list, function, date, ...); null when the value is none.</summary>
    public JsObject? Object
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _reference as JsObject;
    }

    internal object? Reference => _reference;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsValue Of(double number) => new(NumberMark, number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsValue Of(bool flag) => new(BooleanMark, flag ? 1 : 0);

    public static JsValue Of(string text) => new(text);

    public static JsValue Of(JsRope text) => new(text);

    public static JsValue Of(JsObject value) => new(value);

    public static implicit operator JsValue(double number) => Of(number);

    public static implicit operator JsValue(bool flag) => Of(flag);

    public static implicit operator JsValue(string text) => Of(text);

    public static implicit operator JsValue(JsObject value) => Of(value);

    public override string ToString() => Text ?? (IsNumber ? _number.ToString(System.Globalization.CultureInfo.InvariantCulture) : IsBoolean ? Boolean.ToString() : IsNull ? "null" : IsUndefined ? "undefined" : _reference!.GetType().Name);
}
