using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Clock;

/// <summary>Lets a clock stand still, for a reason it allows; what of the pause would have counted is added to the due time.</summary>
[Activity("Clock.Pause", Category = "Clock", Zh = "暂停时限", En = "Pause clock",
    DescriptionZh = "等待对方时暂停计时，须有原因。", DescriptionEn = "Lets a clock stand still while somebody else is waited for.")]
[Outcome("Done", Zh = "已暂停", En = "Done")]
[Outcome("Refused", Zh = "不能暂停", En = "Refused")]
internal sealed class ClockPause : CodeActivity
{
    [Input(Zh = "编号", En = "Clock", Required = true)]
    public string Clock { get; set; } = "";

    [Input(Zh = "原因", En = "Reason", Required = true)]
    public string Reason { get; set; } = "";

    [Input(Zh = "凭据", En = "Evidence", DescriptionZh = "例如给客户的消息编号。", DescriptionEn = "For example the number of the message to the customer.")]
    public string? Evidence { get; set; }

    [Input(Zh = "起始时间", En = "Since", DescriptionZh = "不填为现在；可以是过去的时间。", DescriptionEn = "Now when empty; may lie in the past.")]
    public DateTimeOffset? Since { get; set; }

    protected override void Run(ActivityContext context)
    {
        if (context.PauseClock(Clock, Reason, Evidence, Since) is { } fault)
        {
            context.Journal("ClockPauseRefused", $"不能暂停时限“{Clock}”：{fault.Zh}");
            context.Complete("Refused");
            return;
        }

        context.Complete("Done");
    }
}
