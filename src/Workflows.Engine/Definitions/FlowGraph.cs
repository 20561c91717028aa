using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>A connection between two children of a flowchart that both exist.</summary>
internal sealed record FlowEdge(ActivityNode Source, string Port, ActivityNode Target);

/// <summary>A flowchart as the validator sees it.</summary>
internal sealed class FlowGraph
{
    private readonly ILookup<ActivityNode, FlowEdge> _outbound;

    public FlowGraph(ActivityNode chart)
    {
        Chart = chart;
        Nodes = chart.Branches.FirstOrDefault(b => b.Key == "activities").Value ?? [];
        var byId = Nodes.GroupBy(n => n.Id).ToDictionary(g => g.Key, g => g.First());
        var edges = new List<FlowEdge>();
        foreach (var connection in chart.Json.Objects("connections"))
        {
            var source = connection.Object("source")?.Text("activity") ?? "";
            var target = connection.Object("target")?.Text("activity") ?? "";
            if (byId.TryGetValue(source, out var from) && byId.TryGetValue(target, out var to))
                edges.Add(new FlowEdge(from, connection.Object("source")!.Text("port") ?? "Done", to));
            else
                Dangling.Add((source, target));
        }

        Edges = edges;
        _outbound = edges.ToLookup(e => e.Source);
    }

    public ActivityNode Chart { get; }

    public IReadOnlyList<ActivityNode> Nodes { get; }

    public IReadOnlyList<FlowEdge> Edges { get; }

    public List<(string Source, string Target)> Dangling { get; } = [];

    public IEnumerable<FlowEdge> Outbound(ActivityNode node) => _outbound[node];

    /// <summary>Where runs begin: Elsa's rule, and every child that may start the workflow by itself.</summary>
    public IEnumerable<ActivityNode> Starts()
    {
        var first = Nodes.FirstOrDefault(n => n.ActivityType.Info.IsStart || n.Type == "Elsa.Start")
            ?? Nodes.FirstOrDefault(n => n.CanStartWorkflow)
            ?? Nodes.FirstOrDefault(n => Edges.All(e => e.Target != n))
            ?? (Nodes.Count > 0 ? Nodes[0] : null);
        return Nodes.Where(n => n.CanStartWorkflow || n == first);
    }

    /// <summary>Everything that can be reached from <paramref name="from"/> over edges that <paramref name="may"/> allows.</summary>
    public HashSet<ActivityNode> Reach(IEnumerable<ActivityNode> from, Func<FlowEdge, bool>? may = null)
    {
        var reached = new HashSet<ActivityNode>(from);
        var open = new Queue<ActivityNode>(reached);
        while (open.TryDequeue(out var node))
        {
            foreach (var edge in Outbound(node))
            {
                if (may?.Invoke(edge) != false && reached.Add(edge.Target))
                    open.Enqueue(edge.Target);
            }
        }

        return reached;
    }

    /// <summary>Groups of nodes that can all reach each other: the cycles. Tarjan's algorithm, without recursion.</summary>
    public IEnumerable<IReadOnlyList<ActivityNode>> Cycles()
    {
        var index = new Dictionary<ActivityNode, int>();
        var low = new Dictionary<ActivityNode, int>();
        var onStack = new HashSet<ActivityNode>();
        var stack = new Stack<ActivityNode>();
        foreach (var start in Nodes)
        {
            if (index.ContainsKey(start))
                continue;
            var calls = new Stack<(ActivityNode Node, IEnumerator<FlowEdge> Edges)>();
            Open(start);
            while (calls.TryPeek(out var call))
            {
                if (call.Edges.MoveNext())
                {
                    var next = call.Edges.Current.Target;
                    if (!index.TryGetValue(next, out var seen))
                        Open(next);
                    else if (onStack.Contains(next))
                        low[call.Node] = Math.Min(low[call.Node], seen);
                    continue;
                }

                calls.Pop();
                if (calls.TryPeek(out var caller))
                    low[caller.Node] = Math.Min(low[caller.Node], low[call.Node]);
                if (low[call.Node] != index[call.Node])
                    continue;
                var group = new List<ActivityNode>();
                ActivityNode member;
                do
                {
                    member = stack.Pop();
                    onStack.Remove(member);
                    group.Add(member);
                }
                while (member != call.Node);
                if (group.Count > 1 || Outbound(member).Any(e => e.Target == member))
                    yield return group;
            }

            void Open(ActivityNode node)
            {
                index[node] = low[node] = index.Count;
                stack.Push(node);
                onStack.Add(node);
                calls.Push((node, Outbound(node).GetEnumerator()));
            }
        }
    }

    /// <summary>Outcomes a child offers; null when they cannot be known before it runs.</summary>
    public static IReadOnlyList<string>? OutcomesOf(ActivityNode node)
    {
        if (node.ActivityType.ClrType == typeof(NotFoundActivity))
            return null;
        if (node.ActivityType.ClrType == typeof(SubWorkflow))
            return node.Branch("root") is null ? null : SubOutcomes(node);
        if (node.ActivityType.Inputs.Any(i => i.Info.Hint == "dynamic-outcomes" && node.Inputs.TryGetValue(i.Name, out var b) && b.Expression.Type is not ("Literal" or "Object" or "Json")))
            return null;
        try
        {
            return node.ActivityType.OutcomesOf(node);
        }
        // The boundary of activity code; a node that cannot even tell its ports is reported by Validate.
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// True when a run may rest here. Told from the class: kinds other than Action, and classes that answer a resumption,
    /// a decision or a deadline; a plain class without outcomes of its own gets the benefit of the doubt.
    /// </summary>
    public static bool MayWait(ActivityNode node)
    {
        var type = node.ActivityType.ClrType;
        if (type == typeof(NotFoundActivity) || node.ActivityType.Info.Kind != ActivityKind.Action || Overrides(type, nameof(Activity.Resume)) || Overrides(type, nameof(Activity.TaskCompleted)) || Overrides(type, nameof(Activity.TimerFired)))
            return true;
        if (node.ActivityType.Info.IsContainer || node.ActivityType.Branches.Any())
            return node.Children.Any(MayWait);
        return !type.IsSubclassOf(typeof(CodeActivity)) && node.ActivityType.Outcomes.Count == 0 && !Overrides(type, nameof(Activity.OutcomesOf));
    }

    private static List<string> SubOutcomes(ActivityNode node)
    {
        var outcomes = node.Branch("root")!.Json["outcomes"] as JsonArray;
        return [.. outcomes?.Select(o => ValueConverter.Text(o) ?? "") ?? [], "Done"];
    }

    private static bool Overrides(Type type, string method) => type.GetMethod(method)!.DeclaringType != typeof(Activity) && type.GetMethod(method)!.DeclaringType != typeof(CodeActivity);
}
