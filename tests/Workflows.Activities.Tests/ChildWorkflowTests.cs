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
