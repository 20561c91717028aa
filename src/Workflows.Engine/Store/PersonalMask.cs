using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Store;

/// <summary>
/// Masks what is personal in the data of one instance, wherever it stands. What can go wrong: an input is masked and the same value shows in a variable, in an
/// activity's input of another name, or in the middle of a sentence. The rule: what the definition calls personal is masked by its name at any depth, and the values of
/// these inputs and variables are masked wherever they are found.
/// </summary>
public sealed class PersonalMask
{
    private readonly IReadOnlySet<string> _names;
    private readonly PersonalTraces _traces;

    /// <param name="graph">Says what is personal; a definition that is gone says nothing.</param>
    public PersonalMask(WorkflowInstance state, WorkflowGraph? graph)
    {
        _names = graph?.PersonalInputs ?? new HashSet<string>();
        var values = state.Input.Where(i => _names.Contains(i.Key)).Select(i => i.Value)
            .Concat(_names.Count == 0 ? [] : state.Executions.SelectMany(e => NamedVariables(e, graph!)));
        _traces = new PersonalTraces(values.SelectMany(TextsIn), PersonalData.MaskCustomer);
    }

    /// <summary>The same data masked by name and by value; null stays null.</summary>
    public JsonNode? Data(JsonNode? node) => _names.Count == 0 ? node?.DeepClone() : Masked(node, byName: true);

    /// <summary>Data under names, masked likewise.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Data(IReadOnlyDictionary<string, JsonNode?> values) => _names.Count == 0
        ? values
        : values.ToDictionary(v => v.Key, v => _names.Contains(v.Key) ? PersonalData.MaskValue(v.Value) : Masked(v.Value, byName: true));

    /// <summary>A shape of our own around data: its members are not fields of the definition, so only values are masked.</summary>
    public JsonObject Shape(JsonObject shape) => _names.Count == 0 ? shape : (JsonObject)Masked(shape, byName: false)!;

    private JsonNode? Masked(JsonNode? node, bool byName)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.Select(m => KeyValuePair.Create(
                    m.Key, byName && _names.Contains(m.Key) ? PersonalData.MaskValue(m.Value) : Masked(m.Value, byName))));
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Masked(i, byName))]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return _traces.Redact(value.ToString());
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number && _traces.AreIn(value.ToString()):
                return _traces.Redact(value.ToString());
            default:
                return node?.DeepClone();
        }
    }

    private IEnumerable<JsonNode?> NamedVariables(ActivityExecution execution, WorkflowGraph graph) =>
        execution.Variables is not { Count: > 0 } values ? []
            : (graph.Find(execution.NodeId)?.Variables ?? []).Where(v => _names.Contains(v.Name)).Select(v => values.GetValueOrDefault(v.Id));

    private static IEnumerable<string> TextsIn(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => TextsIn(m.Value)),
        JsonArray items => items.SelectMany(TextsIn),
        JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => [value.ToString()],
        _ => [],
    };
}
