using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// Elsa's default way of running a flowchart: joins count visits.
/// </summary>
/// <remarks>
/// What can go wrong: a join that waits for a branch which was never taken waits for ever; one that does not wait runs too
/// early or twice; in a loop, counts of the last round must not pass for this round's.
/// The rules: a completed activity visits every arrow out of it, followed or not, and what no followed arrow reaches is
/// skipped, which visits its arrows in turn, so every branch reports to every join once per round. An arrow's count above
/// the target's own count belongs to a round the target has not had. An activity run by a backward arrow does not count:
/// its forward arrows did not bring it.
/// Only activities with more than one forward arrow into them need counts; for the others an arrival says it all.
/// A join that takes the first arrival is scheduled before the rest is cancelled, or the flowchart would see no work left and end.
/// </remarks>
internal sealed class CounterFlow(ActivityContext context, FlowPlan plan, FlowDirections directions)
{
    private const string ScopeKey = "FlowScope";
    internal const string Backward = "backward";

    private readonly Dictionary<string, int> _visits = [];
    private readonly Dictionary<string, int> _arrivals = [];
    private readonly HashSet<string> _followed = [];
    private bool _touched;

    public void ChildCompleted(ChildCompletion child)
    {
        Load();
        var scheduled = Leave(child.Node, child.Outcomes, child.Tag != Backward);
        Save();
        if (!scheduled)
            CompleteWhenIdle();
    }

    public void CancelUpstream(ActivityNode join)
    {
        Load();
        CancelRunningUpstream(join);
        Save();
    }

    /// <summary>Writes the past of the redone joins anew; see <see cref="FlowReturn"/>.</summary>
    public void Redo(ActivityNode target, HashSet<string> redone)
    {
        Load();
        foreach (var join in plan.Children.Where(c => redone.Contains(c.Id) && c.Id != target.Id && IsMerge(c)))
        {
            _visits[join.Id] = 0;
            foreach (var connection in directions.ForwardInto(join))
            {
                var hasReported = !redone.Contains(connection.Source.Id) && !IsUnderWay(connection);
                _arrivals[connection.Key] = hasReported ? 1 : 0;
                if (!hasReported)
                    _followed.Remove(connection.Key);
            }
        }

        _touched = true;
        Save();
    }

    private bool IsUnderWay(FlowConnection connection)
    {
        var upstream = directions.Upstream(connection.Source);
        upstream.Add(connection.Source.Id);
        return context.OpenChildren.Any(c => upstream.Contains(FlowReturn.Represented(plan, c.Node, c.Tag).Node.Id));
    }

    private void CompleteWhenIdle()
    {
        if (!context.HasPendingWork && !context.HasFaultedChildren)
            context.Complete();
    }

    /// <summary>Visits every arrow out of an activity that completed, was skipped or was cancelled. True if anything was scheduled.</summary>
    private bool Leave(ActivityNode node, IReadOnlyList<string> outcomes, bool counts)
    {
        if (!directions.IsReachable(node))
            throw new ActivityFailure("flowchart-unreachable", $"步骤“{node.DisplayText}”从起点不可达 (activity {node.Id} cannot be reached from the start)");
        if (counts && IsMerge(node))
        {
            _visits[node.Id] = Visits(node) + 1;
            _touched = true;
        }

        var scheduled = false;
        foreach (var connection in plan.From(node))
        {
            var followed = outcomes.Contains(connection.Port);
            scheduled |= directions.IsForward(connection) ? Arrive(connection, followed) : GoBack(connection, followed);
        }

        return scheduled;
    }

    private bool GoBack(FlowConnection connection, bool followed)
    {
        if (!followed)
            return false;
        if (!directions.IsLegalBackward(connection))
            throw new ActivityFailure("flowchart-backward", $"连线“{connection.Key}”返回到不在其来路上的步骤 (a backward connection must lead to an activity that every path to its source passes)");
        context.Schedule(connection.Target, Backward);
        return true;
    }

    private bool Arrive(FlowConnection connection, bool followed)
    {
        var target = connection.Target;
        var isJoin = target.Type == "Elsa.FlowJoin";
        var mode = isJoin ? Flowchart.ModeOf(context, target) : FlowJoinMode.WaitAllActive;
        if (!IsMerge(target))
            return !(mode == FlowJoinMode.WaitAny && IsScheduled(target)) && (followed ? Schedule(target, mode) : Skip(target));

        _arrivals[connection.Key] = Arrivals(connection) + 1;
        if (followed)
            _followed.Add(connection.Key);
        else
            _followed.Remove(connection.Key);
        _touched = true;

        var inbound = directions.ForwardInto(target);
        var own = Visits(target);
        var allVisited = inbound.All(c => Arrivals(c) > own);
        var latest = inbound.Max(Arrivals);
        var newest = inbound.Where(c => Arrivals(c) == latest);
        if (mode == FlowJoinMode.WaitAny)
        {
            if (Arrivals(connection) <= own || IsScheduled(target))
                return false;
            return followed ? Schedule(target, mode) : allVisited && !newest.Any(IsFollowed) && Skip(target);
        }

        if (!allVisited)
            return false;
        return (mode == FlowJoinMode.WaitAll ? newest.All(IsFollowed) : newest.Any(IsFollowed)) ? Schedule(target, mode) : Skip(target);
    }

    private bool Schedule(ActivityNode target, FlowJoinMode mode)
    {
        context.Schedule(target);
        if (mode == FlowJoinMode.WaitAny)
            CancelRunningUpstream(target);
        return true;
    }

    private bool Skip(ActivityNode target) => Leave(target, [], counts: true);

    private void CancelRunningUpstream(ActivityNode join)
    {
        var upstream = directions.Upstream(join);
        foreach (var cancelled in context.CancelRunning((node, tag) => upstream.Contains(FlowReturn.Represented(plan, node, tag).Node.Id)))
        {
            var (node, tag) = FlowReturn.Represented(plan, context.Graph.Find(cancelled.NodeId)!, cancelled.Tag);
            Leave(node, [], tag != Backward);
        }
    }

    private bool IsMerge(ActivityNode node) => directions.ForwardInto(node).Count > 1;

    private bool IsScheduled(ActivityNode node) => context.IsQueued(node) || context.RunningChildren.Contains(node);

    private int Visits(ActivityNode node) => _visits.GetValueOrDefault(node.Id);

    private int Arrivals(FlowConnection connection) => _arrivals.GetValueOrDefault(connection.Key);

    private bool IsFollowed(FlowConnection connection) => _followed.Contains(connection.Key);

    private void Load()
    {
        if (context.Get<JsonObject>(ScopeKey) is not { } scope)
            return;
        foreach (var (id, count) in scope["visits"]!.AsObject())
            _visits[id] = (int)count!;
        foreach (var (key, count) in scope["arrivals"]!.AsObject())
            _arrivals[key] = (int)count!;
        foreach (var key in scope["followed"]!.AsArray())
            _followed.Add((string)key!);
    }

    // Visit counts and arrival counts by id and arrow, and the arrows whose last visit was followed; only of activities with several arrows in.
    private void Save()
    {
        if (!_touched)
            return;
        context.Set(ScopeKey, new JsonObject
        {
            ["visits"] = new JsonObject(_visits.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["arrivals"] = new JsonObject(_arrivals.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
            ["followed"] = new JsonArray([.. _followed.Order(StringComparer.Ordinal).Select(key => (JsonNode)key)]),
        });
    }
}
