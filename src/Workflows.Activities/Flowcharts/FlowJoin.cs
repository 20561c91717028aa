using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

[Activity("Elsa.FlowJoin", Category = "Branching", Zh = "汇合", En = "Join",
    DescriptionZh = "等待全部分支，或第一个到达的分支（其余取消）。", DescriptionEn = "Waits for all branches, or for the first and cancels the rest.")]
internal sealed class FlowJoin : CodeActivity
{
    [Input(Zh = "方式", En = "Mode", Hint = "dropdown", Options = ["WaitAll", "WaitAllActive", "WaitAny"], OptionsZh = ["等待全部", "等待正在进行的全部", "任一到达即可"])]
    public FlowJoinMode Mode { get; set; } = FlowJoinMode.WaitAny;

    // A branch that was still in the queue when the flowchart chose this join may have begun to wait since.
    protected override void Run(ActivityContext context) => context.Send(new Signal.CancelUpstream(context.Node));
}

/// <summary>What a join waits for. The numbers are Elsa's.</summary>
internal enum FlowJoinMode
{
    WaitAll,
    WaitAny,
    WaitAllActive,
}
