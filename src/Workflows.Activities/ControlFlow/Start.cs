using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Start", Category = "Control Flow", Zh = "开始", En = "Start", IsStart = true,
    DescriptionZh = "流程图的入口。", DescriptionEn = "The entry of a flowchart.")]
internal sealed class Start : CodeActivity
{
    protected override void Run(ActivityContext context)
    {
    }
}
