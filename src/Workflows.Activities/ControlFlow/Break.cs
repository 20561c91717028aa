using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Break", Category = "Looping", Zh = "跳出循环", En = "Break", IsTerminal = true,
    DescriptionZh = "结束最近的循环。", DescriptionEn = "Leaves the nearest loop.")]
internal sealed class Break : CodeActivity
{
    protected override void Run(ActivityContext context) => context.Send(new Signal.Break());
}
