using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>Reading JSON that strangers wrote: the wrong type counts as absent, nothing throws.</summary>
public static class JsonReading
{
    public static string? Text(this JsonObject json, string member) =>
        json[member] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    public static bool Flag(this JsonObject? json, string member) => json?[member] is JsonValue value && value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => bool.TryParse(value.GetValue<string>(), out var flag) && flag,
        _ => false,
    };

    public static int? Number(this JsonObject json, string member) =>
        json[member] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public static JsonObject? Object(this JsonObject json, string member) => json[member] as JsonObject;

    public static IEnumerable<JsonObject> Objects(this JsonObject json, string member) =>
        json[member] is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>A member by name, without regard to case when the exact name is absent.</summary>
    public static JsonNode? Member(this JsonObject json, string name) =>
        json.TryGetPropertyValue(name, out var value) ? value : json.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
