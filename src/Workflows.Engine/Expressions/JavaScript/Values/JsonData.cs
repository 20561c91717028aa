using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>The border between scripts and the engine: JSON data in, JSON data out, nothing else.</summary>
internal static class JsonData
{
    // Design section 9: JSON depth 64. A cycle ends here too.
    private const int MaxDepth = 64;

    /// <summary>Shows JSON data to a script; objects and lists are converted as they are read.</summary>
    public static JsValue In(JsonNode? node, Origin? origin) => node switch
    {
        null => JsValue.Null,
        JsonObject source => new JsObject(source, origin),
        JsonArray source => new JsArray(source, origin),
        JsonValue scalar => Scalar(scalar),
        _ => JsValue.Undefined,
    };

    /// <summary>
    /// A script's value as JSON data: as JSON.stringify sees it, so dates become text, undefined and functions are left out of
    /// objects and become null in lists. Throws <see cref="ExpressionError"/> for data deeper than 64 levels or with a cycle.
    /// </summary>
    public static JsonNode? Out(Evaluation e, JsValue value) => Out(e, value, 0);

    private static JsonNode? Out(Evaluation e, JsValue value, int depth)
    {
        if (depth > MaxDepth)
            throw new ExpressionError("结果嵌套超过 64 层或循环引用自身 (the result is nested deeper than 64 levels, or contains itself)");
        e.Step();
        if (value.Object is not { } held)
            return FromScalar(value);
        if (held.Unchanged is { } unchanged)
            return depth == 0 ? unchanged : unchanged.DeepClone();
        if (held is JsArray list)
        {
            var array = new JsonArray();
            for (var i = 0; i < list.Length; i++)
                array.Add(Out(e, list[i], depth + 1));
            return array;
        }

        if (held is JsFunction)
            return null;
        var toJson = held.Get("toJSON");
        if (toJson.Object is JsFunction)
            return Out(e, e.Call(toJson, value), depth + 1);

        var result = new JsonObject();
        foreach (var key in held.OwnKeys())
        {
            held.TryGetOwn(key, out var member);
            if (!member.IsUndefined && member.Object is not JsFunction)
                result[key] = Out(e, member, depth + 1);
        }

        return result;
    }

    private static JsonValue? FromScalar(JsValue value)
    {
        if (value.Text is { } text)
            return JsonValue.Create(text);
        if (value.IsBoolean)
            return JsonValue.Create(value.Boolean);
        if (!value.IsNumber || !double.IsFinite(value.Number))
            return null;

        // Whole numbers stay whole, so that 3 is stored as 3 and a target of type Int32 takes it.
        var number = value.Number;
        return Math.Abs(number) <= 9007199254740992 && number == Math.Floor(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);
    }

    /// <remarks>Stored data comes as <see cref="JsonElement"/>, data made by code as CLR values; asking for the element first saves boxing.</remarks>
    private static JsValue Scalar(JsonValue scalar)
    {
        switch (scalar.GetValueKind())
        {
            case JsonValueKind.String:
                return scalar.TryGetValue(out JsonElement stored) ? stored.GetString()!
                    : scalar.TryGetValue(out string? text) ? text
                    : JsonNode.Parse(scalar.ToJsonString())!.GetValue<string>();
            case JsonValueKind.Number:
                return scalar.TryGetValue(out JsonElement element) ? element.GetDouble()
                    : scalar.TryGetValue(out double number) ? number
                    : scalar.TryGetValue(out int small) ? small
                    : scalar.TryGetValue(out long whole) ? whole
                    : double.Parse(scalar.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return JsValue.Undefined;
        }
    }
}
