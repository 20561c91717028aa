using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>Flowcharts run with tokens.</summary>
public sealed class FlowchartTokenTests
{
    [Fact]
    public void A_plain_target_of_two_branches_runs_once_when_both_are_in()
    {
        var run = Run(TokenChart([Line("start"), Line("a"), Line("b"), Line("a2"), Line("end")], "start->a", "start->b", "a->a2", "a2->end", "b->end"));
        Assert.Equal("start a b a2 end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_branch_not_taken_is_ignored_by_a_plain_target()
    {
        var run = Run(TokenChart([Line("start"), Decision("d", "yes"), Line("a"), Line("b"), Line("end")], "start->d", "d:True->a", "d:False->b", "a->end", "b->end"));
        Assert.Equal("start a end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_merging_join_waits_for_a_branch_that_was_not_taken_and_the_flow_stays_open()
    {
        var run = Run(TokenChart([Line("start"), Decision("d", "yes"), Line("a"), Line("b"), Join("join", "WaitAll"), Line("end")],
            "start->d", "d:True->a", "d:False->b", "a->join", "b->join", "join->end"));
        Assert.Equal("start a", run.Lines);
        Assert.Equal(WorkflowSubStatus.Suspended, run.Instance.SubStatus);
        Assert.Empty(run.Instance.Bookmarks);
    }

    [Fact]
    public void A_merging_join_runs_once_when_all_branches_are_in()
    {
        var run = Run(TokenChart([Line("start"), Event("a"), Event("b"), Join("join", "WaitAll"), Line("end")], "start->a", "start->b", "a->join", "b->join", "join->end"));
        run.Publish("b");
        Assert.Equal("start", run.Lines);
        run.Publish("a");
        Assert.Equal("start end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_race_is_won_by_the_first_branch_and_the_other_is_cancelled()
    {
        var run = Run(TokenChart([Line("start"), Event("a"), Event("b"), Join("join", "WaitAny"), Line("end")], "start->a", "start->b", "a->join", "b->join", "join->end"));
        run.Publish("b");
        Assert.Equal("start end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void In_a_race_of_two_branches_that_do_not_wait_the_join_runs_once()
    {
        var run = Run(TokenChart([Line("start"), Line("a"), Line("b"), Join("join", "WaitAny"), Line("end")], "start->a", "start->b", "a->join", "b->join", "join->end"));
        Assert.Equal("start a b end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_race_in_a_loop_is_won_from_another_side_in_the_next_round()
    {
        // Elsa issue 7993: blocks of an earlier round swallowed this round's arrival.
        var run = Of(TokenChart([Line("start"), Decision("d", "yes"), Line("a"), Line("b"), Join("join", "WaitAny"), Event("again"), Decision("more", "loop"), Line("end")],
            "start->d", "d:True->a", "d:False->b", "a->join", "b->join", "join->again", "again->more", "more:True->d", "more:False->end"));
        run.Start();
        run.Instance.Executions[0].Variables!["yes"] = false;
        run.Publish("again");
        run.Instance.Executions[0].Variables!["yes"] = true;
        run.Publish("again");
        run.Instance.Executions[0].Variables!["loop"] = false;
        run.Publish("again");

        Assert.Equal("start a b a end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_race_reached_by_a_backward_arrow_is_open_to_either_side_afterwards()
    {
        // Elsa issue 7993, the reported shape: the loop leads straight back to the join.
        var run = Of(TokenChart([Line("start"), Decision("d", "yes"), Line("a"), Line("b"), Join("join", "WaitAny"), Event("again"), Decision("more", "loop"), Decision("top", "top"), Line("end")],
            "start->d", "d:True->a", "d:False->b", "a->join", "b->join", "join->again", "again->more", "more:True->top", "more:False->end", "top:True->d", "top:False->join"));
        run.Start();
        Set(run, "top", false);
        run.Publish("again");
        Set(run, "top", true);
        Set(run, "yes", false);
        run.Publish("again");
        Set(run, "loop", false);
        run.Publish("again");

        Assert.Equal("start a b end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_cascade_runs_its_target_once_per_round_and_lets_the_others_finish()
    {
        var target = Line("target");
        target["customProperties"] = new JsonObject { ["mergeMode"] = "Cascade" };
        var run = Run(TokenChart([Line("start"), Event("a"), Event("b"), target], "start->a", "start->b", "a->target", "b->target"));
        run.Publish("a");
        Assert.Equal("start target", run.Lines);
        Assert.Equal(WorkflowSubStatus.Suspended, run.Instance.SubStatus);
        run.Publish("b");
        Assert.Equal("start target", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void Converging_waits_for_backward_arrows_too_and_streaming_does_not()
    {
        var top = Line("top");
        var run = Of(TokenChart([Line("start"), top, Decision("more", "loop"), Line("end")], "start->top", "top->more", "more:True->top", "more:False->end"));
        run.Limits = new Workflows.Engine.Execution.BurstLimits(Steps: 20);
        run.Start();
        Assert.StartsWith("start top top", run.Lines, StringComparison.Ordinal);

        top = Line("top");
        top["customProperties"] = new JsonObject { ["mergeMode"] = "Converge" };
        run = Run(TokenChart([Line("start"), top, Decision("more", "loop"), Line("end")], "start->top", "top->more", "more:True->top", "more:False->end"));
        Assert.Equal("start", run.Lines);
        Assert.Equal(WorkflowSubStatus.Suspended, run.Instance.SubStatus);
    }

    private static JsonObject Decision(string id, string variable) => Step("Elsa.FlowDecision", id, ("condition", Variable(variable, "Boolean")));

    private static void Set(InMemoryRun run, string variable, bool value) => run.Instance.Executions[0].Variables![variable] = value;

    private static InMemoryRun Of(JsonObject root) => InMemoryRun.Of(new Flow((JsonObject)root.DeepClone()).With("yes", true, "Boolean").With("loop", true, "Boolean").With("top", true, "Boolean"));

    private static InMemoryRun Run(JsonObject root)
    {
        var run = Of(root);
        run.Start();
        return run;
    }
}
