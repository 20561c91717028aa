using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Engine.Authoring;

/// <summary>
/// Another definition used as an activity. This node evaluates the inputs in the scope of the caller; its only child is that
/// definition's workflow node, which holds the called side's inputs, outputs and variables, so equal names never mix.
/// </summary>
[Activity(TypeName, Category = "Composition", Zh = "子流程", En = "Workflow as activity", IsContainer = true, IsBrowsable = false)]
public sealed class SubWorkflow : Activity
{
    public const string TypeName = "Elsa.WorkflowDefinitionActivity";

    /// <summary>Begins the variable ids that hold the inputs of the called definition.</summary>
    public const string InputPrefix = "input:";

    [Branch(Zh = "流程", En = "Workflow")]
    public ActivityNode? Root { get; set; }

    public override void Execute(ActivityContext context)
    {
        if (Root is null)
        {
            context.Complete();
            return;
        }

        var inputs = new Dictionary<string, JsonNode?>();
        foreach (var declared in Root.Variables.Where(v => v.Id.StartsWith(InputPrefix, StringComparison.Ordinal)))
            inputs[declared.Id] = context.Evaluate<JsonNode>(declared.Name) ?? declared.Default;
        context.Schedule(Root, variables: inputs);
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        // What SetOutput wrote is bound already; here follow outputs that activities inside were bound to.
        foreach (var name in context.Node.Outputs.Keys)
        {
            if (child.Execution.Variables?.GetValueOrDefault(name) is { } value)
                context.SetOutput(name, value);
        }

        context.Complete(child.Outcomes);
    }
}
