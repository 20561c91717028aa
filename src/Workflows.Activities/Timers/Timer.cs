using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Timers;

/// <summary>As a trigger, {Interval}: recurring starts, the first after one interval. Inside a flow: one wait.</summary>
[Activity("Elsa.Timer", Category = "Scheduling", Zh = "定时", En = "Timer", Kind = ActivityKind.Trigger,
    DescriptionZh = "每隔一段时间启动流程，或在流程中等待一次。", DescriptionEn = "Starts the workflow at intervals, or waits once inside it.")]
internal sealed class Timer : Activity
{
    [Input(Zh = "间隔", En = "Interval", Required = true)]
    public TimeSpan Interval { get; set; }

    public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new("Elsa.Timer", new JsonObject { [nameof(Interval)] = ValueConverter.ToJson(Interval) })];

    public override void Execute(ActivityContext context)
    {
        if (context.IsTrigger)
            context.Complete();
        else
            Waiting.Until(context, Interval, "间隔");
    }
}
