using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Parallel", Category = "Control Flow", Zh = "并行", En = "Parallel", IsContainer = true,
    DescriptionZh = "同时开始所有步骤，全部完成后结束。", DescriptionEn = "Starts all activities at once and ends when all have completed.")]
internal sealed class Parallel : Activity
{
    private const string Open = "open";

    [Branch(Zh = "步骤", En = "Activities")]
    public IReadOnlyList<ActivityNode> Activities { get; set; } = [];

    public override void Execute(ActivityContext context)
    {
        context.Set(Open, Activities.Count);
        foreach (var activity in Activities)
            context.Schedule(activity);
        if (Activities.Count == 0)
            context.Complete();
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var open = context.Get<int>(Open) - 1;
        context.Set(Open, open);
        if (open == 0)
            context.Complete();
    }
}
