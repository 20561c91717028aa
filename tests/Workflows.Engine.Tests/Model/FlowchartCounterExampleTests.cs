namespace Workflows.Engine.Tests.Model;

/// <summary>Charts on which model and interpreter once differed, made as small as they get. They may be added to, never taken away.</summary>
public sealed class FlowchartCounterExampleTests
{
    [Fact]
    public void With_tokens_a_task_that_returns_to_itself_does_not_hold_up_the_node_behind_it()
    {
        var events = Run(tokens: true, [Task("n0"), Step("n1")], ["n0:Done->n1", "n0:Done->n0"], new Choice(0, 0));

        Assert.Equal(["Started n0", "Resumed n0", "Completed n0 Done", "Completed n1 Done", "Started n0"], events);
    }

    [Fact]
    public void Counting_a_join_of_all_cancels_what_still_runs_before_it()
    {
        var events = Run(tokens: false, [Task("n0"), Join("n2", "WaitAll")], ["n0:Done->n0", "n0:Done->n2"], new Choice(0, 0));

        Assert.Equal(["Started n0", "Canceled n0", "Completed n2 Done", "Completed chart Done"], events.Skip(3));
    }

    [Fact]
    public void Counting_a_join_of_any_with_one_way_in_is_not_scheduled_twice()
    {
        var events = Run(
            tokens: false,
            [new ChartNode("n0", NodeKind.Decision, CanStart: true, Answers: "T"), Task("n6"), Join("n3", "WaitAny")],
            ["n0:True->n3", "n3:Done->n6", "n6:Done->n0", "n6:Done->n3"],
            new Choice(0, 0));

        Assert.Equal(2, events.Count(e => e == "Completed n3 Done"));
    }

    [Fact]
    public void A_join_cancels_oldest_first()
    {
        var events = Run(
            tokens: false,
            [new ChartNode("n0", NodeKind.Fork, CanStart: true, Branches: 2), Join("n4", "WaitAll"), Task("n3"), Task("n2")],
            ["n3:Other->n0", "n0:B1->n2", "n0:B1->n3", "n3:Done->n0", "n2:Other->n4", "n3:Other->n3", "n3:Done->n4"],
            new Choice(1, 1), new Choice(3, 0), new Choice(0, 0));

        Assert.Equal(["Canceled n3", "Canceled n2", "Canceled n2", "Canceled n3"], events.Where(e => e.StartsWith("Canceled", StringComparison.Ordinal)));
    }

    [Fact]
    public void With_tokens_a_race_is_not_run_again_by_a_branch_that_was_still_going_round()
    {
        var events = Run(
            tokens: true,
            [Join("n5", "WaitAny"), new ChartNode("n1", NodeKind.Decision, Answers: "FT"), new ChartNode("n0", NodeKind.Fork, CanStart: true, Branches: 2), Join("n3", "WaitAny")],
            ["n1:False->n3", "n0:B1->n1", "n0:B1->n5", "n1:True->n5", "n1:False->n1"]);

        Assert.Single(events, "Completed n5 Done");
    }

    [Fact]
    public void With_tokens_a_race_in_a_loop_runs_in_every_round_whichever_branch_comes_first()
    {
        // Elsa issue 7993: a block left by the first round swallowed the second.
        var events = Run(
            tokens: true,
            [new ChartNode("top", NodeKind.Decision, CanStart: true, Answers: "TF"), Step("a"), Step("b"), Join("join", "WaitAny"), new ChartNode("again", NodeKind.Decision, Answers: "TF"), Step("after")],
            ["top:True->a", "top:False->b", "a:Done->join", "b:Done->join", "join:Done->again", "again:True->top", "again:False->after"]);

        Assert.Equal(2, events.Count(e => e == "Completed join Done"));
        Assert.Equal(["Completed after Done", "Completed chart Done"], events.TakeLast(2));
    }

    [Fact]
    public void With_tokens_two_ports_of_one_node_win_a_race_once()
    {
        var events = Run(tokens: true, [new ChartNode("n0", NodeKind.Fork, Branches: 2), Join("n1", "WaitAny")], ["n0:B0->n1", "n0:B1->n1"]);

        Assert.Single(events, "Completed n1 Done");
    }

    private static ChartNode Task(string id) => new(id, NodeKind.Task);

    private static ChartNode Step(string id) => new(id, NodeKind.Step);

    private static ChartNode Join(string id, string mode) => new(id, NodeKind.Join, mode);

    private static IReadOnlyList<string> Run(bool tokens, ChartNode[] nodes, string[] links, params Choice[] choices)
    {
        var chart = new Chart(tokens, true, nodes, [.. links.Select(Link)], choices);
        var events = ChartComparison.Compare(chart);
        Assert.NotNull(events);
        return events;
    }

    private static Link Link(string text)
    {
        var (source, target) = (text.Split("->")[0], text.Split("->")[1]);
        return new Link(source.Split(':')[0], source.Split(':')[1], target);
    }
}
