using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

[Activity("Elsa.FlowDecision", Category = "Branching", Zh = "判断", En = "Decision",
    DescriptionZh = "按条件走“是”或“否”。", DescriptionEn = "Leaves by True or False depending on a condition.")]
[Outcome("True", Zh = "是", En = "True")]
[Outcome("False", Zh = "否", En = "False")]
internal sealed class FlowDecision : Activity
{
    [Input(Zh = "条件", En = "Condition", Hint = "checkbox")]
    public bool Condition { get; set; }

    public override void Execute(ActivityContext context) => context.Complete(Condition ? "True" : "False");
}
