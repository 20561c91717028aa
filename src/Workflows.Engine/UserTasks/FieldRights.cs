using System.Text.Json.Nodes;

namespace Workflows.Engine.UserTasks;

/// <summary>
/// What a node lets people do with single fields: <c>edit</c>, <c>read</c>, <c>hide</c> or <c>required</c>, by field name or label.
/// Applied when the task is made, so that what is hidden never leaves the engine and what is read-only is refused when changed.
/// </summary>
public static class FieldRights
{
    public static JsonNode? ToContent(JsonNode? content, JsonNode? rights)
    {
        if (content is not JsonObject facts || rights is not JsonObject given)
            return content?.DeepClone();
        return new JsonObject(facts.Where(f => RightTo(given, f.Key) != "hide").Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
    }

    public static JsonNode? ToForm(JsonNode? form, JsonNode? rights)
    {
        if (form?.DeepClone() is not JsonObject schema || rights is not JsonObject given || schema["properties"] is not JsonObject properties)
            return form?.DeepClone();
        var required = (schema["required"] as JsonArray ?? []).Select(r => (string?)r).OfType<string>().ToList();
        foreach (var name in properties.Select(p => p.Key).ToList())
        {
            switch (RightTo(given, name))
            {
                case "hide":
                    properties.Remove(name);
                    required.Remove(name);
                    break;
                case "read" when properties[name] is JsonObject rule:
                    rule["readOnly"] = true;
                    required.Remove(name);
                    break;
                case "required" when !required.Contains(name):
                    required.Add(name);
                    break;
            }
        }

        schema["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        return schema;
    }

    /// <summary>Names or labels that are hidden.</summary>
    public static IReadOnlyList<string> Hidden(JsonNode? rights) => rights is JsonObject given ? [.. given.Select(r => r.Key).Where(name => RightTo(given, name) == "hide")] : [];

    /// <summary>
    /// A form over the data of the process: every field begins with its present value and is for reading, unless the step gives
    /// <c>edit</c> or <c>required</c>.
    /// </summary>
    public static JsonNode? ToDataForm(JsonNode? form, JsonNode? rights, Func<string, JsonNode?> valueOf)
    {
        if (form is not JsonObject { } schema || schema["properties"] is not JsonObject properties)
            return null;
        var given = rights as JsonObject ?? [];
        var all = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)(RightTo(given, p.Key) ?? "read"))));
        if (ToForm(form, all) is not JsonObject made)
            return null;
        foreach (var (name, rule) in made["properties"]!.AsObject())
        {
            if (rule is JsonObject field && valueOf(name) is { } value)
                field["default"] = value.DeepClone();
        }

        return made;
    }

    /// <summary>True when whoever does the step may change the field.</summary>
    public static bool MayEdit(JsonNode? rights, string field) => rights is JsonObject given && RightTo(given, field) is "edit" or "required";

    private static string? RightTo(JsonObject rights, string field) => rights[field] is JsonValue value && value.TryGetValue(out string? right) ? right : null;
}
