using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Host.Pages.Forms;

/// <summary>
/// Reads the fields of a task's form out of its JSON Schema. Hints: <c>title</c>, <c>description</c>, <c>format</c> (date, date-time,
/// textarea, money, person, people), <c>x-widget</c> with the same words, <c>x-enumLabels</c>, <c>readOnly</c>, <c>x-hidden</c>. A list of objects is a detail table.
/// </summary>
internal static class SchemaForm
{
    // A text that may be longer than this is no single line.
    private const int LongestLine = 200;

    public static IReadOnlyList<FormField> Of(JsonNode? schema)
    {
        if (schema is not JsonObject form || form["properties"] is not JsonObject properties)
            return [];
        var required = (form["required"] as JsonArray ?? []).Select(Text).ToHashSet();
        return [.. properties.Where(p => p.Value is JsonObject rule && !Flag(rule["x-hidden"])).Select(p => Field(p.Key, p.Value!.AsObject(), required.Contains(p.Key)))];
    }

    private static FormField Field(string name, JsonObject rule, bool required)
    {
        var hint = Text(rule["x-widget"]) ?? Text(rule["format"]);
        var type = rule["type"] is JsonArray several ? several.Select(Text).FirstOrDefault(x => x != "null") : Text(rule["type"]);
        var maxLength = rule["maxLength"] is JsonValue length && length.TryGetValue(out int most) ? most : (int?)null;
        var items = rule["items"] as JsonObject;
        var kind = type switch
        {
            "boolean" => FieldKind.Check,
            "integer" => FieldKind.Integer,
            "number" => hint is "money" or "currency" ? FieldKind.Money : FieldKind.Number,
            "array" when hint == "people" => FieldKind.People,
            "array" => items?["enum"] is JsonArray ? FieldKind.Choices : items?["properties"] is JsonObject ? FieldKind.Table : FieldKind.Lines,
            "object" => FieldKind.LongText,
            _ => hint switch
            {
                "person" => FieldKind.Person,
                "date" => FieldKind.Date,
                "date-time" => FieldKind.DateTime,
                "textarea" or "multiline" => FieldKind.LongText,
                _ => maxLength > LongestLine ? FieldKind.LongText : FieldKind.Text,
            },
        };
        var choices = rule["enum"] as JsonArray ?? items?["enum"] as JsonArray;
        if (rule["enum"] is JsonArray && type is not ("array" or "boolean"))
            kind = FieldKind.Choice;
        var labels = (rule["x-enumLabels"] ?? items?["x-enumLabels"]) as JsonArray;
        return new FormField(name, Text(rule["title"]) ?? name, kind, required)
        {
            Help = Text(rule["description"]),
            Options = choices is null ? [] : [.. choices.Select((c, i) => new FormOption(Word(c), Text(labels is not null && i < labels.Count ? labels[i] : null) ?? Word(c)))],
            OptionsAreNumbers = choices is not null && choices.All(c => c?.GetValueKind() == JsonValueKind.Number),
            Columns = kind == FieldKind.Table ? Of(items) : [],
            ReadOnly = Flag(rule["readOnly"]),
            MaxLength = maxLength,
            Initial = Word(rule["default"]),
            TakesJson = type == "object",
        };
    }

    internal static string Word(JsonNode? node) => node is null ? "" : node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;
}
