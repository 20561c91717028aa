using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Engine.Authoring;

/// <summary>The workflow itself: runs its root, and ends when that ends or when a Complete inside says so.</summary>
[Activity(TypeName, Category = "Composition", Zh = "流程", En = "Workflow", IsContainer = true, IsBrowsable = false)]
public sealed class WorkflowActivity : Activity
{
    public const string TypeName = "Elsa.Workflow";

    [Branch(Zh = "根活动", En = "Root")]
    public ActivityNode? Root { get; set; }

    public override void Execute(ActivityContext context)
    {
        // As a workflow used as activity: the caller's values become this workflow's inputs.
        foreach (var (id, value) in context.Execution.DynamicVariables ?? [])
            context.SetVariable(id, value);

        if (Root is null)
            context.Complete();
        else
            context.Schedule(Root);
    }

    public override bool Receive(ActivityContext context, Signal signal)
    {
        if (signal is not Signal.CompleteComposite complete)
            return false;
        context.Complete(complete.Outcomes);
        return true;
    }
}
