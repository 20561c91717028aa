using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>A workflow's data for scripts under test.</summary>
internal sealed class ScriptScope : IExpressionScope
{
    private int _ids;

    public Dictionary<string, JsonNode?> Variables { get; } = [];

    public Dictionary<string, JsonNode?> Inputs { get; } = [];

    public Dictionary<(string Activity, string Output), JsonNode?> Outputs { get; } = [];

    public JsonNode? LastResult { get; set; }

    public string InstanceId => "instance-1";

    public string DefinitionId => "definition-1";

    public string DefinitionVersionId => "definition-1:3";

    public int DefinitionVersion => 3;

    public string? CorrelationId { get; set; } = "order-7";

    public string? InstanceName { get; set; }

    /// <summary>2026-11-22 15:04:05 in China.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 7, 4, 5, TimeSpan.Zero);

    public IEnumerable<string> Names => Variables.Keys.Concat(Inputs.Keys);

    public bool TryGetVariableById(string id, out JsonNode? value) => TryGetVariable(id, out value);

    public bool TryGetVariable(string name, out JsonNode? value) => Variables.TryGetValue(name, out value);

    public bool TrySetVariable(string name, JsonNode? value)
    {
        if (!Variables.ContainsKey(name))
            return false;
        Variables[name] = value;
        return true;
    }

    public bool TryGetInput(string name, out JsonNode? value) => Inputs.TryGetValue(name, out value);

    public bool TryGetOutput(string activity, string? output, out JsonNode? value) => Outputs.TryGetValue((activity, output ?? "result"), out value);

    public string NewId() => $"id-{++_ids}";
}
