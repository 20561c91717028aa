using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;

namespace Workflows.Host.Instances;

/// <summary>
/// Takes out of an instance's data what the steps of a person hide from them, wherever it stands: what a step hides must not be found by
/// another way.
/// </summary>
internal static class HiddenFields
{
    public static readonly IReadOnlySet<string> None = new HashSet<string>();

    /// <summary>Names as they stand in data, for rights that name fields by label.</summary>
    public static IReadOnlySet<string> WithNames(IReadOnlySet<string> hidden, WorkflowGraph? graph) => hidden.Count == 0 || graph is null ? hidden
        : hidden.Concat(graph.Inputs.Where(i => i.DisplayName is { } label && hidden.Contains(label)).Select(i => i.Name))
            .Concat(graph.Inputs.Where(i => i.DisplayName is not null && hidden.Contains(i.Name)).Select(i => i.DisplayName!)).ToHashSet();

    public static IReadOnlyDictionary<string, JsonNode?> Without(IReadOnlyDictionary<string, JsonNode?> values, IReadOnlySet<string> hidden) => hidden.Count == 0
        ? values
        : values.Where(v => !hidden.Contains(v.Key)).ToDictionary(v => v.Key, v => Without(v.Value, hidden));

    private static JsonNode? Without(JsonNode? value, IReadOnlySet<string> hidden) => value switch
    {
        JsonObject members => new JsonObject(members.Where(m => !hidden.Contains(m.Key)).Select(m => KeyValuePair.Create(m.Key, Without(m.Value, hidden)))),
        JsonArray items => new JsonArray([.. items.Select(i => Without(i, hidden))]),
        _ => value?.DeepClone(),
    };
}
