using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>Whether every variable and input that a node names exists where the node stands.</summary>
internal static class ReferenceChecks
{
    // Made by loops while they run, so they are declared nowhere.
    private static readonly string[] LoopVariables = ["CurrentValue", "CurrentIndex"];

    public static void Check(ActivityNode node, WorkflowGraph graph, FaultList faults)
    {
        foreach (var (name, binding) in node.Inputs)
        {
            var isPicker = node.ActivityType.Inputs.FirstOrDefault(i => i.Name == name) is { Info: { Hint: "variable-picker", Wrapped: false } };
            if (binding.Expression.Type == "Variable" || isPicker)
                Variable(node, name, ReferenceOf(binding), faults);
            else if (binding.Expression.Type == "Input")
                Input(node, name, ReferenceOf(binding), graph, faults);
        }

        foreach (var (name, target) in node.Outputs)
        {
            if (target.Length > 0 && !IsVariable(node, v => v.Id == target) && graph.Outputs.All(o => o.Name != target))
                faults.Add(node, "unknown-variable", $"输出“{name}”绑定的变量“{target}”不存在", $"output {name} is bound to variable {target}, which does not exist", name);
        }
    }

    private static void Variable(ActivityNode node, string input, ValueReference? reference, FaultList faults)
    {
        if (reference is not { IsEmpty: false } named)
            return;
        if (named.Name is { } loop && LoopVariables.Contains(loop) && node.Parent is { } parent && Ancestors(parent).Any(a => a.Branches.ContainsKey("body")))
            return;
        if (!IsVariable(node, v => v.Id == named.Id || v.Name == named.Name))
            faults.Add(node, "unknown-variable", $"输入“{input}”使用的变量“{named}”不存在", $"input {input} uses variable {named}, which does not exist", input);
    }

    private static void Input(ActivityNode node, string input, ValueReference? reference, WorkflowGraph graph, FaultList faults)
    {
        if (reference is { IsEmpty: false } named && graph.Inputs.All(i => i.Name != (named.Name ?? named.Id)))
            faults.Add(node, "unknown-input", $"输入“{input}”使用的流程输入“{named}”不存在", $"input {input} uses workflow input {named}, which does not exist", input);
    }

    /// <summary>Null when the reference itself cannot be read, which the compiler has reported.</summary>
    private static ValueReference? ReferenceOf(InputBinding binding)
    {
        try
        {
            return ValueReference.Of(binding.Expression.Value);
        }
        catch (ExpressionError)
        {
            return null;
        }
    }

    private static bool IsVariable(ActivityNode node, Func<VariableDeclaration, bool> which) => Ancestors(node).Any(a => a.Variables.Any(which));

    private static IEnumerable<ActivityNode> Ancestors(ActivityNode node)
    {
        for (var at = node; at is not null; at = at.Parent)
            yield return at;
    }
}
