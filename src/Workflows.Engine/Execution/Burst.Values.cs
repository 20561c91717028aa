using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Execution;

/// <summary>Variables, inputs and outputs.</summary>
internal sealed partial class Burst
{
    /// <summary>Outputs of activities that ran in this burst, by activity id or name; does not survive it.</summary>
    public Dictionary<string, Dictionary<string, JsonNode?>> OutputRegister { get; } = [];

    public JsonNode? LastResult { get; private set; }

    private static void DeclareVariables(ActivityNode node, ActivityExecution execution)
    {
        if (node.Variables.Count == 0 || execution.Variables is not null)
            return;
        execution.Variables = node.Variables.ToDictionary(v => v.Id, v => v.Default);
    }

    private static void SetInputs(ActivityNode node, ActivityExecution execution, Activity activity, ActivityContext context)
    {
        foreach (var (input, binding) in node.Given)
        {
            if (execution.Inputs is null || !execution.Inputs.TryGetValue(input.Name, out var value))
            {
                value = Evaluate(binding, input.Name, context.Scope) ?? input.Default;
                if (!input.Info.IsSensitive)
                    (execution.Inputs ??= [])[input.Name] = value;
            }

            try
            {
                node.ActivityType.SetInput(activity, input, value);
            }
            catch (ExpressionError error)
            {
                throw new ExpressionError($"输入“{input.Info.Zh ?? input.Name}” ({input.Name}): {error.Message}");
            }
        }
    }

    public static JsonNode? Evaluate(InputBinding binding, string input, IExpressionScope scope)
    {
        try
        {
            return binding.Evaluate(scope);
        }
        catch (ExpressionError error)
        {
            throw new ExpressionError($"输入“{input}”: {error.Message}");
        }
    }

    public bool TryFindVariable(ActivityExecution from, Func<VariableDeclaration, bool> which, string? dynamicName, out ActivityExecution owner, out string id, out bool isDynamic)
    {
        for (var number = (int?)from.Number; number is { } n; number = _executions[n].Parent)
        {
            owner = _executions[n];
            if (dynamicName is not null && owner.DynamicVariables?.ContainsKey(dynamicName) == true)
            {
                (id, isDynamic) = (dynamicName, true);
                return true;
            }

            if (owner.Variables is not null && Graph.Find(owner.NodeId)!.Variables.FirstOrDefault(which) is { } declaration)
            {
                (id, isDynamic) = (declaration.Id, false);
                return true;
            }
        }

        (owner, id, isDynamic) = (from, "", false);
        return false;
    }

    public bool SetVariable(ActivityExecution from, string id, JsonNode? value)
    {
        if (!TryFindVariable(from, v => v.Id == id, null, out var owner, out var key, out _))
            return false;
        owner.Variables![key] = value;
        return true;
    }

    public void BindOutput(ActivityNode node, ActivityExecution execution, string name, JsonNode? value)
    {
        if (!OutputRegister.TryGetValue(node.Id, out var register))
            register = OutputRegister[node.Id] = [];
        register[name] = value;
        if (node.Name is { Length: > 0 } given)
            OutputRegister[given] = register;
        if (name == "result")
            LastResult = value;

        if (!node.Outputs.TryGetValue(name, out var target))
            return;
        if (!SetVariable(execution, target, value) && Graph.Outputs.Any(o => o.Name == target))
            Instance.Output[target] = value;
    }

    public void SetWorkflowOutput(ActivityExecution from, string name, JsonNode? value)
    {
        for (var number = from.Parent; number is { } n; number = _executions[n].Parent)
        {
            var execution = _executions[n];
            var node = Graph.Find(execution.NodeId)!;
            if (execution.Parent is null || !node.ActivityType.Info.IsContainer || !node.Outputs.ContainsKey(name))
                continue;
            (execution.Properties ??= [])["output:" + name] = value;
            BindOutput(node, execution, name, value);
            return;
        }

        Instance.Output[name] = value;
    }

    /// <summary>Workflow outputs that are bound to a variable of the root scope take its final value.</summary>
    private IEnumerable<(string Name, JsonNode? Value)> CollectOutputs(ActivityExecution root)
    {
        foreach (var output in Graph.Outputs)
        {
            if (!Instance.Output.ContainsKey(output.Name) && root.Variables?.TryGetValue(output.Id, out var value) == true)
                yield return (output.Name, value);
        }
    }

    /// <summary>Variables kept in memory only are gone once the instance sleeps; so they are dropped the moment it does.</summary>
    private void ForgetMemoryVariables()
    {
        foreach (var execution in Instance.Executions.Where(e => e.Variables is not null))
        {
            foreach (var variable in Graph.Find(execution.NodeId)!.Variables.Where(v => !v.IsPersisted))
                execution.Variables!.Remove(variable.Id);
        }
    }
}
