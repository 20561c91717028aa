using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>An activity found inside another one.</summary>
/// <param name="Branch">Where: "then", "activities", "cases[0].activity".</param>
/// <param name="Json">The activity.</param>
/// <param name="IsListItem">True when the branch is a list of activities.</param>
public sealed record NestedActivity(string Branch, JsonObject Json, bool IsListItem);

/// <summary>An expression found inside an unwrapped member: "cases[0].condition".</summary>
public sealed record NestedExpression(string Path, JsonObject Json);

/// <summary>
/// What in an activity's JSON is itself an activity or an expression. Decided by shape, not by type, so that activities
/// nested in types nobody here knows are found too.
/// </summary>
public static class ActivityShape
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "id", "nodeId", "name", "type", "version", "customProperties", "metadata", "variables", "connections", "links",
    };

    private static readonly HashSet<string> ExpressionMembers = new(StringComparer.Ordinal) { "condition", "expression" };

    // Members that hold an activity and nothing else in Elsa's types.
    private static readonly HashSet<string> ActivityMembers = new(StringComparer.Ordinal)
    {
        "root", "then", "else", "body", "default", "activity", "entry", "exit", "trigger", "action",
    };

    public static bool IsActivity(JsonNode? node, string member) => node is JsonObject json
        && json.Text("type") is { } type
        && !ExpressionMembers.Contains(member)
        && !json.ContainsKey("typeName")
        && (ActivityMembers.Contains(member) || member is "activities" or "branches"
            ? !json.ContainsKey("value") || json.ContainsKey("id")
            : json.ContainsKey("id") && (json.ContainsKey("version") || json.ContainsKey("nodeId") || json.ContainsKey("metadata") || type.StartsWith("Elsa.", StringComparison.Ordinal)));

    /// <summary>Activities directly inside this one, in document order.</summary>
    public static IEnumerable<NestedActivity> Nested(JsonObject activity)
    {
        foreach (var (member, value) in activity)
        {
            if (Reserved.Contains(member))
                continue;
            foreach (var found in Find(value, member, member))
                yield return found;
        }
    }

    /// <summary>Expressions inside a member that is not itself a wrapped input.</summary>
    public static IEnumerable<NestedExpression> Expressions(JsonObject activity)
    {
        foreach (var (member, value) in activity)
        {
            if (Reserved.Contains(member) || IsActivity(value, member) || IsWrapped(value))
                continue;
            foreach (var found in FindExpressions(value, member, member))
                yield return found;
        }
    }

    /// <summary>True for {typeName, expression, memoryReference}.</summary>
    public static bool IsWrapped(JsonNode? value) => value is JsonObject json
        && (json.ContainsKey("typeName") || json.ContainsKey("memoryReference") || json["expression"] is JsonObject);

    private static IEnumerable<NestedActivity> Find(JsonNode? value, string path, string member)
    {
        switch (value)
        {
            case JsonObject json when IsActivity(json, member):
                yield return new NestedActivity(path, json, false);
                break;
            case JsonObject json when !IsWrapped(json):
                foreach (var (name, inner) in json)
                {
                    foreach (var found in Find(inner, $"{path}.{name}", name))
                        yield return found;
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (IsActivity(items[i], member))
                    {
                        yield return new NestedActivity(path, (JsonObject)items[i]!, true);
                        continue;
                    }

                    foreach (var found in Find(items[i], $"{path}[{i}]", ""))
                        yield return found;
                }

                break;
        }
    }

    private static IEnumerable<NestedExpression> FindExpressions(JsonNode? value, string path, string member)
    {
        switch (value)
        {
            case JsonObject json when IsActivity(json, member) || IsWrapped(json):
                break;
            case JsonObject json when ExpressionMembers.Contains(member) && json.Text("type") is not null:
                yield return new NestedExpression(path, json);
                break;
            case JsonObject json:
                foreach (var (name, inner) in json)
                {
                    foreach (var found in FindExpressions(inner, $"{path}.{name}", name))
                        yield return found;
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (IsActivity(items[i], member))
                        continue;
                    foreach (var found in FindExpressions(items[i], $"{path}[{i}]", ""))
                        yield return found;
                }

                break;
        }
    }
}
