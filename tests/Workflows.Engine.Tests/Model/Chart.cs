namespace Workflows.Engine.Tests.Model;

/// <summary>What a node of a generated flowchart does.</summary>
internal enum NodeKind
{
    Start,

    /// <summary>Completes at once.</summary>
    Step,

    /// <summary>Waits until it is resumed; completes with the outcomes that come with the resume.</summary>
    Task,

    /// <summary>Waits for a timer.</summary>
    Delay,

    /// <summary>Answers from a fixed list, the last answer for ever after.</summary>
    Decision,
    Fork,
    Join,

    /// <summary>Throws.</summary>
    Fail,
    End,
}

/// <summary>One node.</summary>
/// <param name="JoinMode">Mode of a join: WaitAll, WaitAny or WaitAllActive.</param>
/// <param name="MergeMode">Custom property mergeMode of any other node; null leaves it out.</param>
/// <param name="Answers">A decision's answers.</param>
/// <param name="Branches">How many branches a fork opens (B0, B1, ...).</param>
internal sealed record ChartNode(
    string Id,
    NodeKind Kind,
    string? JoinMode = null,
    string? MergeMode = null,
    bool CanStart = false,
    string Answers = "",
    int Branches = 0)
{
    /// <summary>Ports by which this node can leave, or seem to.</summary>
    public IEnumerable<string> Ports => Kind switch
    {
        NodeKind.Decision => ["True", "False"],
        NodeKind.Fork => Enumerable.Range(0, Branches).Select(i => $"B{i}"),
        NodeKind.Task => ["Done", "Other"],
        NodeKind.End => [],
        _ => ["Done"],
    };

    public bool Waits => Kind is NodeKind.Task or NodeKind.Delay;

    public override string ToString() =>
        $"{Id} {Kind}{(JoinMode is null ? "" : " " + JoinMode)}{(MergeMode is null ? "" : " merge=" + MergeMode)}{(CanStart ? " canStart" : "")}{(Answers == "" ? "" : " " + Answers)}";
}

/// <summary>A connection from a port of one node to another node.</summary>
internal sealed record Link(string From, string Port, string To)
{
    public override string ToString() => $"{From}:{Port}->{To}";
}

/// <summary>Resume one of the nodes that wait, counted in order of creation and wrapped around, with one of the outcome sets.</summary>
internal sealed record Choice(int Pick, int Outcome)
{
    private static readonly string[][] Sets = [["Done"], ["Other"], ["Done", "Other"]];

    public IReadOnlyList<string> Outcomes => Sets[Outcome % Sets.Length];
}

/// <summary>One case: a flowchart, how it is run, and in which order its waiting nodes are resumed.</summary>
internal sealed record Chart(
    bool Tokens,
    bool ContinueWithIncidents,
    IReadOnlyList<ChartNode> Nodes,
    IReadOnlyList<Link> Links,
    IReadOnlyList<Choice> Choices)
{
    public ChartNode Node(string id) => Nodes.First(n => n.Id == id);

    public override string ToString() =>
        $"""
        {(Tokens ? "token" : "counter")} mode, {(ContinueWithIncidents ? "ContinueWithIncidents" : "Fault")}
          {string.Join("\n  ", Nodes)}
          {string.Join("  ", Links)}
          choices {string.Join(" ", Choices.Select(c => $"{c.Pick}/{c.Outcome}"))}
        """;
}
