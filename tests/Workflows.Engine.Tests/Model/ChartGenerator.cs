namespace Workflows.Engine.Tests.Model;

/// <summary>
/// Makes a flowchart and its choices from one number: first a graph without cycles, rich in forks and joins, then backward
/// connections where they are legal, then an order of resuming. Equal seeds and sizes make equal charts.
/// </summary>
internal static class ChartGenerator
{
    private static readonly string[] JoinModes = ["WaitAll", "WaitAny", "WaitAllActive"];
    private static readonly string[] MergeModes = ["None", "Stream", "Merge", "Converge", "Cascade", "Race"];

    // Weights; a fault ends the interesting part of a case, so it is rare.
    private static readonly (NodeKind Kind, int Weight)[] Kinds =
    [
        (NodeKind.Join, 30), (NodeKind.Task, 22), (NodeKind.Fork, 15), (NodeKind.Step, 12), (NodeKind.Decision, 13),
        (NodeKind.Delay, 8), (NodeKind.End, 7), (NodeKind.Fail, 6), (NodeKind.Start, 2),
    ];

    /// <param name="seed">Decides everything.</param>
    /// <param name="size">0 to 100; at 100 charts have up to 13 nodes.</param>
    /// <param name="tokens">Flowchart mode of the case.</param>
    public static Chart Make(int seed, int size, bool tokens)
    {
        var random = new Random(seed);
        var nodes = Nodes(random, 4 + random.Next(2 + (size * 8 / 100)), tokens);
        var links = ForwardLinks(random, nodes);
        var chart = new Chart(tokens, random.Next(5) > 0, Order(random, nodes), Shuffled(random, links), [.. Choices(random)]);
        for (var wanted = random.Next(20) switch { < 2 => 0, < 10 => 1, < 16 => 2, _ => 3 }; wanted > 0; wanted--)
            chart = WithBackwardLink(random, chart);
        return chart;
    }

    /// <summary>
    /// True when the chart can be run by both sides: backward connections are legal, and no cycle can turn for ever without
    /// waiting. Keeps the generator and the shrinker inside the language.
    /// </summary>
    public static bool IsSound(Chart chart)
    {
        var shape = new FlowShape(chart);
        return shape.Start is not null && chart.Links.Where(l => !shape.IsForward(l) && shape.IsReachable(l.From)).All(link =>
            shape.Dominates(link.To, link.From) && chart.Node(link.From) switch
            {
                { Waits: true } => true,
                { Kind: NodeKind.Decision } source when link.Port[0] != source.Answers[^1] => true,
                _ => chart.Node(link.To).Waits,
            });
    }

    private static List<ChartNode> Nodes(Random random, int count, bool tokens) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var kind = i > 0 ? Kind(random) : random.Next(10) switch { < 4 => NodeKind.Fork, < 7 => NodeKind.Start, < 8 => NodeKind.Task, < 9 => NodeKind.Decision, _ => NodeKind.Step };
            return new ChartNode(
                $"n{i}",
                kind,
                kind == NodeKind.Join ? JoinModes[random.Next(JoinModes.Length)] : null,
                kind != NodeKind.Join && random.Next(tokens ? 2 : 8) == 0 ? MergeModes[random.Next(MergeModes.Length)] : null,
                i == 0 && random.Next(4) == 0,
                kind == NodeKind.Decision ? string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(2) == 0 ? 'T' : 'F')) : "",
                kind == NodeKind.Fork ? random.Next(2, 4) : 0);
        }),
    ];

    private static NodeKind Kind(Random random)
    {
        var ticket = random.Next(Kinds.Sum(k => k.Weight));
        return Kinds.First(k => (ticket -= k.Weight) < 0).Kind;
    }

    private static List<Link> ForwardLinks(Random random, List<ChartNode> nodes)
    {
        var links = new List<Link>();
        for (var i = 1; i < nodes.Count; i++)
        {
            // Now and then a node nobody leads to: what it would feed must not count.
            if (random.Next(25) == 0)
                continue;
            var wanted = nodes[i].Kind == NodeKind.Join ? random.Next(2, 5) : random.Next(10) switch { < 7 => 1, < 9 => 2, _ => 3 };
            for (var tries = 0; wanted > 0 && tries < 12; tries++)
            {
                var source = nodes[random.Next(Math.Max(0, i - 6), i)];
                var ports = source.Ports.ToList();
                var free = ports.Where(p => links.All(l => l.From != source.Id || l.Port != p)).ToList();
                if (ports.Count == 0 || (free.Count == 0 && random.Next(4) > 0))
                    continue;
                var port = free.Count > 0 ? free[random.Next(free.Count)] : ports[random.Next(ports.Count)];
                var link = new Link(source.Id, port, nodes[i].Id);
                if (links.Contains(link))
                    continue;
                links.Add(link);
                wanted--;
            }
        }

        return links;
    }

    /// <summary>Any order where the start is marked; else the first node without inbound connections must stay first.</summary>
    private static List<ChartNode> Order(Random random, List<ChartNode> nodes) =>
        nodes[0].CanStart || nodes[0].Kind == NodeKind.Start ? Shuffled(random, nodes) : [nodes[0], .. Shuffled(random, nodes[1..])];

    private static Chart WithBackwardLink(Random random, Chart chart)
    {
        var shape = new FlowShape(chart);
        var reachable = chart.Nodes.Where(n => shape.IsReachable(n.Id)).ToList();
        for (var tries = 0; tries < 40; tries++)
        {
            var source = reachable[random.Next(reachable.Count)];
            var targets = reachable.Where(t => shape.Dominates(t.Id, source.Id)).ToList();
            var target = targets[random.Next(targets.Count)];
            var ports = source.Ports.ToList();
            if (ports.Count == 0)
                continue;
            var link = new Link(source.Id, ports[random.Next(ports.Count)], target.Id);
            if (chart.Links.Contains(link) || (source == target && random.Next(3) > 0))
                continue;
            var links = chart.Links.ToList();
            links.Insert(random.Next(links.Count + 1), link);

            // A decision in a loop must answer the way out in the end.
            var nodes = chart.Nodes.Select(n => n == source && n.Kind == NodeKind.Decision && n.Answers[^1] == link.Port[0]
                ? n with { Answers = n.Answers + (link.Port == "True" ? 'F' : 'T') }
                : n).ToList();

            // A start that was found because nothing led to it needs a mark once something does.
            if (target.Id == shape.Start!.Id && target.Kind != NodeKind.Start)
                nodes = [.. nodes.Select(n => n.Id == target.Id ? n with { CanStart = true } : n)];
            var changed = chart with { Nodes = nodes, Links = links };
            // Loops around a join are what is wanted; any loop will do when none is to be had.
            if (IsSound(changed) && (tries > 25 || HoldsJoin(shape, changed, link)))
                return changed;
        }

        return chart;
    }

    private static bool HoldsJoin(FlowShape shape, Chart chart, Link backward) => chart.Nodes.Any(n =>
        (n.Kind == NodeKind.Join || n.MergeMode is not null)
        && (n.Id == backward.To || shape.Ancestors(n.Id).Contains(backward.To))
        && (n.Id == backward.From || shape.Ancestors(backward.From).Contains(n.Id)));

    private static IEnumerable<Choice> Choices(Random random)
    {
        // A loop round a task may be entered again and again; the outcome that leads forward must be common.
        for (var left = random.Next(6, 22); left > 0; left--)
            yield return new Choice(random.Next(4), random.Next(8) switch { < 5 => 0, < 7 => 1, _ => 2 });
    }

    private static List<T> Shuffled<T>(Random random, List<T> items)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return [.. array];
    }
}
