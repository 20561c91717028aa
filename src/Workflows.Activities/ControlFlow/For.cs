using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.For", Category = "Looping", Zh = "计数循环", En = "For", IsContainer = true,
    DescriptionZh = "从起始值数到结束值，每个数执行一次循环体。", DescriptionEn = "Counts from start to end and runs the body for each number.")]
internal sealed class For : Activity
{
    private const string Current = "current";

    [Input(Zh = "起始值", En = "Start")]
    public int Start { get; set; }

    [Input(Zh = "结束值", En = "End")]
    public int End { get; set; }

    [Input(Zh = "步长", En = "Step")]
    public int Step { get; set; } = 1;

    [Input(Zh = "包含结束值", En = "Outer bound inclusive", Hint = "checkbox")]
    public bool OuterBoundInclusive { get; set; } = true;

    [Output(Zh = "当前值", En = "Current value")]
    public int? CurrentValue { get; set; }

    [Branch(Zh = "循环体", En = "Body")]
    public ActivityNode? Body { get; set; }

    public override void Execute(ActivityContext context)
    {
        if (Step == 0)
            throw new ActivityFailure("for-step", "步长不能为 0 (the step must not be 0)");
        Round(context, context.Get<int?>(Current) ?? Start);
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child) => Round(context, context.Get<int>(Current) + Step);

    public override bool Receive(ActivityContext context, Signal signal) => Loop.EndsWith(context, signal);

    private void Round(ActivityContext context, int current)
    {
        var inside = Step > 0 ? current < End || (OuterBoundInclusive && current == End) : current > End || (OuterBoundInclusive && current == End);
        if (Body is null || !inside)
        {
            context.Complete();
            return;
        }

        CurrentValue = current;
        context.Set(Current, current);
        context.Schedule(Body, variables: new Dictionary<string, JsonNode?> { [Loop.CurrentValue] = current });
    }
}
