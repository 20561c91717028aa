using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.If", Category = "Branching", Zh = "如果", En = "If", IsContainer = true,
    DescriptionZh = "按条件执行其中一个分支。", DescriptionEn = "Runs one of two branches depending on a condition.")]
internal sealed class If : Activity
{
    [Input(Zh = "条件", En = "Condition", Hint = "checkbox")]
    public bool Condition { get; set; }

    [Output(Zh = "结果", En = "Result")]
    public bool? Result { get; set; }

    [Branch(Zh = "成立时", En = "Then")]
    public ActivityNode? Then { get; set; }

    [Branch(Zh = "否则", En = "Else")]
    public ActivityNode? Else { get; set; }

    public override void Execute(ActivityContext context)
    {
        Result = Condition;
        if ((Condition ? Then : Else) is { } branch)
            context.Schedule(branch);
        else
            context.Complete();
    }
}
