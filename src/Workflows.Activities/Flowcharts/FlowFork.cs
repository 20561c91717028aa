using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

[Activity("Elsa.FlowFork", Category = "Branching", Zh = "分流", En = "Fork (flow)",
    DescriptionZh = "同时从所有分支出口离开。", DescriptionEn = "Leaves by all of its branches at once.")]
internal sealed class FlowFork : Activity
{
    [Input(Zh = "分支", En = "Branches", Hint = "dynamic-outcomes")]
    public string[] Branches { get; set; } = [];

    public override IReadOnlyList<string> OutcomesOf(ActivityNode node) =>
        NodeJson.LiteralNames(node, "branches") is { Count: > 0 } names ? names : ["Done"];

    public override void Execute(ActivityContext context) => context.Complete(Branches);
}
