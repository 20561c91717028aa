using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Finish", Category = "Primitives", Zh = "结束流程", En = "Finish", IsTerminal = true,
    DescriptionZh = "立即结束整个流程，其余等待全部取消。", DescriptionEn = "Ends the whole workflow at once; nothing waits any more.")]
internal sealed class Finish : CodeActivity
{
    protected override void Run(ActivityContext context) => context.FinishInstance();
}
