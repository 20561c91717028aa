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
            foreach (var used in binding.References)
                Name(node, name, used, graph, faults);
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
        if (named.Name is { } loop && IsLoopVariable(node, loop))
            return;
        if (!IsVariable(node, v => v.Id == named.Id || v.Name == named.Name))
            faults.Add(node, "unknown-variable", $"输入“{input}”使用的变量“{named}”不存在", $"input {input} uses variable {named}, which does not exist", input);
    }

    private static void Input(ActivityNode node, string input, ValueReference? reference, WorkflowGraph graph, FaultList faults)
    {
        if (reference is { IsEmpty: false } named && graph.Inputs.All(i => i.Name != (named.Name ?? named.Id)))
            faults.Add(node, "unknown-input", $"输入“{input}”使用的流程输入“{named}”不存在", $"input {input} uses workflow input {named}, which does not exist", input);
    }

    /// <summary>A name within the text of an expression: one that does not exist would only be empty when it runs.</summary>
    private static void Name(ActivityNode node, string input, ExpressionReference used, WorkflowGraph graph, FaultList faults)
    {
        var name = used.Name;
        var isVariable = IsLoopVariable(node, name) || IsVariable(node, v => v.Name == name);
        var isInput = graph.Inputs.Any(i => i.Name == name);
        var variables = Ancestors(node).SelectMany(a => a.Variables).Select(v => v.Name);
        var inputs = graph.Inputs.Select(i => i.Name);
        var names = variables.Concat(inputs);
        switch (used.Kind)
        {
            case ReferenceKind.Variable when !isVariable:
                var variable = NearestName.Of(name, variables);
                faults.Add(node, "unknown-variable", $"输入“{input}”使用的变量“{name}”不存在{MeantZh(variable)}", $"input {input} uses variable {name}, which does not exist{MeantEn(variable)}", input);
                break;
            case ReferenceKind.Input when !isInput:
                var near = NearestName.Of(name, inputs);
                faults.Add(node, "unknown-input", $"输入“{input}”使用的流程输入“{name}”不存在{MeantZh(near)}", $"input {input} uses workflow input {name}, which does not exist{MeantEn(near)}", input);
                break;
            // Elsa's getX() writes the first letter large, whatever it is.
            case ReferenceKind.Value when !isVariable && !isInput && !names.Contains(char.ToLowerInvariant(name[0]) + name[1..]):
                var value = NearestName.Of(name, names);
                faults.Add(node, "unknown-variable", $"输入“{input}”使用的“{name}”既不是变量也不是流程输入{MeantZh(value)}", $"input {input} uses {name}, which is neither a variable nor a workflow input{MeantEn(value)}", input);
                break;
            case ReferenceKind.Nothing:
                faults.Warn(node, "unknown-name", $"输入“{input}”中的“{name}”没有意义，运行时为空{MeantZh(used.Meant)}", $"{name} in input {input} means nothing and will be empty{MeantEn(used.Meant)}", input);
                break;
        }
    }

    private static string MeantZh(string? near) => near is null ? "" : $"，是不是“{near}”？";

    private static string MeantEn(string? near) => near is null ? "" : $"; did you mean {near}?";

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

    private static bool IsLoopVariable(ActivityNode node, string name) =>
        LoopVariables.Contains(name) && node.Parent is { } parent && Ancestors(parent).Any(a => a.Branches.ContainsKey("body"));

    private static bool IsVariable(ActivityNode node, Func<VariableDeclaration, bool> which) => Ancestors(node).Any(a => a.Variables.Any(which));

    private static IEnumerable<ActivityNode> Ancestors(ActivityNode node)
    {
        for (var at = node; at is not null; at = at.Parent)
            yield return at;
    }
}
