using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;

namespace Workflows.Host.Pages.Forms;

/// <summary>
/// What a task's content is called when it is what somebody filled in before: the fields' names are then the form's, and so are their titles.
/// </summary>
internal static class ContentLabels
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>Graphs do not change; what one node's content is called is looked up once.</summary>
    private static readonly ConditionalWeakTable<ActivityNode, IReadOnlyDictionary<string, string>> Known = [];

    /// <summary>Titles by field name for the content of a node; empty where the content brings labels of its own.</summary>
    public static IReadOnlyDictionary<string, string> Of(WorkflowGraph? graph, string nodeId) =>
        graph?.Find(nodeId) is not { } node ? None : Known.GetValue(node, n => VariableOf(n) is { } variable ? TitlesOf(graph, variable) : None);

    private static string? VariableOf(ActivityNode node) =>
        node.Json["content"] is JsonObject content && content["expression"] is JsonObject { } expression && expression["type"] is JsonValue type && type.ToString() == "Variable"
            ? (expression["value"] as JsonObject)?["id"]?.ToString()
            : null;

    private static Dictionary<string, string> TitlesOf(WorkflowGraph graph, string variable)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes.Where(n => n.Json["form"] is JsonObject && Writes(n.Json, variable)))
        {
            foreach (var (name, field) in PropertiesOf(node))
            {
                if (field is JsonObject && field["title"]?.ToString() is { Length: > 0 } title)
                    titles.TryAdd(name, title);
            }
        }

        return titles;
    }

    private static bool Writes(JsonObject node, string variable) =>
        node.Any(member => member.Value is JsonObject output && output["memoryReference"] is JsonObject reference && reference["id"]?.ToString() == variable);

    private static JsonObject PropertiesOf(ActivityNode node)
    {
        if (node.Json["form"]!["expression"] is not JsonObject expression || expression["value"] is not { } value)
            return [];
        try
        {
            var schema = value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? JsonNode.Parse((string)text!) : value;
            return schema is JsonObject form && form["properties"] is JsonObject properties ? properties : [];
        }
        catch (JsonException)
        {
            // A form that an expression makes has no titles before it is made.
            return [];
        }
    }
}
