using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Object and the methods every object has.</summary>
/// <remarks>
/// Prototypes, descriptors and getters do not exist: getPrototypeOf, setPrototypeOf, create, defineProperty, __proto__ and
/// constructor are simply not there. There are no wrapper objects either: Object("x") is "x".
/// </remarks>
internal static class ObjectLibrary
{
    public static readonly Members Methods = new()
    {
        { "hasOwnProperty", 1, (e, self, a) => HasOwn(e, self, Conversion.ToKey(e, a[0])) },
        { "propertyIsEnumerable", 1, (e, self, a) => Keys(e, self).Contains(Conversion.ToKey(e, a[0])) },
        { "toString", 0, (_, self, _) => $"[object {Kind(self)}]" },
        { "toLocaleString", 0, (e, self, _) => Conversion.ToText(e, self) },
        { "valueOf", 0, (e, self, _) => Defined(e, self) },
    };

    public static readonly NativeFunction Constructor = new(
        "Object", 1, (e, _, a) => Construct(e, a), ObjectStatics.Methods, Construct, v => v.IsObject);

    private static JsValue Construct(Evaluation e, Arguments a)
    {
        if (!a[0].IsNullish)
            return a[0];
        e.Allocate(64);
        return new JsObject();
    }

    /// <summary>Kind of a value as Object.prototype.toString names it.</summary>
    public static string Kind(JsValue value) => value switch
    {
        { IsUndefined: true } => "Undefined",
        { IsNull: true } => "Null",
        { IsText: true } => "String",
        { IsNumber: true } => "Number",
        { IsBoolean: true } => "Boolean",
        _ => value.Object!.Kind,
    };

    /// <summary>The value itself. Throws a TypeError of the script for undefined and null.</summary>
    public static JsValue Defined(Evaluation e, JsValue value) =>
        value.IsNullish ? throw e.TypeError("undefined 或 null 不能转换为对象 (cannot convert undefined or null to object)") : value;

    /// <summary>Whether the value has this property itself, listed or not.</summary>
    public static bool HasOwn(Evaluation e, JsValue value, string key)
    {
        if (Defined(e, value).Object is { } held)
            return held.TryGetOwn(key, out _);
        return value.IsText && (key == "length" || (IsPosition(key, value.TextLength) && JsObject.IsListKey(key)));
    }

    /// <summary>Names of the listed properties of a value: of objects and lists their own, of a text its positions.</summary>
    public static IReadOnlyList<string> Keys(Evaluation e, JsValue value)
    {
        if (Defined(e, value).Object is { } held)
        {
            if (held is JsArray list)
                e.Allocate(32L * list.Length);
            var keys = held.OwnKeys();
            e.AllocateElements(keys.Count);
            return keys;
        }

        e.Allocate(48L * value.TextLength);
        e.Step(value.TextLength);
        return [.. Enumerable.Range(0, value.TextLength).Select(i => NumberText.Of(i))];
    }

    /// <summary>Value of a property <see cref="Keys"/> named, as it is now.</summary>
    public static JsValue ValueOf(JsValue value, string key)
    {
        if (value.Object is { } held)
            return held.TryGetOwn(key, out var member) ? member : default;
        return value.Text!.Substring(int.Parse(key, System.Globalization.CultureInfo.InvariantCulture), 1);
    }

    private static bool IsPosition(string key, int length) =>
        int.TryParse(key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at) && at < length;
}
