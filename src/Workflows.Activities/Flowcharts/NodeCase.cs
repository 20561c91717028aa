using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>One case of a switch: a label, a condition and, in a Switch, the branch.</summary>
internal sealed record NodeCase(string Label, CompiledExpression? Condition, ActivityNode? Activity)
{
    public static IReadOnlyList<NodeCase> Of(ActivityNode node)
    {
        var cases = node.Json["cases"] as JsonArray ?? [];
        return [.. cases.Select((json, i) => new NodeCase(
            ValueConverter.Text(json?["label"]) ?? "",
            node.Inputs.TryGetValue($"cases[{i}].condition", out var condition) ? condition.Evaluate : null,
            node.Branch($"cases[{i}].activity")))];
    }

    /// <summary>Evaluates the condition; an absent one never holds.</summary>
    public bool Holds(ActivityContext context) => Condition is not null && context.Evaluate<bool>(Condition);
}
