using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Clock;

/// <summary>
/// Waits until a clock is breached, for branches that do something then (tell the customer, ask another supplier). This is how a definition
/// says in its own words that a breach leads somewhere; the clock itself only tells people.
/// </summary>
[Activity("Clock.Breached", Category = "Clock", Zh = "等待超时", En = "Wait for breach",
    DescriptionZh = "时限超时后走“超时”，时限停止后走“已停止”。", DescriptionEn = "Leaves by Breached when the clock is, by Stopped when it stops before.")]
[Outcome("Breached", Zh = "超时", En = "Breached")]
[Outcome("Stopped", Zh = "已停止", En = "Stopped")]
internal sealed class ClockBreached : Activity
{
    [Input(Zh = "编号", En = "Clock", Required = true)]
    public string Clock { get; set; } = "";

    public override void Execute(ActivityContext context)
    {
        var clock = context.Clocks.FirstOrDefault(c => c.TaskId is null && c.Name == Clock);
        if (clock is null || clock.State == ClockStatus.Breached)
            context.Complete(clock is null ? "Stopped" : "Breached");
        else
            context.Wait(ActivityContext.ClockBreach, null, payload: Clock);
    }

    public override void Resume(ActivityContext context, Resumption resumption) => context.Complete(ValueConverter.Text(resumption.Payload) ?? "Stopped");
}
