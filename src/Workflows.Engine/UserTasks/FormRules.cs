using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.UserTasks;

/// <summary>
/// Checks a filled form against the part of JSON Schema that task forms use: type, required, enum, const, minimum,
/// maximum, minLength, maxLength, and unknown fields. Messages are for the person, in Chinese, by field.
/// </summary>
public static class FormRules
{
    private static readonly Dictionary<string, string> None = [];

    public static IReadOnlyDictionary<string, string> Check(JsonNode? schema, JsonNode? form)
    {
        if (form is not (null or JsonObject))
            return new Dictionary<string, string> { [""] = "表单必须是一个对象" };
        if (schema is not JsonObject { } rules || rules["properties"] is not JsonObject properties)
            return schema is null && form is JsonObject { Count: > 0 } ? new Dictionary<string, string> { [""] = "此任务没有表单" } : None;

        var given = form as JsonObject ?? [];
        var errors = new Dictionary<string, string>();
        foreach (var name in (rules["required"] as JsonArray ?? []).Select(Text).OfType<string>())
        {
            if (given[name] is null || (given[name] is JsonValue v && v.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text)))
                errors[name] = "此项必填";
        }

        foreach (var (name, value) in given)
        {
            if (properties[name] is not JsonObject rule)
                errors[name] = "表单中没有此项";
            else if (IsReadOnly(rule) && !JsonNode.DeepEquals(rule["default"], value))
                errors[name] = "此项只读";
            else if (value is not null && !errors.ContainsKey(name) && Breach(rule, value) is { } breach)
                errors[name] = breach;
        }

        return errors;
    }

    private static bool IsReadOnly(JsonObject rule) => rule["readOnly"] is JsonValue flag && flag.TryGetValue(out bool isReadOnly) && isReadOnly;

    private static string? Breach(JsonObject rule, JsonNode value)
    {
        var kind = value.GetValueKind();
        // A list of types is JSON Schema too: any of them fits.
        var types = rule["type"] is JsonArray several ? several.Select(Text).ToList() : [Text(rule["type"])];
        if (types.Count > 0 && !types.Any(type => Fits(type, kind, value)))
            return "类型不对";
        if (rule["const"] is { } only && !JsonNode.DeepEquals(only, value))
            return Text(rule["x-mismatch"]) ?? "与要求的内容不一致";
        if (rule["enum"] is JsonArray choices && !choices.Any(c => JsonNode.DeepEquals(c, value)))
            return "不在可选范围内";
        if (kind == JsonValueKind.String)
        {
            var length = new StringInfo((string)value!).LengthInTextElements;
            if (Number(rule["minLength"]) is { } min && length < min)
                return $"至少 {rule["minLength"]!.ToJsonString()} 个字";
            if (Number(rule["maxLength"]) is { } max && length > max)
                return $"最多 {rule["maxLength"]!.ToJsonString()} 个字";
        }

        if (kind == JsonValueKind.Number)
        {
            var number = Number(value);
            if (Number(rule["minimum"]) is { } min && !(number >= min))
                return $"不能小于 {rule["minimum"]!.ToJsonString()}";
            if (Number(rule["maximum"]) is { } max && !(number <= max))
                return $"不能大于 {rule["maximum"]!.ToJsonString()}";
        }

        return null;
    }

    private static bool Fits(string? type, JsonValueKind kind, JsonNode value) => type switch
    {
        "string" => kind == JsonValueKind.String,
        "number" => kind == JsonValueKind.Number,
        "integer" => kind == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n == decimal.Truncate(n),
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "array" => kind == JsonValueKind.Array,
        "object" => kind == JsonValueKind.Object,
        // What is null is not asked here.
        "null" => false,
        _ => true,
    };

    // A schema comes from a definition or an expression, so a member may be anything; one that makes no sense asks for nothing.
    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
