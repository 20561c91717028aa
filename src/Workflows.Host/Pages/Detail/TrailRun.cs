namespace Workflows.Host.Pages.Detail;

/// <summary>Lines of a trail that stand together: some in the open, or a run of system lines behind one.</summary>
public sealed record TrailRun(IReadOnlyList<TrailNode> Nodes, bool IsFolded)
{
    /// <summary>Fewer are read faster than unfolded.</summary>
    private const int FewestFolded = 4;

    public string? From => Nodes[0].When;

    public string? To => Nodes[^1].When;

    /// <summary>The same lines in the same order, runs of "system" ones folded.</summary>
    public static IReadOnlyList<TrailRun> Of(IReadOnlyList<TrailNode> nodes)
    {
        var runs = new List<TrailRun>();
        for (var i = 0; i < nodes.Count;)
        {
            var isSystem = nodes[i].Kind == "system";
            var end = i;
            while (end < nodes.Count && (nodes[end].Kind == "system") == isSystem)
                end++;
            runs.Add(new TrailRun([.. nodes.Skip(i).Take(end - i)], isSystem && end - i >= FewestFolded));
            i = end;
        }

        return runs;
    }
}
