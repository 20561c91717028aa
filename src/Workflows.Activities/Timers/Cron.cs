using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Timers;

/// <summary>As a trigger, {CronExpression}: recurring starts. Inside a flow: a wait until the next occurrence, UTC.</summary>
[Activity("Elsa.Cron", Category = "Scheduling", Zh = "周期定时", En = "Cron", Kind = ActivityKind.Trigger,
    DescriptionZh = "按 cron 表达式（UTC）启动流程，或等待下一个时刻。", DescriptionEn = "Starts the workflow by a cron expression (UTC), or waits for its next instant.")]
internal sealed class Cron : Activity
{
    [Input(Zh = "cron 表达式", En = "Cron expression", Required = true)]
    public string CronExpression { get; set; } = "";

    public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new("Elsa.Cron", new JsonObject { [nameof(CronExpression)] = CronExpression })];

    public override IEnumerable<NodeFault> Validate(ActivityNode node)
    {
        if (CronExpression.Length > 0 && !Engine.Timers.CronExpression.TryParse(CronExpression, out _, out var error))
            yield return new NodeFault("bad-cron", error, error);
    }

    public override void Execute(ActivityContext context)
    {
        if (context.IsTrigger)
        {
            context.Complete();
            return;
        }

        if (!Engine.Timers.CronExpression.TryParse(CronExpression, out var cron, out var error))
            throw new ActivityFailure("cron", error);
        if (cron.Next(context.Now) is not { } next)
            throw new ActivityFailure("cron", $"cron 表达式“{CronExpression}”没有下一个时刻 (it never comes again)");
        context.WaitUntil(next);
    }
}
