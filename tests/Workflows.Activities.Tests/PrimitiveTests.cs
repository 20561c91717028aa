using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class PrimitiveTests
{
    [Fact]
    public void Set_variable_converts_to_the_variables_type_and_the_nearest_scope_wins()
    {
        var inner = Sequence("inner", Set("set", "x", "12"), Step("Elsa.WriteLine", "l", ("text", Variable("x"))));
        inner["variables"] = new JsonArray(new JsonObject { ["id"] = "x", ["name"] = "x", ["typeName"] = "Int32" });
        var run = InMemoryRun.Of(new Flow(Sequence("s", inner, Step("Elsa.WriteLine", "m", ("text", Variable("x"))))).With("x", "outside", "String"));
        run.Start();
        Assert.Equal("12 outside", run.Lines);
    }

    [Fact]
    public void An_unknown_variable_or_a_value_that_does_not_fit_is_an_incident()
    {
        var run = InMemoryRun.Of(new Flow(Set("set", "nothing", 1)));
        run.Start();
        Assert.Equal("unknown-variable", run.Instance.Incidents.Single().Kind);

        run = InMemoryRun.Of(new Flow(Set("set", "n", "abc")).With("n", 0, "Int32"));
        run.Start();
        Assert.Equal("expression", run.Instance.Incidents.Single().Kind);
    }

    [Fact]
    public void Set_output_at_the_root_becomes_the_instances_output()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.SetOutput", "o", ("outputName", "total"), ("outputValue", Variable("v")))).With("v", 7).WithOutput("total"));
        run.Start();
        Assert.Equal(7, run.Instance.Output["total"]!.GetValue<int>());
    }

    [Fact]
    public void Correlation_and_name_are_set_on_the_instance()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.Correlate", "c", ("correlationId", "order-1")), Step("Elsa.SetName", "n", ("value", "退款")))));
        run.Start();
        Assert.Equal(("order-1", "退款"), (run.Instance.CorrelationId, run.Instance.Name));
    }

    [Fact]
    public void A_variable_in_memory_is_lost_when_the_instance_sleeps()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Set("set", "m", "kept"), Step("Elsa.WriteLine", "a", ("text", Variable("m"))), Event("go"), Step("Elsa.WriteLine", "b", ("text", Variable("m")))))
            .With("m", persisted: false));
        run.Start();
        run.Publish("go");
        Assert.Equal("kept ", run.Lines);
    }

    [Fact]
    public void An_event_reaches_every_waiter_and_its_payload_is_the_result()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.Parallel", "p", ("activities", new JsonArray(
            Sequence("a", Step("Elsa.Event", "e1", ("eventName", "Approve"), ("result", Into("v"))), Step("Elsa.WriteLine", "l", ("text", Variable("v")))),
            Step("Elsa.Event", "e2", ("eventName", "Approve")))))).With("v"));
        run.Start();
        Assert.Equal(StimulusHash.Compute("Elsa.Event", new JsonObject { ["EventName"] = "Approve" }), run.Instance.Bookmarks[0].Hash);
        Assert.Equal(2, run.Publish("Approve", "yes"));
        Assert.Equal("yes", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void Publishing_leaves_as_an_effect_and_a_local_event_names_the_instance()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.PublishEvent", "p", ("eventName", "X"), ("isLocalEvent", true), ("payload", Json(new JsonObject { ["a"] = 1 })))));
        run.Start();
        var effect = run.Effects.Single();
        Assert.Equal("engine.publish-event", effect.Kind);
        Assert.Equal("""{"eventName":"X","instanceId":"i1","payload":{"a":1}}""", effect.Payload!.ToJsonString());
    }

    [Fact]
    public void A_resumed_bookmark_is_burned_and_a_second_hit_is_ignored()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Event("go"), Event("more"))));
        run.Start();
        var id = run.Instance.Bookmarks.Single().Id;
        run.Publish("go");
        Assert.IsType<BurstResult.Ignored>(run.Apply(new Stimulus.Resume(id, null)));
    }

    [Fact]
    public void Run_task_waits_under_its_task_id_and_takes_the_answer()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.RunTask", "t", ("taskName", "Print"), ("result", Into("v"))), Step("Elsa.WriteLine", "l", ("text", Variable("v"))))).With("v"));
        run.Start();
        var (bookmark, effect) = (run.Instance.Bookmarks.Single(), run.Effects.Single());
        Assert.Equal("webhook.run-task", effect.Kind);
        Assert.Equal(StimulusHash.Compute("Elsa.RunTask", new JsonObject { ["TaskId"] = effect.Payload!["taskId"]!.GetValue<string>() }), bookmark.Hash);
        run.Resume("Elsa.RunTask", "printed");
        Assert.Equal("printed", run.Lines);
    }

    [Fact]
    public void Cancelling_an_instance_leaves_nothing_waiting()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.Parallel", "p", ("activities", new JsonArray(Event("a"), Step("Elsa.Delay", "d", ("timeSpan", "400.00:00:00")))))));
        run.Start();
        run.Apply(new Stimulus.Cancel("不做了", "op"));
        Assert.Equal(WorkflowSubStatus.Cancelled, run.Instance.SubStatus);
        Assert.Equal("op", run.Journal.Last(e => e.Event == "Cancelled").By);
    }

    [Fact]
    public void A_state_beyond_its_bound_faults_the_instance_with_a_reason()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Set("set", "v", new string('x', 5000)), Event("go"))).With("v"));
        run.Limits = new BurstLimits(StateBytes: 4000);
        run.Start();
        Assert.Equal("state-size", run.Instance.Incidents.Single().Kind);
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
    }
}
