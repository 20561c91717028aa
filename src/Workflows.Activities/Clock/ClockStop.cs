using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Clock;

[Activity("Clock.Stop", Category = "Clock", Zh = "停止时限", En = "Stop clock",
    DescriptionZh = "承诺已兑现：停止计时。", DescriptionEn = "The promise is kept: stops the clock.")]
internal sealed class ClockStop : CodeActivity
{
    [Input(Zh = "编号", En = "Clock", Required = true)]
    public string Clock { get; set; } = "";

    [Output(Zh = "是否超时", En = "Breached")]
    public bool? Breached { get; set; }

    protected override void Run(ActivityContext context)
    {
        // Stopping what does not run is no mistake: a branch may come by twice.
        if (context.StopClock(Clock) is { } clock)
            Breached = clock.State == ClockStatus.Breached;
    }
}
