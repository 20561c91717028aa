using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// Activities joined by arrows. Which of the two ways of joining is used (<see cref="CounterFlow"/>, <see cref="TokenFlow"/>) is
/// said by the flowchart's custom property, else the instance's property of the same name, else the definition's option.
/// </summary>
[Activity("Elsa.Flowchart", Category = "Flow", Zh = "流程图", En = "Flowchart", IsContainer = true,
    DescriptionZh = "用连线连接的步骤。", DescriptionEn = "Activities joined by connections.")]
internal sealed class Flowchart : Activity
{
    public const string ModeKey = "Flowchart:ExecutionMode";
    internal const string StartKey = "start";

    [Branch(Zh = "步骤", En = "Activities")]
    public IReadOnlyList<ActivityNode> Activities { get; set; } = [];

    public override void Execute(ActivityContext context)
    {
        var plan = context.Node.Plan(node => new FlowPlan(node));
        if (plan.StartOf(context.TriggerActivityId) is not { } start)
        {
            context.Complete();
            return;
        }

        // Tried again after a failure of its own, it begins anew.
        context.Execution.Properties = null;
        context.Set(StartKey, start.Id);
        context.Schedule(start);
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var plan = context.Node.Plan(node => new FlowPlan(node));
        var directions = plan.DirectionsFrom(context.Get<string>(StartKey)!);
        if (FlowReturn.CameStraightBack(context, plan, directions, ref child))
            return;
        if (child.Node.ActivityType.Info.IsTerminal)
            context.Complete();
        else if (UsesTokens(context))
            new TokenFlow(context, plan, directions).ChildCompleted(child);
        else
            new CounterFlow(context, plan, directions).ChildCompleted(child);
    }

    public override bool Receive(ActivityContext context, Signal signal)
    {
        if (signal is Signal.Return way)
            return FlowReturn.Take(context, way);
        if (signal is not Signal.CancelUpstream { Join: var join } || join.Parent != context.Node)
            return false;
        var plan = context.Node.Plan(node => new FlowPlan(node));
        var directions = plan.DirectionsFrom(context.Get<string>(StartKey)!);
        // Counting, every join ends what still runs before it (Elsa's rule); with tokens, only one that takes the first arrival.
        if (!UsesTokens(context))
            new CounterFlow(context, plan, directions).CancelUpstream(join);
        else if (ModeOf(context, join) == FlowJoinMode.WaitAny)
            new TokenFlow(context, plan, directions).CancelUpstream(join);
        return true;
    }

    /// <summary>The mode of a join as its input says now.</summary>
    internal static FlowJoinMode ModeOf(ActivityContext context, ActivityNode join) =>
        join.Inputs.TryGetValue("mode", out var binding) && ValueConverter.To(binding.Evaluate(context.Scope), typeof(FlowJoinMode?)) is FlowJoinMode mode
            ? mode
            : FlowJoinMode.WaitAny;

    internal static bool UsesTokens(ActivityContext context) =>
        (ValueConverter.Text(context.Node.CustomProperties?[ModeKey])
            ?? ValueConverter.Text(context.InstanceProperties.GetValueOrDefault(ModeKey))
            ?? context.Graph.Options.FlowchartMode) == "TokenBased";
}
