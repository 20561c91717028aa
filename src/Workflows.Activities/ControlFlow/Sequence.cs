using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Sequence", Category = "Control Flow", Zh = "顺序", En = "Sequence", IsContainer = true,
    DescriptionZh = "按顺序逐个执行。", DescriptionEn = "Runs activities one after another.")]
internal sealed class Sequence : Activity
{
    private const string Index = "index";
    private const string Breaking = "breaking";

    [Branch(Zh = "步骤", En = "Activities")]
    public IReadOnlyList<ActivityNode> Activities { get; set; } = [];

    public override void Execute(ActivityContext context) => Next(context, context.Get<int>(Index));

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (child.Node.ActivityType.Info.IsTerminal || context.Get<bool>(Breaking))
            context.Complete();
        else
            Next(context, context.Get<int>(Index) + 1);
    }

    public override bool Receive(ActivityContext context, Signal signal)
    {
        if (signal is Signal.Break)
            context.Set(Breaking, true);
        return false;
    }

    private void Next(ActivityContext context, int index)
    {
        context.Set(Index, index);
        if (index < Activities.Count)
            context.Schedule(Activities[index]);
        else
            context.Complete();
    }
}
