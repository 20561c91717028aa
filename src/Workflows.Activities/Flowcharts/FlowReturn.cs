using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// Going back to an earlier step of a flowchart, without an arrow that leads there.
/// </summary>
/// <remarks>
/// What can go wrong. A branch beside the one that is sent back goes on with what is being redone, or is thrown away although
/// nothing about it changes. A join that has run once waits for a branch which will not report again, because it is not redone:
/// the instance hangs. Or it takes the report of last time for this time's and runs too early. A token left on an arrow keeps the chart
/// open for ever; a block left on one swallows the arrival that counts.
/// <para>
/// The rules of walking again. Redone is the target and whatever forward arrows reach from it, and nothing else: what of it is open or
/// queued is cancelled, with a line in the journal, and branches that do not hang on the target go on. For the joins among it the
/// past is written anew. Arrows out of redone steps have not reported. An arrow out of a step that is not redone counts as having
/// reported once, with what it said last, unless something is still under way before it: then it will report, and is waited for. The
/// target itself is entered like by a backward arrow, so its own arrows in keep their count. Every arrow into every redone join thus
/// reports exactly once more or has done so, which is all that either way of joining needs to end.
/// With tokens, those that stand for a past report are spent: a join may use them, but they do not keep the chart open.
/// </para>
/// <para>
/// The rules of coming straight back. Nothing is redone but the target, so no count and no token is touched: the step that sent it back is
/// set aside, the target runs in its stead, and when it is approved or done the step is entered again as it was entered before. For
/// joins the target's run is that step: cancelled with it, reported for it. When the target says anything else, what was built on it
/// is void, and from there the flow is walked again.
/// </para>
/// </remarks>
internal static class FlowReturn
{
    private const string StraightTag = "straight:";
    private const char Separator = '\n';

    /// <summary>Takes a return whose target is a step of this chart; false passes it on outward.</summary>
    public static bool Take(ActivityContext context, Signal.Return way)
    {
        if (way.Target.Parent != context.Node || (way.Origin is not null && way.Origin.Parent != context.Node))
            return false;
        var (plan, directions) = ChartOf(context);
        way.IsTaken = true;
        // A target that is open already runs for itself or for another: it cannot run in one more step's stead, so all is walked again.
        var origin = way.ComesStraightBack && !context.OpenChildren.Any(c => c.Node == way.Target) ? way.Origin : null;
        var left = origin is not null ? [origin.Id] : Redone(plan, directions, way.Target);
        way.Cancelled.AddRange(OpenIn(context, plan, left).Where(n => n != way.Origin));
        if (way.IsTrial)
            return true;

        Cancel(context, plan, left, way.Cancelled);
        if (origin is not null)
        {
            context.Schedule(way.Target, $"{StraightTag}{origin.Id}{Separator}{way.OriginTag}");
            return true;
        }

        Redo(context, plan, directions, way.Target, left);
        context.Schedule(way.Target, CounterFlow.Backward);
        return true;
    }

    /// <summary>
    /// After a step that ran in another's stead: true when that other was entered again. Else the step is to be left like any
    /// other, and <paramref name="child"/> says so.
    /// </summary>
    public static bool CameStraightBack(ActivityContext context, FlowPlan plan, FlowDirections directions, ref ChildCompletion child)
    {
        if (OriginOf(plan, child.Tag) is not { } origin)
            return false;
        if (child.Outcomes.Contains("Approved") || child.Outcomes.Contains("Done"))
        {
            context.Schedule(origin.Node, origin.Tag);
            return true;
        }

        var redone = Redone(plan, directions, child.Node);
        Cancel(context, plan, redone, OpenIn(context, plan, redone));
        Redo(context, plan, directions, child.Node, redone);
        child = child with { Tag = CounterFlow.Backward };
        return false;
    }

    /// <summary>For whom a child runs as far as joins are concerned: itself, or the step in whose stead it runs, with the tag of that.</summary>
    public static (ActivityNode Node, string? Tag) Represented(FlowPlan plan, ActivityNode node, string? tag)
    {
        var at = (Node: node, Tag: tag);
        while (OriginOf(plan, at.Tag) is { } origin)
            at = origin;
        return at;
    }

    /// <summary>The steps before a step, in the order of the chart's forward arrows.</summary>
    public static IReadOnlySet<string> Before(ActivityNode step)
    {
        var plan = step.Parent!.Plan(node => new FlowPlan(node));
        return plan.StartOf(null) is { } start ? plan.DirectionsFrom(start.Id).Upstream(step) : new HashSet<string>();
    }

    private static (FlowPlan Plan, FlowDirections Directions) ChartOf(ActivityContext context)
    {
        var plan = context.Node.Plan(node => new FlowPlan(node));
        return (plan, plan.DirectionsFrom(context.Get<string>(Flowchart.StartKey)!));
    }

    private static (ActivityNode Node, string? Tag)? OriginOf(FlowPlan plan, string? tag)
    {
        if (tag?.StartsWith(StraightTag, StringComparison.Ordinal) != true)
            return null;
        var parts = tag[StraightTag.Length..].Split(Separator, 2);
        return plan.Child(parts[0]) is { } origin ? (origin, parts[1].Length == 0 ? null : parts[1]) : null;
    }

    private static List<ActivityNode> OpenIn(ActivityContext context, FlowPlan plan, HashSet<string> steps) =>
        [.. context.OpenChildren.Where(c => steps.Contains(c.Node.Id) || steps.Contains(Represented(plan, c.Node, c.Tag).Node.Id)).Select(c => c.Node).Distinct()];

    private static HashSet<string> Redone(FlowPlan plan, FlowDirections directions, ActivityNode target)
    {
        var found = new HashSet<string> { target.Id };
        var open = new Stack<ActivityNode>([target]);
        while (open.TryPop(out var at))
        {
            foreach (var connection in plan.From(at).Where(directions.IsForward))
            {
                if (found.Add(connection.Target.Id))
                    open.Push(connection.Target);
            }
        }

        return found;
    }

    private static void Cancel(ActivityContext context, FlowPlan plan, HashSet<string> left, IEnumerable<ActivityNode> told)
    {
        foreach (var node in told)
            context.Journal("CancelledByReturn", $"因退回，“{node.DisplayText}”已取消", new JsonObject { ["node"] = node.NodeId });
        foreach (var node in plan.Children.Where(c => left.Contains(c.Id)))
            context.CancelChild(node);
        // What runs in the stead of a step that is left goes with it.
        foreach (var (node, _) in context.OpenChildren.Where(c => left.Contains(Represented(plan, c.Node, c.Tag).Node.Id)).ToList())
            context.CancelChild(node);
    }

    private static void Redo(ActivityContext context, FlowPlan plan, FlowDirections directions, ActivityNode target, HashSet<string> redone)
    {
        if (Flowchart.UsesTokens(context))
            new TokenFlow(context, plan, directions).Redo(target, redone);
        else
            new CounterFlow(context, plan, directions).Redo(target, redone);
    }
}
