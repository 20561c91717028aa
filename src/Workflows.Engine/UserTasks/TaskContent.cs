using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Workflows.Engine.UserTasks;

/// <summary>What a person saw when they decided, as a hash: a decision on something else is refused.</summary>
public static class TaskContent
{
    /// <summary>Hash of title, facts and form; the same for equal JSON whatever the order of members. 32 hexadecimal digits.</summary>
    public static string HashOf(UserTask task)
    {
        var shown = new JsonArray(task.Title, Ordered(task.Content), Ordered(task.Form)).ToJsonString();
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(shown)).AsSpan(0, 16));
    }

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
