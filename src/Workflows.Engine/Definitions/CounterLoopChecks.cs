using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Loops that surprise when a flowchart is run by counting visits (decision 5). Warnings, not faults: the run may never take
/// the way in question, and Elsa accepts such charts. Arrows are split into forward and backward as the run does it, for each
/// place it may start at.
/// </summary>
internal static class CounterLoopChecks
{
    private const string ModeKey = "Flowchart:ExecutionMode";

    public static void Check(FlowGraph flow, WorkflowGraph graph, FaultList faults)
    {
        if ((ValueConverter.Text(flow.Chart.CustomProperties?[ModeKey]) ?? graph.Options.FlowchartMode) == "TokenBased")
            return;
        foreach (var start in flow.Starts())
        {
            var forward = Forward(flow, start);
            var reached = flow.Reach([start]);
            foreach (var back in flow.Edges.Where(e => reached.Contains(e.Source) && !forward.Contains(e)))
            {
                if (!IsPassedAlways(flow, start, back.Source, back.Target))
                    faults.Warn(back.Source, "illegal-loop",
                        $"返回“{back.Target.DisplayText}”的连线可以从别处绕过该活动到达，走到这里流程会失败；请让循环只有一个入口，或改用令牌模式",
                        $"the connection back to {back.Target.DisplayText} fails when it is taken, because there is a way here around it; give the loop one entrance, or use token mode");
                else
                    WarnOfSkippedJoins(flow, start, forward, back, faults);
            }
        }
    }

    /// <summary>
    /// A branch that loops back marks its way out as visited and not followed. A join that waits for all, and whose other branch
    /// comes in while this one loops, then counts that as an answer and is skipped for good (Elsa's issue 7724).
    /// </summary>
    private static void WarnOfSkippedJoins(FlowGraph flow, ActivityNode start, HashSet<FlowEdge> forward, FlowEdge back, FaultList faults)
    {
        var ahead = flow.Reach([back.Source], forward.Contains);
        foreach (var join in flow.Nodes.Where(n => FlowChecks.WaitsForAll(n) && n != back.Source && ahead.Contains(n)))
        {
            var sources = flow.Edges.Where(e => e.Target == join && forward.Contains(e)).Select(e => e.Source).ToList();
            if (sources.Exists(s => !IsPassedAlways(flow, start, s, back.Target)))
                faults.Warn(join, "join-behind-loop",
                    $"“{back.Source.DisplayText}”会返回“{back.Target.DisplayText}”重做；若另一分支先到，此汇合会被跳过。请把循环移到分叉之前，或改用令牌模式",
                    $"{back.Source.DisplayText} may loop back to {back.Target.DisplayText}; if the other branch arrives meanwhile, this join is skipped. Loop before the fork, or use token mode");
        }
    }

    /// <summary>Breadth-first; an edge that would close a cycle of forward edges is none.</summary>
    private static HashSet<FlowEdge> Forward(FlowGraph flow, ActivityNode start)
    {
        var forward = new HashSet<FlowEdge>(ReferenceEqualityComparer.Instance);
        var reached = new HashSet<ActivityNode> { start };
        var open = new Queue<ActivityNode>([start]);
        while (open.TryDequeue(out var source))
        {
            foreach (var edge in flow.Outbound(source))
            {
                if (reached.Add(edge.Target))
                    open.Enqueue(edge.Target);
                else if (edge.Target == source || flow.Reach([edge.Target], forward.Contains).Contains(source))
                    continue;
                forward.Add(edge);
            }
        }

        return forward;
    }

    private static bool IsPassedAlways(FlowGraph flow, ActivityNode start, ActivityNode node, ActivityNode gate) =>
        node == gate || gate == start || !flow.Reach([start], e => e.Target != gate).Contains(node);
}
