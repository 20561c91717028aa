using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Clock;

[Activity("Clock.Resume", Category = "Clock", Zh = "继续时限", En = "Resume clock",
    DescriptionZh = "暂停结束，继续计时；截止时间相应顺延。", DescriptionEn = "Lets a clock go on; its due time moves accordingly.")]
internal sealed class ClockResume : CodeActivity
{
    [Input(Zh = "编号", En = "Clock", Required = true)]
    public string Clock { get; set; } = "";

    [Output(Zh = "截止时间", En = "Due at")]
    public DateTimeOffset? DueAt { get; set; }

    // A clock that goes on already, or has stopped, is left as it is.
    protected override void Run(ActivityContext context) => DueAt = context.ResumeClock(Clock)?.DueAt;
}
