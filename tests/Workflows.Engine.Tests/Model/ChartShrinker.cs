namespace Workflows.Engine.Tests.Model;

/// <summary>Simpler charts to try when one fails: fewer choices, nodes or connections, plainer nodes.</summary>
internal static class ChartShrinker
{
    public static IEnumerable<Chart> Shrink(Chart chart) => Candidates(chart).Where(ChartGenerator.IsSound);

    private static IEnumerable<Chart> Candidates(Chart chart)
    {
        for (var keep = 0; keep < chart.Choices.Count; keep = (keep * 2) + 1)
            yield return chart with { Choices = [.. chart.Choices.Take(keep)] };
        foreach (var node in chart.Nodes)
        {
            yield return chart with
            {
                Nodes = [.. chart.Nodes.Where(n => n != node)],
                Links = [.. chart.Links.Where(l => l.From != node.Id && l.To != node.Id)],
            };
        }

        // A node on one way only is taken out and the way closed over it.
        foreach (var node in chart.Nodes.Where(n => chart.Links.Count(l => l.To == n.Id) == 1 && !chart.Links.Any(l => l.From == n.Id && l.To == n.Id)))
        {
            var into = chart.Links.First(l => l.To == node.Id);
            yield return chart with
            {
                Nodes = [.. chart.Nodes.Where(n => n != node)],
                Links = [.. chart.Links.Where(l => l != into).Select(l => l.From == node.Id ? l with { From = into.From, Port = into.Port } : l).Distinct()],
            };
        }

        foreach (var link in chart.Links)
            yield return chart with { Links = [.. chart.Links.Where(l => l != link)] };
        foreach (var choice in Enumerable.Range(0, chart.Choices.Count))
        {
            yield return chart with { Choices = [.. chart.Choices.Where((_, i) => i != choice)] };
            if (chart.Choices[choice] is { Pick: > 0 } or { Outcome: > 0 })
                yield return chart with { Choices = [.. chart.Choices.Select((c, i) => i == choice ? new Choice(Math.Max(0, c.Pick - 1), 0) : c)] };
        }

        foreach (var node in chart.Nodes)
        {
            foreach (var plainer in Plainer(node))
                yield return chart with { Nodes = [.. chart.Nodes.Select(n => n == node ? plainer : n)] };
        }
    }

    private static IEnumerable<ChartNode> Plainer(ChartNode node)
    {
        if (node.MergeMode is not null)
            yield return node with { MergeMode = null };
        if (node.Answers.Length > 1)
            yield return node with { Answers = node.Answers[1..] };
        if (node.Kind is NodeKind.Delay or NodeKind.Join or NodeKind.Task)
            yield return node with { Kind = NodeKind.Step, JoinMode = null };
        if (node.JoinMode is not null and not "WaitAll")
            yield return node with { JoinMode = "WaitAll" };
    }
}
