using Workflows.Engine.Definitions;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// Forward and backward arrows of a flowchart for one start. Breadth-first from the start, an arrow that would close a
/// cycle of forward arrows leads backward; all others lead forward. What no forward arrow reaches is unreachable.
/// </summary>
internal sealed class FlowDirections
{
    private readonly HashSet<string> _reached = [];
    private readonly HashSet<string> _forward = [];
    private readonly Dictionary<string, List<FlowConnection>> _forwardInto = [];
    private readonly Dictionary<string, List<FlowConnection>> _into = [];
    private readonly HashSet<string> _legalBackward = [];
    private readonly ActivityNode? _start;
    private readonly FlowPlan _plan;

    public FlowDirections(FlowPlan plan, ActivityNode? start)
    {
        (_plan, _start) = (plan, start);
        foreach (var connection in plan.Connections)
            Into(_into, connection);
        if (start is not null)
            Walk(plan, start);
        foreach (var connection in plan.Connections.Where(c => _reached.Contains(c.Source.Id) && !_forward.Contains(c.Key)))
        {
            if (PassesAlways(connection.Source, connection.Target))
                _legalBackward.Add(connection.Key);
        }
    }

    public bool IsReachable(ActivityNode node) => _reached.Contains(node.Id);

    public bool IsForward(FlowConnection connection) => _forward.Contains(connection.Key);

    /// <summary>True for a backward arrow whose target lies on every way from the start to its source.</summary>
    public bool IsLegalBackward(FlowConnection connection) => _legalBackward.Contains(connection.Key);

    public IReadOnlyList<FlowConnection> ForwardInto(ActivityNode node) => _forwardInto.GetValueOrDefault(node.Id) ?? [];

    public IReadOnlyList<FlowConnection> Into(ActivityNode node) => _into.GetValueOrDefault(node.Id) ?? [];

    /// <summary>Everything from which forward arrows lead to this node, ids.</summary>
    public HashSet<string> Upstream(ActivityNode node)
    {
        var found = new HashSet<string>();
        var open = new Stack<ActivityNode>([node]);
        while (open.TryPop(out var at))
        {
            foreach (var connection in ForwardInto(at))
            {
                if (found.Add(connection.Source.Id))
                    open.Push(connection.Source);
            }
        }

        return found;
    }

    private void Walk(FlowPlan plan, ActivityNode start)
    {
        var open = new Queue<ActivityNode>([start]);
        _reached.Add(start.Id);
        while (open.TryDequeue(out var source))
        {
            foreach (var connection in plan.From(source))
            {
                var isNew = _reached.Add(connection.Target.Id);
                if (isNew)
                    open.Enqueue(connection.Target);
                else if (connection.Target.Id == source.Id || Upstream(source).Contains(connection.Target.Id))
                    continue;
                _forward.Add(connection.Key);
                Into(_forwardInto, connection);
            }
        }
    }

    private static void Into(Dictionary<string, List<FlowConnection>> map, FlowConnection connection)
    {
        if (!map.TryGetValue(connection.Target.Id, out var list))
            list = map[connection.Target.Id] = [];
        list.Add(connection);
    }

    private bool PassesAlways(ActivityNode source, ActivityNode gate)
    {
        if (source.Id == gate.Id || gate.Id == _start!.Id)
            return true;
        var seen = new HashSet<string> { _start.Id };
        var open = new Stack<ActivityNode>([_start]);
        while (open.TryPop(out var at))
        {
            if (at.Id == source.Id)
                return false;
            foreach (var connection in _plan.From(at))
            {
                if (IsForward(connection) && connection.Target.Id != gate.Id && seen.Add(connection.Target.Id))
                    open.Push(connection.Target);
            }
        }

        return true;
    }
}
