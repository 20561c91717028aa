using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class ControlFlowTests
{
    [Fact]
    public void A_sequence_runs_in_order_and_goes_on_after_a_wait()
    {
        var run = Run(Sequence("s", Line("a"), Event("go"), Line("b")));
        Assert.Equal("a", run.Lines);
        run.Publish("go");
        Assert.Equal("a b", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void Parallel_branches_interleave_in_queue_order_and_all_are_awaited()
    {
        var run = Run(Sequence("s",
            Step("Elsa.Parallel", "p", ("activities", new JsonArray(Sequence("x", Line("x1"), Line("x2"), Event("go")), Sequence("y", Line("y1"), Line("y2"))))),
            Line("after")));
        Assert.Equal("x1 y1 x2 y2", run.Lines);
        run.Publish("go");
        Assert.Equal("x1 y1 x2 y2 after", run.Lines);
    }

    [Theory]
    [InlineData("WaitAll", "")]
    [InlineData("WaitAny", "after")]
    public void A_fork_ends_with_all_branches_or_with_the_first(string mode, string expected)
    {
        var run = Run(Sequence("s", Step("Elsa.Fork", "f", ("joinMode", mode), ("branches", new JsonArray(Event("a"), Event("b")))), Line("after")));
        run.Publish("a");
        Assert.Equal(expected, run.Lines);
        Assert.Equal(mode == "WaitAll" ? 1 : 0, run.Publish("b"));
        Assert.Equal("after", run.Lines);
    }

    [Theory]
    [InlineData(true, "yes after")]
    [InlineData(false, "after")]
    public void If_runs_the_branch_that_holds_and_goes_on_without_one(bool condition, string expected) =>
        Assert.Equal(expected, Run(Sequence("s", Step("Elsa.If", "if", ("condition", condition), ("then", Line("yes"))), Line("after"))).Lines);

    [Theory]
    [InlineData("MatchFirst", "b")]
    [InlineData("MatchAny", "b c")]
    public void A_switch_runs_the_first_or_every_case_that_holds(string mode, string expected)
    {
        var cases = new JsonArray(Case("A", false, Line("a")), Case("B", true, Line("b")), Case("C", true, Line("c")));
        Assert.Equal(expected, Run(Step("Elsa.Switch", "sw", ("mode", mode), ("cases", cases), ("default", Line("d")))).Lines);
    }

    [Fact]
    public void A_switch_without_a_case_that_holds_runs_its_default() =>
        Assert.Equal("d", Run(Step("Elsa.Switch", "sw", ("cases", new JsonArray(Case("A", false, Line("a")))), ("default", Line("d")))).Lines);

    [Theory]
    [InlineData("MatchFirst", "B", "b")]
    [InlineData("MatchAny", "B", "b c")]
    [InlineData("MatchFirst", "none", "d")]
    public void A_flow_switch_leaves_by_its_cases(string mode, string holds, string expected)
    {
        var cases = new JsonArray(Case("A", false), Case("B", holds == "B"), Case("C", holds == "B"));
        var run = Run(Chart([Step("Elsa.FlowSwitch", "sw", ("mode", mode), ("cases", cases)), Line("a"), Line("b"), Line("c"), Line("d")],
            "sw:A->a", "sw:B->b", "sw:C->c", "sw:Default->d"));
        Assert.Equal(expected, run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void While_asks_its_condition_before_every_round()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.While", "w", ("condition", Variable("go", "Boolean")), ("body", Sequence("s", Line("x"), Event("next"))))).With("go", true, "Boolean"));
        run.Start();
        run.Publish("next");
        run.Instance.Executions[0].Variables!["go"] = false;
        run.Publish("next");
        Assert.Equal("x x", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Theory]
    [InlineData(1, 3, 1, true, "1 2 3")]
    [InlineData(1, 3, 1, false, "1 2")]
    [InlineData(3, 1, -2, true, "3 1")]
    [InlineData(3, 1, 1, true, "")]
    public void For_counts_with_its_step(int start, int end, int step, bool inclusive, string expected)
    {
        var run = Run(Step("Elsa.For", "f", ("start", start), ("end", end), ("step", step), ("outerBoundInclusive", inclusive),
            ("body", Step("Elsa.WriteLine", "l", ("text", Variable("CurrentValue"))))));
        Assert.Equal(expected, run.Lines);
    }

    [Theory]
    [InlineData("Elsa.ForEach")]
    [InlineData("Elsa.ForEach`1")]
    public void For_each_gives_its_body_each_item_in_turn_across_waits(string type)
    {
        var run = InMemoryRun.Of(new Flow(Step(type, "f", ("items", Variable("items")), ("body", Sequence("s", Step("Elsa.WriteLine", "l", ("text", Variable("CurrentValue"))), Event("next")))))
            .With("items", new JsonArray("a", "b")));
        run.Start();
        // The list is read again each round.
        run.Instance.Executions[0].Variables!["items"] = new JsonArray("a", "b", "c");
        run.Publish("next");
        run.Publish("next");
        run.Publish("next");
        Assert.Equal("a b c", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Theory]
    [InlineData("Elsa.ParallelForEach")]
    [InlineData("Elsa.ParallelForEach`1")]
    public void Parallel_for_each_starts_all_items_and_ends_with_the_last(string type)
    {
        var body = Sequence("s", Step("Elsa.WriteLine", "l", ("text", Variable("CurrentValue"))), Event("next"), Step("Elsa.WriteLine", "m", ("text", Variable("CurrentIndex"))));
        var run = Run(Sequence("all", Step(type, "f", ("items", Json(new JsonArray("a", "b", "c"))), ("body", body)), Line("after")));
        Assert.Equal("a b c", run.Lines);
        Assert.Equal(3, run.Publish("next"));
        Assert.Equal("a b c 0 1 2 after", run.Lines);
    }

    [Fact]
    public void Empty_containers_and_loops_end_at_once()
    {
        var run = Run(Sequence("s", Step("Elsa.Parallel", "p"), Step("Elsa.Fork", "f"), Step("Elsa.ForEach", "e", ("items", Json(new JsonArray("a")))),
            Step("Elsa.ParallelForEach", "pe", ("items", Json(new JsonArray())), ("body", Line("never"))), Step("Elsa.While", "w", ("condition", true)), Line("end")));
        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void Break_leaves_the_nearest_loop_only_and_cancels_its_body()
    {
        var inner = Step("Elsa.ForEach", "inner", ("items", Json(new JsonArray(1, 2))), ("body", Sequence("is",
            Step("Elsa.Parallel", "p", ("activities", new JsonArray(Event("never"), Sequence("b", Line("x"), Step("Elsa.Break", "break"))))), Line("skipped"))));
        var run = Run(Step("Elsa.ForEach", "outer", ("items", Json(new JsonArray(1, 2))), ("body", Sequence("os", inner, Line("next")))));
        Assert.Equal("x next x next", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void Break_in_a_flowchart_inside_a_loop_leaves_the_loop()
    {
        var run = Run(Sequence("s", Step("Elsa.While", "w", ("condition", true), ("body", Chart([Line("a"), Step("Elsa.Break", "b"), Line("c")], "a->b", "b->c"))), Line("after")));
        Assert.Equal("a after", run.Lines);
    }

    [Fact]
    public void Finish_ends_the_whole_instance()
    {
        var run = Run(Step("Elsa.Parallel", "p", ("activities", new JsonArray(Event("never"), Sequence("s", Line("a"), Step("Elsa.Finish", "f"), Line("b"))))));
        Assert.Equal("a", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void Complete_ends_the_workflow_from_deep_inside()
    {
        var run = Run(Sequence("s", Step("Elsa.While", "w", ("condition", true), ("body", Sequence("t", Line("a"), Step("Elsa.Complete", "c", ("outcomes", "Ready"))))), Line("b")));
        Assert.Equal("a", run.Lines);
        Assert.Equal("Ready", run.Journal.Last(e => e.ActivityType == "Elsa.Workflow").Payload!["outcomes"]![0]!.GetValue<string>());
    }

    [Fact]
    public void A_loop_without_a_wait_is_stopped_by_the_step_budget_and_can_be_retried()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.While", "w", ("condition", Variable("go", "Boolean")), ("body", Line("x"))), Line("end"))).With("go", true, "Boolean"));
        run.Limits = new BurstLimits(Steps: 50);
        run.Start();
        Assert.Equal("step-budget", run.Instance.Incidents.Single().Kind);
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);

        run.Instance.Executions[0].Variables!["go"] = false;
        run.Apply(new Stimulus.Retry("op"));
        Assert.EndsWith("x end", run.Lines, StringComparison.Ordinal);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_fault_carries_its_code_and_message_into_the_incident()
    {
        var run = Run(Step("Elsa.Fault", "f", ("code", "E7"), ("category", "Stock"), ("message", "卖完了")));
        var incident = run.Instance.Incidents.Single();
        Assert.Equal(("System/Stock/E7", "卖完了"), (incident.Kind, incident.Message));
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
    }

    [Theory]
    [InlineData("ActivityExecuting")]
    [InlineData("ActivityExecuted")]
    [InlineData("WorkflowExecuting")]
    public void Commit_boundaries_cut_the_burst_without_changing_what_happens(string strategy)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.ForEach", "f", ("items", Json(new JsonArray(1, 2))), ("body", Line("x"))), Line("end"))).WithOption("commitStrategyName", strategy));
        run.Start();
        Assert.Equal("x x end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
        Assert.True(run.Bursts > 1);
    }

    private static JsonObject Case(string label, bool holds, JsonObject? activity = null)
    {
        var json = new JsonObject { ["label"] = label, ["condition"] = new JsonObject { ["type"] = "Literal", ["value"] = holds } };
        if (activity is not null)
            json["activity"] = activity;
        return json;
    }

    private static InMemoryRun Run(JsonObject root)
    {
        var run = InMemoryRun.Of(new Flow(root));
        run.Start();
        return run;
    }
}
