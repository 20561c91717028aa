using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Bookmarks;

/// <summary>
/// The waiting point of a parent for one child instance. Activities that start children and wait use this name and stimulus,
/// shared, so that the end of the child finds them.
/// </summary>
public static class ChildCompletionStimulus
{
    public const string Name = "Workflows.ChildCompleted";

    public static JsonObject For(string childInstanceId) => new() { ["ChildInstanceId"] = childInstanceId };

    /// <summary>The child that a bookmark of this name waits for.</summary>
    public static string ChildOf(Bookmark bookmark) => (string)bookmark.Payload!["ChildInstanceId"]!;

    /// <summary>What a finished child tells its parent, however it ended.</summary>
    public static JsonObject NewsOf(WorkflowInstance child, string parent)
    {
        var output = new JsonObject();
        foreach (var (name, value) in child.Output)
            output[name] = value?.DeepClone();
        var news = new JsonObject
        {
            ["parent"] = parent,
            ["child"] = child.Id,
            ["status"] = child.Status.ToString(),
            ["subStatus"] = child.SubStatus.ToString(),
            ["output"] = output,
        };
        if (DecidersOf(child.Properties) is { Count: > 0 } deciders)
            news["deciders"] = new JsonArray([.. deciders.Select(n => (JsonNode)n)]);
        return news;
    }

    /// <summary>Everybody who decided in an instance or in those related to it.</summary>
    public static IReadOnlyList<string> DecidersOf(IReadOnlyDictionary<string, JsonNode?> properties) =>
    [
        .. (properties.GetValueOrDefault(Burst.DecidersKey) as JsonObject ?? []).SelectMany(d => d.Value is JsonArray several ? Burst.NamesIn(several) : [(string)d.Value!])
            .Concat(Burst.NamesIn(properties.GetValueOrDefault(Burst.RelatedDecidersKey))).Distinct(),
    ];

    /// <summary>Everybody who decided in the instances related to an instance.</summary>
    public static IReadOnlyList<string> RelatedDecidersOf(IReadOnlyDictionary<string, JsonNode?> properties) => Burst.NamesIn(properties.GetValueOrDefault(Burst.RelatedDecidersKey));

    /// <summary>Everybody who applied for what an instance belongs to, but its own applicant.</summary>
    public static IReadOnlyList<string> InitiatorsOf(IReadOnlyDictionary<string, JsonNode?> properties) => Burst.NamesIn(properties.GetValueOrDefault(Burst.RelatedInitiatorsKey));

    /// <summary>What a start tells a child of its family.</summary>
    public static void TellFamily(JsonObject payload, string? initiator, IReadOnlyDictionary<string, JsonNode?> properties)
    {
        payload["deciders"] = new JsonArray([.. DecidersOf(properties).Select(n => (JsonNode)n)]);
        payload["initiators"] = new JsonArray([.. InitiatorsOf(properties).Append(initiator).OfType<string>().Distinct().Select(n => (JsonNode)n)]);
    }

    /// <summary>What a child keeps of it.</summary>
    internal static void KeepFamily(Dictionary<string, JsonNode?> properties, JsonObject payload)
    {
        if (payload["deciders"] is JsonArray { Count: > 0 } deciders)
            properties[Burst.RelatedDecidersKey] = deciders.DeepClone();
        if (payload["initiators"] is JsonArray { Count: > 0 } initiators)
            properties[Burst.RelatedInitiatorsKey] = initiators.DeepClone();
    }

    public static string HashOf(string childInstanceId) => StimulusHash.Compute(Name, For(childInstanceId));
}
