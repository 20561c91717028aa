using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.Liquid;

internal enum LiquidKind
{
    Nil,
    Bool,
    Number,
    Text,
    List,
    Map,

    /// <summary>The word <c>empty</c>: equal to a text, list or object with nothing in it.</summary>
    Empty,

    /// <summary>The word <c>blank</c>: also equal to nil, false and white space.</summary>
    Blank,
}

/// <summary>
/// A value while a template runs: JSON data seen without copying it. Numbers are decimals, so that money adds up; the
/// few JSON numbers a decimal cannot hold stay doubles.
/// </summary>
internal readonly struct LiquidValue
{
    private readonly object? _reference;
    private readonly decimal _number;

    private LiquidValue(LiquidKind kind, object? reference, decimal number = 0, bool isMarkup = false)
    {
        Kind = kind;
        _reference = reference;
        _number = number;
        IsMarkup = isMarkup;
    }

    public static LiquidValue Nil => default;

    public static LiquidValue True { get; } = new(LiquidKind.Bool, null, 1);

    public static LiquidValue False { get; } = new(LiquidKind.Bool, null);

    public static LiquidValue Empty { get; } = new(LiquidKind.Empty, null);

    public static LiquidValue Blank { get; } = new(LiquidKind.Blank, null);

    public static LiquidValue EmptyText { get; } = new(LiquidKind.Text, "");

    public LiquidKind Kind { get; }

    /// <summary>Text that is already fit for HTML: put out as it is.</summary>
    public bool IsMarkup { get; }

    public bool IsNil => Kind == LiquidKind.Nil;

    /// <summary>Only nil and false are not.</summary>
    public bool IsTruthy => Kind switch
    {
        LiquidKind.Nil => false,
        LiquidKind.Bool => _number != 0,
        _ => true,
    };

    public string Text => (string)_reference!;

    public LiquidList List => (LiquidList)_reference!;

    public LiquidMap Map => (LiquidMap)_reference!;

    /// <summary>False for a number that only a double can hold.</summary>
    public bool IsExact => _reference is null;

    public decimal Exact => _number;

    public double Double => _reference is double wide ? wide : (double)_number;

    public static LiquidValue Of(bool value) => value ? True : False;

    public static LiquidValue Of(string value) => new(LiquidKind.Text, value);

    public static LiquidValue Of(decimal value) => new(LiquidKind.Number, null, value);

    public static LiquidValue Of(LiquidList value) => new(LiquidKind.List, value);

    public static LiquidValue Of(LiquidMap value) => new(LiquidKind.Map, value);

    public static LiquidValue Markup(string value) => new(LiquidKind.Text, value, isMarkup: true);

    public static LiquidValue Of(double value) => LiquidNumbers.TryExact(value, out var exact) ? Of(exact) : new(LiquidKind.Number, value);

    public static LiquidValue From(JsonNode? node) => node switch
    {
        null => Nil,
        JsonObject map => Of(new JsonMap(map)),
        JsonArray list => Of(new JsonList(list)),
        _ => FromScalar((JsonValue)node),
    };

    private static LiquidValue FromScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.Number => LiquidNumbers.Parse(value.ToJsonString()) ?? Nil,
        JsonValueKind.String => Of(value.TryGetValue(out string? text) ? text : value.Deserialize<string>() ?? ""),
        _ => Nil,
    };
}
