using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Timers;

[Activity("Elsa.Delay", Category = "Scheduling", Zh = "延时", En = "Delay",
    DescriptionZh = "等待一段时间，长短不限。", DescriptionEn = "Waits for a time of any length.")]
internal sealed class Delay : Activity
{
    [Input(Zh = "时长", En = "Time span", Required = true)]
    public TimeSpan TimeSpan { get; set; }

    public override void Execute(ActivityContext context) => Waiting.Until(context, TimeSpan, "时长");
}
