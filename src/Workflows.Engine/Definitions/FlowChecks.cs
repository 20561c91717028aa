using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>Whether the connections of a flowchart lead somewhere, and out again.</summary>
internal static class FlowChecks
{
    public static void Check(ActivityNode chart, WorkflowGraph graph, FaultList faults)
    {
        var flow = new FlowGraph(chart);
        foreach (var (source, target) in flow.Dangling)
        {
            var missing = flow.Nodes.Any(n => n.Id == source) ? target : source;
            faults.Add(chart, "dangling-connection", $"连线“{source}”→“{target}”的一端“{missing}”不存在", $"connection {source} -> {target}: there is no activity {missing}");
        }

        Ports(flow, faults);
        Reachability(flow, faults);
        Loops(flow, faults);
        Joins(flow, faults);
        CounterLoopChecks.Check(flow, graph, faults);
        if (flow.Nodes.Count == 0 && chart.Parent?.Parent is null)
            faults.Warn(chart, "empty-workflow", "流程中没有任何活动", "the workflow has no activities");
    }

    private static void Ports(FlowGraph flow, FaultList faults)
    {
        foreach (var group in flow.Edges.GroupBy(e => e.Source))
        {
            if (FlowGraph.OutcomesOf(group.Key) is not { } offered)
                continue;
            foreach (var port in group.Select(e => e.Port).Distinct().Where(p => !offered.Contains(p)))
                faults.Add(group.Key, "unknown-port", $"没有出口“{port}”，只有：{string.Join("、", offered)}", $"there is no outcome {port}, only {string.Join(", ", offered)}");
        }
    }

    private static void Reachability(FlowGraph flow, FaultList faults)
    {
        var reached = flow.Reach(flow.Starts());
        foreach (var node in flow.Nodes.Where(n => !reached.Contains(n)))
            faults.Add(node, "unreachable-node", "没有任何路径可以到达此活动", "no path leads to this activity");
    }

    private static void Loops(FlowGraph flow, FaultList faults)
    {
        foreach (var cycle in flow.Cycles().Where(c => !c.Any(FlowGraph.MayWait)))
        {
            var inside = cycle.ToHashSet();
            // A way out: a connection that leaves the loop, an outcome that leads nowhere, or outcomes nobody can know.
            var hasExit = cycle.Any(node => flow.Outbound(node).Any(e => !inside.Contains(e.Target))
                || node.ActivityType.Info.IsTerminal
                || FlowGraph.OutcomesOf(node) is not { } offered
                || offered.Any(o => flow.Outbound(node).All(e => e.Port != o)));
            var names = string.Join("、", cycle.Reverse().Select(n => n.DisplayText).Take(8));
            var at = flow.Nodes.First(inside.Contains);
            if (hasExit)
                faults.Warn(at, "busy-loop", $"循环中没有等待，可能超过单次运行的步数上限：{names}", $"a loop without a wait may exceed the step limit: {names}");
            else
                faults.Add(at, "endless-loop", $"循环既没有等待也没有出口：{names}", $"a loop without a wait and without a way out: {names}");
        }
    }

    /// <summary>A join that waits for all, two of whose branches lie behind different answers to one question, is never complete.</summary>
    private static void Joins(FlowGraph flow, FaultList faults)
    {
        var starts = flow.Starts().ToList();
        foreach (var join in flow.Nodes.Where(WaitsForAll))
        {
            var sources = flow.Edges.Where(e => e.Target == join).ToList();
            if (sources.Count < 2)
                continue;
            var question = flow.Nodes.FirstOrDefault(q => q != join && IsExclusive(q) && Divides(flow, starts, q, sources));
            if (question is not null)
                faults.Warn(join, "unsatisfiable-join", $"汇合要等待“{question.DisplayText}”的两个不会同时出现的结果，永远等不齐", $"waits for two answers of {question.DisplayText} that never come together");
        }
    }

    internal static bool WaitsForAll(ActivityNode node) => node.Type == "Elsa.FlowJoin"
        && node.Inputs.TryGetValue("mode", out var mode)
        && mode.Expression.Type == "Literal"
        && ValueConverter.Text(mode.Expression.Value) == "WaitAll";

    private static bool IsExclusive(ActivityNode node) => node.Type == "Elsa.FlowDecision"
        || (node.ActivityType.Outcomes.Count > 1 && node.ActivityType.Outcomes.All(o => o.Name != "Done") && !node.Type.StartsWith("Elsa.", StringComparison.Ordinal));

    private static bool Divides(FlowGraph flow, List<ActivityNode> starts, ActivityNode question, List<FlowEdge> sources)
    {
        var ports = flow.Outbound(question).Select(e => e.Port).Distinct().ToList();
        if (ports.Count < 2)
            return false;
        var without = flow.Reach(starts, e => e.Source != question);
        var ways = new List<HashSet<string>>();
        var byPort = ports.ToDictionary(p => p, p => flow.Reach(starts, e => e.Source != question || e.Port == p));
        foreach (var source in sources)
        {
            if (source.Source == question)
                ways.Add([source.Port]);
            else if (!without.Contains(source.Source))
                ways.Add([.. ports.Where(p => byPort[p].Contains(source.Source))]);
        }

        return ways.Where(w => w.Count > 0).Any(one => ways.Any(other => other.Count > 0 && !one.Overlaps(other)));
    }
}
