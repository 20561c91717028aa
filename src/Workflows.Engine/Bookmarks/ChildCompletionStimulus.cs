using System.Text.Json.Nodes;

namespace Workflows.Engine.Bookmarks;

/// <summary>
/// The waiting point of a parent for one child instance. Activities that start children and wait use this name and stimulus,
/// shared, so that the end of the child finds them.
/// </summary>
public static class ChildCompletionStimulus
{
    public const string Name = "Workflows.ChildCompleted";

    public static JsonObject For(string childInstanceId) => new() { ["ChildInstanceId"] = childInstanceId };

    public static string HashOf(string childInstanceId) => StimulusHash.Compute(Name, For(childInstanceId));
}
