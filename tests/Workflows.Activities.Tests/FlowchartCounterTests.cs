using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>Flowcharts that count visits, Elsa's default.</summary>
public sealed class FlowchartCounterTests
{
    [Fact]
    public void Branches_run_in_queue_order_and_an_implicit_join_runs_once()
    {
        var run = Run(Chart([Line("start"), Line("a"), Line("b"), Line("a2"), Line("end")],
            "start->a", "start->b", "a->a2", "a2->end", "b->end"));

        Assert.Equal("start a b a2 end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_branch_not_taken_does_not_hold_up_a_join()
    {
        foreach (var mode in new[] { "WaitAllActive", "WaitAny" })
        {
            var run = Run(Chart([Line("start"), Decision("d", true), Line("yes"), Line("no"), Line("other"), Join("join", mode), Line("after")],
                "start->d", "d:True->yes", "d:False->no", "yes->join", "no->other", "other->join", "join->after"));

            Assert.Equal("start yes after", run.Lines);
            Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
        }
    }

    [Fact]
    public void A_join_of_all_is_skipped_when_one_branch_was_not_taken_and_the_flow_still_ends()
    {
        var run = Run(Chart([Line("start"), Decision("d", true), Line("yes"), Line("no"), Join("join", "WaitAll"), Line("after")],
            "start->d", "d:True->yes", "d:False->no", "yes->join", "no->join", "join->after"));

        Assert.Equal("start yes", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_join_of_all_waits_for_every_branch()
    {
        var run = Run(Chart([Line("start"), Event("a"), Event("b"), Join("join", "WaitAll"), Line("after")],
            "start->a", "start->b", "a->join", "b->join", "join->after"));

        run.Publish("a");
        Assert.Equal("start", run.Lines);
        run.Publish("b");
        Assert.Equal("start after", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void The_first_branch_at_a_join_of_any_cancels_the_waiting_ones_and_what_follows_still_runs()
    {
        var run = Run(Chart([Line("start"), Event("a"), Event("b"), Join("join", "WaitAny"), Event("after")],
            "start->a", "start->b", "a->join", "b->join", "join->after"));

        run.Publish("b");

        Assert.Equal("after", run.Instance.Bookmarks.Single().Payload!["EventName"]!.GetValue<string>());
        Assert.Equal(0, run.Publish("a"));
        run.Publish("after");
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_branch_still_queued_when_the_join_was_chosen_is_cancelled_when_the_join_runs()
    {
        var run = Run(Chart([Line("start"), Line("quick"), Event("slow"), Join("join", "WaitAny"), Line("after")],
            "start->quick", "start->slow", "quick->join", "slow->join", "join->after"));

        Assert.Equal("start quick after", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_loop_runs_its_body_and_its_join_every_round()
    {
        // Elsa issues 5865 and 6229: joins inside loops ran once, or hung.
        foreach (var join in new[] { Join("join", "WaitAny"), Join("join", "WaitAllActive"), Line("join") })
        {
            var run = Of(Chart([Line("start"), Line("top"), Step("Elsa.FlowDecision", "d", ("condition", Variable("odd", "Boolean"))), Line("yes"), Line("no"), join, Event("again"), Step("Elsa.FlowDecision", "more", ("condition", Variable("loop", "Boolean"))), Line("end")],
                "start->top", "top->d", "d:True->yes", "d:False->no", "yes->join", "no->join", "join->again", "again->more", "more:True->top", "more:False->end"));
            run.Start();

            for (var round = 0; round < 4; round++)
            {
                run.Instance.Executions[0].Variables!["odd"] = round % 2 == 0;
                run.Instance.Executions[0].Variables!["loop"] = round < 3;
                run.Publish("again");
            }

            var body = join["type"]!.GetValue<string>() == "Elsa.WriteLine" ? " join" : "";
            Assert.Equal($"start top yes{body} top yes{body} top no{body} top yes{body} end", run.Lines);
            Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
        }
    }

    [Fact]
    public void A_decision_that_returns_to_an_earlier_step_does_not_block_an_implicit_join()
    {
        // Elsa pull request 6955: a deadlock at an implicit join behind decisions.
        var run = Run(Chart([Line("start"), Decision("d1", true), Decision("d2", false), Line("a"), Line("b"), Line("end")],
            "start->d1", "d1:True->d2", "d1:False->end", "d2:True->a", "d2:False->b", "a->end", "b->end"));

        Assert.Equal("start b end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_branch_that_loops_back_does_not_cancel_its_sibling_before_a_join_of_all()
    {
        // Elsa issue 6725.
        var run = Of(Chart([Line("start"), Event("report"), Step("Elsa.FlowDecision", "ok", ("condition", Variable("loop", "Boolean"))), Event("cost"), Join("join", "WaitAll"), Line("after")],
            "start->report", "start->cost", "report->ok", "ok:False->report", "ok:True->join", "cost->join", "join->after"));
        run.Start();
        run.Instance.Executions[0].Variables!["loop"] = false;
        run.Publish("report");
        run.Instance.Executions[0].Variables!["loop"] = true;
        run.Publish("report");

        Assert.Equal("start", run.Lines);
        Assert.Equal(1, run.Publish("cost"));
        Assert.Equal("start after", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_backward_arrow_into_the_middle_of_another_branch_is_refused()
    {
        var run = Run(Chart([Line("start"), Line("a"), Line("b"), Line("c")],
            "start->a", "start->b", "a->c", "b->c", "c->a"));

        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
        Assert.Equal("flowchart-backward", run.Instance.Incidents.Single().Kind);
    }

    [Fact]
    public void A_terminal_step_ends_the_flowchart_and_cancels_the_rest()
    {
        var run = Run(Chart([Line("start"), Event("never"), Step("Elsa.End", "end")], "start->never", "start->end"));

        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
        Assert.Contains(run.Journal, e => e is { Event: "Canceled", ActivityType: "Elsa.Event" });
    }

    [Fact]
    public void A_failed_step_keeps_the_flowchart_open_until_it_is_retried()
    {
        var root = Chart([Line("start"), Step("Elsa.SetVariable", "bad", ("variable", new JsonObject { ["id"] = "number" }), ("value", Variable("text"))), Line("other"), Line("end")],
            "start->bad", "start->other", "bad->end", "other->end");
        var run = InMemoryRun.Of(new Flow(root).With("number", 0, "Int32").With("text", "not a number").ContinuingWithIncidents());
        run.Start();
        Assert.Equal("start other", run.Lines);
        Assert.Equal(WorkflowSubStatus.Suspended, run.Instance.SubStatus);

        run.Instance.Executions[0].Variables!["text"] = "7";
        run.Apply(new Stimulus.Retry("op"));

        Assert.Equal("start other end", run.Lines);
        Assert.Empty(run.Instance.Incidents);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void The_trigger_that_started_the_instance_is_where_the_flow_begins_and_it_counts_once()
    {
        var second = Event("second");
        second["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        var run = Of(Chart([Line("first"), second, Line("after")], "first->after", "second->after", "after->second"));

        run.Start("second", "hello");

        Assert.Equal("after", run.Lines);
        Assert.Single(run.Instance.Bookmarks);
    }

    [Fact]
    public void An_empty_flowchart_ends_at_once() => Assert.Equal(WorkflowSubStatus.Finished, Run(Chart([])).Instance.SubStatus);

    private static JsonObject Decision(string id, bool condition) => Step("Elsa.FlowDecision", id, ("condition", condition));

    private static InMemoryRun Of(JsonObject root) => InMemoryRun.Of(new Flow(root).With("odd", true, "Boolean").With("loop", true, "Boolean"));

    private static InMemoryRun Run(JsonObject root)
    {
        var run = Of(root);
        run.Start();
        return run;
    }
}
