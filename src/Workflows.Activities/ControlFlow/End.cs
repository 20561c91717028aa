using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.End", Category = "Control Flow", Zh = "结束", En = "End", IsTerminal = true,
    DescriptionZh = "结束所在的流程图或顺序。", DescriptionEn = "Ends the flowchart or sequence it stands in.")]
internal sealed class End : CodeActivity
{
    protected override void Run(ActivityContext context)
    {
    }
}
