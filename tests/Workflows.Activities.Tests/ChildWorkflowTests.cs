using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class ChildWorkflowTests
{
    [Fact]
    public void A_dispatch_completes_once_the_start_is_accepted()
    {
        var run = Run(Step("Elsa.DispatchWorkflow", "d", ("workflowDefinitionId", "child"), ("input", Json(new JsonObject { ["a"] = 1 })), ("correlationId", "c")));
        var payload = run.Effects.Single().Payload!;
        Assert.Equal(("child", 1, "i1", "i1", "c", false), ((string)payload["definitionId"]!, (int)payload["input"]!["a"]!, (string)payload["input"]!["ParentInstanceId"]!, (string)payload["parentInstanceId"]!, (string)payload["correlationId"]!, (bool)payload["waitForCompletion"]!));
        Accept(run);
        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void A_start_that_is_refused_is_an_incident_of_the_parent()
    {
        var run = Run(Step("Elsa.DispatchWorkflow", "d", ("workflowDefinitionId", "child"), ("waitForCompletion", true)));
        run.Settle("engine.start", new EffectOutcome.Refused("未发布"));
        Assert.Equal("child-not-started", run.Instance.Incidents.Single().Kind);
        Assert.Contains("未发布", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_waiting_dispatch_takes_the_childs_output_whichever_news_comes_first(bool startFirst)
    {
        var run = Run(Step("Elsa.DispatchWorkflow", "d", ("workflowDefinitionId", "child"), ("waitForCompletion", true), ("result", Into("v"))));
        var child = (string)run.Effects.Single().Payload!["childInstanceId"]!;
        if (startFirst)
            Accept(run);
        Assert.Equal("", run.Lines);
        Finish(run, child, "Finished");
        Assert.Equal("end", run.Lines);
        Assert.Equal(42, (int)run.Instance.Output["v"]!["answer"]!);
    }

    [Fact]
    public void An_executed_workflow_reports_how_it_ended_even_when_it_failed()
    {
        var run = Run(Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child"), ("result", Into("v"))));
        var child = (string)run.Effects.Single().Payload!["childInstanceId"]!;
        Accept(run);
        Finish(run, child, "Faulted");
        Assert.Equal((child, "Faulted"), ((string)run.Instance.Output["v"]!["workflowInstanceId"]!, (string)run.Instance.Output["v"]!["subStatus"]!));
    }

    [Fact]
    public void A_bulk_dispatch_starts_one_child_per_item_and_runs_a_branch_for_each_that_ends()
    {
        var run = Run(Step("Elsa.BulkDispatchWorkflows", "b", ("workflowDefinitionId", "child"), ("items", Json(new JsonArray("x", new JsonObject { ["sku"] = "y" }, "z"))), ("waitForCompletion", true),
            ("childCompleted", Step("Elsa.WriteLine", "ok", ("text", Variable("Item")))), ("childFaulted", Line("failed"))));
        var starts = run.Effects.Select(e => e.Payload!).ToList();
        Assert.Equal("x", (string)starts[0]["input"]!["Item"]!);
        Assert.Equal("y", (string)starts[1]["input"]!["sku"]!);
        Accept(run);
        Accept(run);
        run.Settle("engine.start", new EffectOutcome.Refused("已有实例"));
        Finish(run, (string)starts[1]["childInstanceId"]!, "Faulted");
        Assert.Equal("failed", run.Lines);
        Finish(run, (string)starts[0]["childInstanceId"]!, "Finished");

        Assert.Equal("failed x end", run.Lines);
        Assert.Contains(run.Journal, e => e.Event == "ChildNotStarted");
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void A_child_tells_its_parent_how_it_ended()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.SetOutput", "o", ("outputName", "answer"), ("outputValue", 42))).WithOutput("answer"));
        run.Instance.ParentInstanceId = "parent";
        run.Instance.Properties["WaitForCompletion"] = true;
        run.Start();
        var told = run.Effects.Single();
        Assert.Equal("engine.child-finished", told.Kind);
        Assert.Equal("""{"parent":"parent","child":"i1","status":"Finished","subStatus":"Finished","output":{"answer":42}}""", told.Payload!.ToJsonString());
    }

    [Fact]
    public void Cancelling_a_parent_asks_for_its_children_to_be_cancelled()
    {
        var run = Run(Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child")));
        Accept(run);
        run.Apply(new Stimulus.Cancel(null, "op"));
        Assert.Equal("engine.cancel-children", run.Effects.Single().Kind);
    }

    [Theory]
    [InlineData("any")]
    [InlineData("join")]
    [InlineData("complete")]
    [InlineData("break")]
    [InlineData("finish")]
    public void A_cancelled_branch_cancels_the_child_it_waits_for(string how)
    {
        var wait = Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child"));
        JsonObject Beside(JsonObject then) => Step("Elsa.Parallel", "p", ("activities", new JsonArray(wait, Sequence("s2", Event("go"), then))));
        var run = InMemoryRun.Of(new Flow(how switch
        {
            "any" => Step("Elsa.Fork", "f", ("joinMode", "WaitAny"), ("branches", new JsonArray(wait, Event("go")))),
            "join" => Chart([Line("start"), wait, Event("go"), Join("j", "WaitAny")], "start->d", "start->go", "d->j", "go->j"),
            "complete" => Beside(Step("Elsa.Complete", "x")),
            "break" => Sequence("s", Step("Elsa.While", "w", ("condition", true), ("body", Beside(Step("Elsa.Break", "x")))), Event("end")),
            _ => Beside(Step("Elsa.Finish", "x")),
        }));
        run.Start();
        var child = (string)run.Effects.Single().Payload!["childInstanceId"]!;
        Accept(run);

        run.Publish("go");

        var cancel = run.Effects.Single();
        Assert.Equal(("engine.cancel-children", child), (cancel.Kind, (string)cancel.Payload!["children"]!.AsArray().Single()!));
        Assert.DoesNotContain(run.Instance.Bookmarks, b => b.Name == ChildCompletionStimulus.Name);
    }

    [Fact]
    public void A_branch_cancelled_in_the_burst_that_asked_for_a_child_starts_none()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.Fork", "f", ("joinMode", "WaitAny"), ("branches", new JsonArray(Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child")), Line("first"))))));
        run.Start();
        Assert.Empty(run.Effects);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_child_cancelled_before_its_first_activity_tells_its_parent()
    {
        var graph = new Flow(Line("a")).WithOption("commitStrategyName", "WorkflowExecuting").Compile();
        var instance = new WorkflowInstance { Id = "i1", DefinitionId = "test", DefinitionVersionId = "test-v1", ParentInstanceId = "parent" };
        instance.Properties["WaitForCompletion"] = true;
        BurstResult.Changed Burst(Stimulus stimulus)
        {
            var result = Interpreter.Run(new BurstRequest { Graph = graph, Instance = instance, Stimulus = stimulus, Now = DateTimeOffset.UnixEpoch, Organisation = Engine.Organisation.OrganisationSnapshot.Empty });
            return Assert.IsType<BurstResult.Changed>(result);
        }

        Assert.True(Burst(new Stimulus.Start()).Continues);
        var cancelled = Burst(new Stimulus.Cancel("no", "op"));

        Assert.Equal(WorkflowSubStatus.Cancelled, instance.SubStatus);
        Assert.False(cancelled.Changes.Instance.IsExecuting);
        Assert.Equal(("engine.child-finished", "Cancelled"), (cancelled.Changes.EffectsAdded.Single().Kind, (string)cancelled.Changes.EffectsAdded.Single().Payload!["subStatus"]!));
    }

    [Fact]
    public void A_revived_parent_waits_for_its_children_again_and_starts_none_twice()
    {
        var bulk = Step("Elsa.BulkDispatchWorkflows", "b", ("workflowDefinitionId", "child"), ("items", Json(new JsonArray("x", "y"))), ("waitForCompletion", true),
            ("childCompleted", Step("Elsa.WriteLine", "ok", ("text", Variable("Item")))));
        var run = InMemoryRun.Of(new Flow(Sequence("all", Step("Elsa.Parallel", "p", ("activities", new JsonArray(bulk, Sequence("s", Event("go"), Set("set", "n", Variable("text")))))), Line("end")))
            .With("n", 0, "Int32").With("text", "bad"));
        run.Start();
        var children = run.Effects.Select(e => (string)e.Payload!["childInstanceId"]!).ToList();
        Accept(run);
        Accept(run);
        Finish(run, children[0], "Finished");
        run.Publish("go");
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);

        run.Instance.Executions[0].Variables!["text"] = "1";
        run.Apply(new Stimulus.Retry("op"));

        var asked = run.Effects.Single();
        Assert.Equal(("engine.hear-children", children[1]), (asked.Kind, (string)asked.Payload!["children"]!.AsArray().Single()!));
        Finish(run, children[1], "Finished");
        Assert.Equal("x y end", run.Lines);
        Assert.Empty(run.Instance.Incidents);
    }

    private static void Accept(InMemoryRun run) => run.Settle("engine.start", new EffectOutcome.Done(new JsonObject { ["instanceId"] = "x" }));

    private static void Finish(InMemoryRun run, string child, string subStatus)
    {
        var hash = ChildCompletionStimulus.HashOf(child);
        run.Apply(new Stimulus.Resume(run.Instance.Bookmarks.Single(b => b.Hash == hash).Id, new JsonObject
        {
            ["child"] = child,
            ["status"] = "Finished",
            ["subStatus"] = subStatus,
            ["output"] = new JsonObject { ["answer"] = 42 },
        }));
    }

    private static InMemoryRun Run(JsonObject starter)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", starter, Line("end"))).WithOutput("v"));
        run.Start();
        return run;
    }
}
