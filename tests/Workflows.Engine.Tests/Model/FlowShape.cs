namespace Workflows.Engine.Tests.Model;

/// <summary>
/// The standing facts of a chart: where it starts, which connections go forward (found breadth-first from the start,
/// leaving out each that would close a cycle), what lies before what.
/// </summary>
internal sealed class FlowShape
{
    private readonly Chart _chart;
    private readonly HashSet<Link> _forward = [];
    private readonly Dictionary<string, HashSet<string>> _ancestors = [];

    public FlowShape(Chart chart)
    {
        _chart = chart;
        Start = chart.Nodes.FirstOrDefault(n => n.Kind == NodeKind.Start)
            ?? chart.Nodes.FirstOrDefault(n => n.CanStart)
            ?? chart.Nodes.FirstOrDefault(n => chart.Links.All(l => l.To != n.Id))
            ?? (chart.Nodes.Count > 0 ? chart.Nodes[0] : null);
        if (Start is null)
            return;

        List<string> found = [Start.Id];
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var link in Outbound(found[i]))
            {
                if (link.To == link.From || Before(link.From).Contains(link.To))
                    continue;
                _forward.Add(link);
                if (!found.Contains(link.To))
                    found.Add(link.To);
            }
        }

        foreach (var node in chart.Nodes)
            _ancestors[node.Id] = Before(node.Id);
    }

    public ChartNode? Start { get; }

    public bool IsForward(Link link) => _forward.Contains(link);

    public List<Link> Outbound(string id) => [.. _chart.Links.Where(l => l.From == id)];

    public List<Link> Inbound(string id) => [.. _chart.Links.Where(l => l.To == id)];

    public List<Link> ForwardInbound(string id) => [.. _forward.Where(l => l.To == id)];

    /// <summary>Every node from which <paramref name="id"/> can be reached going forward.</summary>
    public HashSet<string> Ancestors(string id) => _ancestors[id];

    /// <summary>True when every way from <paramref name="id"/> back to the start passes <paramref name="gate"/>.</summary>
    public bool Dominates(string gate, string id)
    {
        if (gate == id)
            return true;
        HashSet<string> reached = [id];
        var open = new Stack<string>([id]);
        while (open.TryPop(out var node))
        {
            if (node == Start!.Id)
                return false;
            foreach (var link in ForwardInbound(node).Where(l => l.From != gate && reached.Add(l.From)))
                open.Push(link.From);
        }

        return true;
    }

    /// <summary>True when the node can run again because of a backward connection around it.</summary>
    public bool InLoop(string id) => _chart.Links.Any(l =>
        !IsForward(l) && IsReachable(l.From)
        && (l.To == id || Ancestors(id).Contains(l.To)) && (l.From == id || Ancestors(l.From).Contains(id)));

    public bool IsReachable(string id) => id == Start?.Id || ForwardInbound(id).Count > 0;

    private HashSet<string> Before(string id)
    {
        HashSet<string> before = [];
        var open = new Stack<string>([id]);
        while (open.TryPop(out var node))
        {
            foreach (var link in _forward.Where(l => l.To == node && before.Add(l.From)))
                open.Push(link.From);
        }

        return before;
    }
}
