using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions;

/// <summary>
/// Elsa's names of value types: short aliases ("String", "Int32[]") and assembly-qualified CLR names, as they stand in
/// definitions. Types that only Elsa has are treated as JSON data.
/// </summary>
public static class TypeNames
{
    private static readonly Dictionary<string, Type> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["String"] = typeof(string),
        ["Boolean"] = typeof(bool),
        ["Byte"] = typeof(int),
        ["Int16"] = typeof(int),
        ["Int32"] = typeof(int),
        ["Int64"] = typeof(long),
        ["Single"] = typeof(double),
        ["Double"] = typeof(double),
        ["Decimal"] = typeof(decimal),
        ["DateTime"] = typeof(DateTime),
        ["DateTimeOffset"] = typeof(DateTimeOffset),
        ["TimeSpan"] = typeof(TimeSpan),
        ["Guid"] = typeof(Guid),
        ["JsonNode"] = typeof(JsonNode),
        ["JsonElement"] = typeof(JsonNode),
        ["JsonObject"] = typeof(JsonObject),
        ["JsonArray"] = typeof(JsonArray),
        ["ObjectDictionary"] = typeof(JsonObject),
        ["StringDictionary"] = typeof(JsonObject),
        ["ExpandoObject"] = typeof(JsonObject),
    };

    /// <summary>CLR type of a name; null when the name says nothing about the value (Object, unknown names).</summary>
    /// <param name="name">Alias, "alias[]", CLR full name or assembly-qualified name.</param>
    /// <param name="isArray">True when the declaration says "a list of these".</param>
    public static Type? Find(string? name, bool isArray = false)
    {
        if (string.IsNullOrWhiteSpace(name))
            return isArray ? typeof(JsonArray) : null;
        if (isArray || name.EndsWith("[]", StringComparison.Ordinal))
            return typeof(JsonArray);

        var shortName = name.Split(',')[0].Trim();
        if (shortName.StartsWith("System.", StringComparison.Ordinal) && shortName.LastIndexOf('.') is var dot)
            shortName = shortName[(dot + 1)..];
        return Known.GetValueOrDefault(shortName);
    }
}
