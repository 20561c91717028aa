using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

/// <summary>What the loops have in common.</summary>
internal static class Loop
{
    public const string CurrentValue = "CurrentValue";
    public const string CurrentIndex = "CurrentIndex";

    /// <summary>A break ends the nearest loop; its completion cancels the body.</summary>
    public static bool EndsWith(ActivityContext context, Signal signal)
    {
        if (signal is not Signal.Break)
            return false;
        context.Complete();
        return true;
    }

    public static Dictionary<string, JsonNode?> Variables(JsonNode? value, int index) => new()
    {
        [CurrentValue] = value?.DeepClone(),
        [CurrentIndex] = index,
    };

    /// <summary>Items of a list value: an array, JSON text of one, or one value alone.</summary>
    public static IReadOnlyList<JsonNode?> Items(JsonNode? value) => value switch
    {
        null => [],
        JsonArray items => [.. items],
        JsonValue text when text.TryGetValue(out string? json) && json.TrimStart().StartsWith('[') && Parse(json) is { } items => [.. items],
        _ => [value],
    };

    private static JsonArray? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonArray;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
