using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Execution;

/// <summary>What expressions of one activity execution see.</summary>
internal sealed class ExpressionScope(Burst burst, ActivityExecution execution, ActivityNode node) : IExpressionScope
{
    public JsonNode? LastResult => burst.LastResult;

    public string InstanceId => burst.Instance.Id;

    public string DefinitionId => burst.Instance.DefinitionId;

    public string DefinitionVersionId => burst.Instance.DefinitionVersionId;

    public int DefinitionVersion => burst.Instance.DefinitionVersion;

    public string? CorrelationId
    {
        get => burst.Instance.CorrelationId;
        set => burst.Instance.CorrelationId = value;
    }

    public string? InstanceName
    {
        get => burst.Instance.Name;
        set => burst.Instance.Name = value;
    }

    public DateTimeOffset Now => burst.Now;

    public IEnumerable<string> Names
    {
        get
        {
            for (var at = node; at is not null; at = at.Parent)
            {
                foreach (var variable in at.Variables)
                    yield return variable.Name;
            }

            foreach (var input in burst.Graph.Inputs)
                yield return input.Name;
        }
    }

    public bool TryGetVariableById(string id, out JsonNode? value) => TryGet(v => v.Id == id, null, out value);

    public bool TryGetVariable(string name, out JsonNode? value) => TryGet(v => v.Name == name, name, out value);

    public bool TrySetVariable(string name, JsonNode? value)
    {
        if (!burst.TryFindVariable(execution, v => v.Name == name, name, out var owner, out var id, out var isDynamic))
            return false;
        (isDynamic ? owner.DynamicVariables! : owner.Variables!)[id] = value;
        return true;
    }

    public bool TryGetInput(string name, out JsonNode? value) => TryGetVariableById(SubWorkflow.InputPrefix + name, out value)
        || burst.Instance.Input.TryGetValue(name, out value)
        || TryDefault(name, out value);

    public bool TryGetOutput(string activity, string? output, out JsonNode? value)
    {
        value = null;
        return burst.OutputRegister.TryGetValue(activity, out var register) && register.TryGetValue(output ?? "result", out value);
    }

    public string NewId() => burst.Instance.NextId();

    private bool TryDefault(string name, out JsonNode? value)
    {
        var declared = burst.Graph.Inputs.FirstOrDefault(i => i.Name == name);
        value = declared?.Default;
        return declared is not null;
    }

    private bool TryGet(Func<VariableDeclaration, bool> which, string? dynamicName, out JsonNode? value)
    {
        value = null;
        if (!burst.TryFindVariable(execution, which, dynamicName, out var owner, out var id, out var isDynamic))
            return false;
        (isDynamic ? owner.DynamicVariables! : owner.Variables!).TryGetValue(id, out value);
        return true;
    }
}
