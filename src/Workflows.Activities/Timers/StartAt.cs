using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Timers;

/// <summary>As a trigger, {DateTime}: one start, made up for when the instant is past. Inside a flow: a wait; a past instant completes at once.</summary>
[Activity("Elsa.StartAt", Category = "Scheduling", Zh = "指定时刻", En = "Start at", Kind = ActivityKind.Trigger,
    DescriptionZh = "在指定时刻启动流程，或等到该时刻。", DescriptionEn = "Starts the workflow at an instant, or waits for it.")]
internal sealed class StartAt : Activity
{
    [Input(Zh = "时刻", En = "Date and time", Hint = "datetime-picker", Required = true)]
    public DateTimeOffset DateTime { get; set; }

    public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new("Elsa.StartAt", new JsonObject { [nameof(DateTime)] = ValueConverter.ToJson(DateTime) })];

    public override void Execute(ActivityContext context)
    {
        if (context.IsTrigger)
            context.Complete();
        else
            Waiting.Until(context, DateTime);
    }
}
