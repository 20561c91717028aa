using System.Text.Json.Nodes;
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
        return new JsonObject
        {
            ["parent"] = parent,
            ["child"] = child.Id,
            ["status"] = child.Status.ToString(),
            ["subStatus"] = child.SubStatus.ToString(),
            ["output"] = output,
        };
    }

    public static string HashOf(string childInstanceId) => StimulusHash.Compute(Name, For(childInstanceId));
}
