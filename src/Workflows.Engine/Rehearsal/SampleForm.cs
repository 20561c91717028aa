using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Rehearsal;

/// <summary>Fills a form with what its rules accept, where nobody says how it is filled.</summary>
public static class SampleForm
{
    /// <summary>What is given, and for each required field that is not given the least that fits.</summary>
    public static JsonObject Fill(JsonNode? schema, JsonObject given, DateTimeOffset now)
    {
        var filled = (JsonObject)given.DeepClone();
        var required = (schema?["required"] as JsonArray)?.Select(r => (string)r!).ToHashSet() ?? [];
        foreach (var (name, field) in schema?["properties"] as JsonObject ?? [])
        {
            if (!filled.ContainsKey(name) && required.Contains(name))
                filled[name] = Value(field, now, 0);
        }

        return filled;
    }

    private static JsonNode? Value(JsonNode? field, DateTimeOffset now, int depth)
    {
        if ((field?["const"] ?? field?["default"]) is { } said)
            return said.DeepClone();
        if (field?["enum"] is JsonArray { Count: > 0 } options)
            return options[0]?.DeepClone();
        return (string?)field?["type"] switch
        {
            "integer" or "number" => field["minimum"]?.DeepClone() ?? JsonValue.Create(1),
            "boolean" => true,
            "array" => new JsonArray([.. Enumerable.Range(0, Math.Max(1, (int?)field["minItems"] ?? 1)).Select(_ => depth > 3 ? null : Value(field["items"], now, depth + 1))]),
            "object" => new JsonObject((field["properties"] as JsonObject ?? []).Select(p => KeyValuePair.Create(p.Key, depth > 3 ? null : Value(p.Value, now, depth + 1)))),
            _ => (string?)field?["format"] switch
            {
                "date" => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                "date-time" => now.ToString("O", CultureInfo.InvariantCulture),
                "email" => "example@example.com",
                _ => Text(field),
            },
        };
    }

    private static string Text(JsonNode? field)
    {
        var text = "演练";
        var least = (int?)field?["minLength"] ?? 0;
        return text.Length < least ? text.PadRight(least, '。') : text;
    }
}
