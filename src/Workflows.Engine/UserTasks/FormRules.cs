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
        if (schema is not JsonObject { } rules || rules["properties"] is not JsonObject properties)
            return None;
        if (form is not (null or JsonObject))
            return new Dictionary<string, string> { [""] = "表单必须是一个对象" };

        var given = form as JsonObject ?? [];
        var errors = new Dictionary<string, string>();
        foreach (var name in (rules["required"] as JsonArray ?? []).Select(n => (string?)n).OfType<string>())
        {
            if (given[name] is null || (given[name] is JsonValue v && v.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text)))
                errors[name] = "此项必填";
        }

        foreach (var (name, value) in given)
        {
            if (properties[name] is not JsonObject rule)
                errors[name] = "表单中没有此项";
            else if (value is not null && !errors.ContainsKey(name) && Breach(rule, value) is { } breach)
                errors[name] = breach;
        }

        return errors;
    }

    private static string? Breach(JsonObject rule, JsonNode value)
    {
        var kind = value.GetValueKind();
        var fits = (string?)rule["type"] switch
        {
            "string" => kind == JsonValueKind.String,
            "number" => kind == JsonValueKind.Number,
            "integer" => kind == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n == decimal.Truncate(n),
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "array" => kind == JsonValueKind.Array,
            "object" => kind == JsonValueKind.Object,
            _ => true,
        };
        if (!fits)
            return "类型不对";
        if (rule["const"] is { } only && !JsonNode.DeepEquals(only, value))
            return rule["x-mismatch"] is { } told ? (string)told! : "与要求的内容不一致";
        if (rule["enum"] is JsonArray choices && !choices.Any(c => JsonNode.DeepEquals(c, value)))
            return "不在可选范围内";
        if (kind == JsonValueKind.String)
        {
            var length = new StringInfo((string)value!).LengthInTextElements;
            if (rule["minLength"] is { } min && length < (int)min)
                return $"至少 {(int)min} 个字";
            if (rule["maxLength"] is { } max && length > (int)max)
                return $"最多 {(int)max} 个字";
        }

        if (kind == JsonValueKind.Number)
        {
            var number = (double)value;
            if (rule["minimum"] is { } min && number < (double)min)
                return $"不能小于 {min.ToJsonString()}";
            if (rule["maximum"] is { } max && number > (double)max)
                return $"不能大于 {max.ToJsonString()}";
        }

        return null;
    }
}
