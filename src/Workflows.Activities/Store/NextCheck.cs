using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>When to look again: after an interval, but at the end at the latest. Leaves by Ended once the end has come.</summary>
[Activity("Store.NextCheck", Category = "Store", Zh = "下一次检查", En = "Next check",
    DescriptionZh = "按间隔计算下一次检查时间，不晚于结束时间；已到结束时间则离开。", DescriptionEn = "The next instant to look, never after the end.")]
[Outcome("Next", Zh = "还有", En = "Next")]
[Outcome("Ended", Zh = "已结束", En = "Ended")]
internal sealed class NextCheck : CodeActivity
{
    [Input(Zh = "间隔", En = "Every", Required = true)]
    public TimeSpan Every { get; set; }

    [Input(Zh = "结束时间", En = "Until", Required = true)]
    public DateTimeOffset Until { get; set; }

    [Output(Zh = "检查时间", En = "Due at")]
    public DateTimeOffset? DueAt { get; set; }

    protected override void Run(ActivityContext context)
    {
        DueAt = context.Now + Every < Until ? context.Now + Every : Until;
        context.Complete(context.Now < Until ? "Next" : "Ended");
    }

    public override IEnumerable<NodeFault> Validate(Workflows.Engine.Definitions.ActivityNode node) =>
        node.Inputs.TryGetValue("every", out var binding) && binding.Expression.Type == "Literal" && Every <= TimeSpan.Zero
            ? [new NodeFault("check-interval", "间隔必须大于 0", "the interval must be above 0")]
            : [];
}
