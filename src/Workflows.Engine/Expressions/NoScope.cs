using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions;

/// <summary>
/// A scope without an instance: for evaluating the inputs of triggers at publication, where only fixed values and the
/// initial values of variables can be known.
/// </summary>
internal sealed class NoScope(Func<string, bool, JsonNode?>? find = null) : IExpressionScope
{
    public static NoScope Instance { get; } = new();

    public JsonNode? LastResult => null;

    public string InstanceId => "";

    public string DefinitionId => "";

    public string DefinitionVersionId => "";

    public int DefinitionVersion => 0;

    public string? CorrelationId { get => null; set { } }

    public string? InstanceName { get => null; set { } }

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    public IEnumerable<string> Names => [];

    public bool TryGetVariableById(string id, out JsonNode? value) => (value = find?.Invoke(id, true)) is not null;

    public bool TryGetVariable(string name, out JsonNode? value) => (value = find?.Invoke(name, false)) is not null;

    public bool TrySetVariable(string name, JsonNode? value) => false;

    public bool TryGetInput(string name, out JsonNode? value)
    {
        value = null;
        return false;
    }

    public bool TryGetOutput(string activity, string? output, out JsonNode? value)
    {
        value = null;
        return false;
    }

    public string NewId() => "";
}
