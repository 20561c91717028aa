using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Workflows.Engine.UserTasks;

/// <summary>What a task shows: facts, and the form with the values it begins with.</summary>
public sealed record ShownContent(JsonNode? Content, JsonNode? Form);

/// <summary>One thing that is shown otherwise than before.</summary>
/// <param name="Field">Label of the fact or name of the field.</param>
public sealed record ShownChange(string Field, JsonNode? Before, JsonNode? After);

/// <summary>What a person saw when they decided, as a hash: a decision on something else is refused.</summary>
public static class TaskContent
{
    /// <summary>Hash of title, facts and form; the same for equal JSON whatever the order of members. 32 hexadecimal digits.</summary>
    public static string HashOf(UserTask task)
    {
        var shown = new JsonArray(task.Title, Ordered(task.Content), Ordered(task.Form)).ToJsonString();
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(shown)).AsSpan(0, 16));
    }

    /// <summary>What is shown otherwise than before, by fact and by the value a field of the form begins with.</summary>
    public static IReadOnlyList<ShownChange> Changes(UserTask before, UserTask after)
    {
        var (was, now) = (Values(before), Values(after));
        return [.. was.Keys.Union(now.Keys).Where(k => !JsonNode.DeepEquals(was.GetValueOrDefault(k), now.GetValueOrDefault(k))).Select(k => new ShownChange(k, was.GetValueOrDefault(k)?.DeepClone(), now.GetValueOrDefault(k)?.DeepClone()))];
    }

    private static Dictionary<string, JsonNode?> Values(UserTask task)
    {
        var values = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, rule) in task.Form?["properties"] as JsonObject ?? [])
            values[(string?)rule?["title"] ?? name] = Plain(rule?["default"]);
        if (task.Content is JsonObject facts)
        {
            foreach (var (label, value) in facts)
                values[label] = Plain(value);
        }
        else if (task.Content is not null)
        {
            values[""] = Plain(task.Content);
        }

        return values;
    }

    // Numbers made in memory and numbers read from text compare as what they are written as.
    private static JsonNode? Plain(JsonNode? node) => node is null ? null : JsonNode.Parse(node.ToJsonString());

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
