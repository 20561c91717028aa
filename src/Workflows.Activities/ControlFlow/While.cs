using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.While", Category = "Looping", Zh = "当…循环", En = "While", IsContainer = true,
    DescriptionZh = "条件成立时重复执行；每轮之前重新计算条件。", DescriptionEn = "Repeats while the condition, evaluated before each round, holds.")]
internal sealed class While : Activity
{
    [Input(Zh = "条件", En = "Condition", Hint = "checkbox", AutoEvaluate = false)]
    public bool Condition { get; set; }

    [Branch(Zh = "循环体", En = "Body")]
    public ActivityNode? Body { get; set; }

    public override void Execute(ActivityContext context)
    {
        // Without a body nothing in the loop could ever change the condition.
        if (Body is not null && context.Evaluate<bool>("condition"))
            context.Schedule(Body);
        else
            context.Complete();
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child) => Execute(context);

    public override bool Receive(ActivityContext context, Signal signal) => Loop.EndsWith(context, signal);
}
