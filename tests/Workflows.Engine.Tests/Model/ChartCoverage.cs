namespace Workflows.Engine.Tests.Model;

/// <summary>Counts what the generator really made, so that a rare combination cannot silently vanish.</summary>
internal sealed class ChartCoverage
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Count(string key) => _counts.GetValueOrDefault(key);

    public void Add(Chart chart, IReadOnlyCollection<string> events)
    {
        var shape = new FlowShape(chart);
        HashSet<string> found = [];
        foreach (var node in chart.Nodes.Where(n => shape.IsReachable(n.Id) && (n.Kind == NodeKind.Join || n.MergeMode is not null)))
        {
            var mode = node.JoinMode ?? $"merge {node.MergeMode}";
            var loop = shape.InLoop(node.Id) ? "in a loop" : "not in a loop";
            foreach (var kind in chart.Nodes.Where(n => shape.IsReachable(n.Id)).Select(n => n.Kind))
                found.Add(Key(kind, mode, loop));
            found.Add(events.Any(e => e.StartsWith($"Completed {node.Id} ", StringComparison.Ordinal)) ? $"{mode} ran" : $"{mode} did not run");
        }

        if (events.Any(e => e.StartsWith("Canceled", StringComparison.Ordinal)))
            found.Add("a node was canceled");
        if (events.Any(e => e.StartsWith("Faulted", StringComparison.Ordinal)))
            found.Add("a node faulted");
        if (events.GroupBy(e => e).Any(g => g.Count() > 1 && g.Key.StartsWith("Completed", StringComparison.Ordinal)))
            found.Add("a node ran more than once");
        found.Add($"{Math.Min(events.Count / 10 * 10, 50)} events or more");
        foreach (var key in found)
            _counts[key] = Count(key) + 1;
    }

    public static string Key(NodeKind kind, string mode, string loop) => $"{kind} with {mode} {loop}";

    public override string ToString() => string.Join("\n", _counts.Select(c => $"{c.Value,6}  {c.Key}"));
}
