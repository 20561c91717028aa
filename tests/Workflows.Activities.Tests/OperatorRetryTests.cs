using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class OperatorRetryTests
{
    [Fact]
    public void Retrying_one_step_of_a_faulted_instance_asks_the_other_branches_again_too()
    {
        var run = Faulted(Step("Human.Approval", "approval", ("roles", Json(new JsonArray("supervisor"))), ("dueIn", "1.00:00:00")));
        Assert.Empty(run.Instance.Tasks);
        var failed = run.Instance.Incidents.Single().Execution;

        run.Apply(new Stimulus.Retry("op", failed));

        Assert.Equal(["finance", "supervisor"], run.Instance.Tasks.Select(t => t.Assignee).Order());
        Assert.Single(run.Instance.Timers);
    }

    [Fact]
    public void A_retry_takes_up_the_wait_for_a_child_and_starts_no_second_one()
    {
        var run = Faulted(
            Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child")),
            r => r.Settle("engine.start", new EffectOutcome.Done(new JsonObject { ["instanceId"] = "c1" })));

        run.Apply(new Stimulus.Retry("op"));

        Assert.Equal(["engine.hear-children"], run.Effects.Select(e => e.Kind));
        Assert.DoesNotContain(run.Instance.Incidents, i => i.Kind == "effect-unknown");
        Assert.Contains(run.Instance.Bookmarks, b => b.Name == ChildCompletionStimulus.Name);
    }

    [Fact]
    public void A_retry_starts_no_second_child_beside_one_whose_start_went_unanswered_until_a_person_says_so()
    {
        var run = Faulted(Step("Elsa.ExecuteWorkflow", "d", ("workflowDefinitionId", "child")));

        run.Apply(new Stimulus.Retry("op"));
        Assert.DoesNotContain(run.Effects, e => e.Kind == "engine.start");
        Assert.Contains(run.Instance.Incidents, i => i.Kind == "effect-unknown");

        run.Apply(new Stimulus.Retry("op"));
        Assert.Contains(run.Effects, e => e.Kind == "engine.start");
    }

    [Fact]
    public void An_instance_set_aside_at_a_commit_boundary_goes_on_from_there_and_repeats_nothing()
    {
        var graph = new Flow(Chart([Line("a"), Line("b"), Line("c")], "a->b", "b->c")).WithOption("commitStrategyName", "ActivityExecuted").Compile();
        var instance = new InMemoryRun(graph).Instance;
        var lines = new List<string?>();
        Assert.True(Burst(new Stimulus.Start()).Continues);
        while (lines.Count == 0)
            Burst(new Stimulus.Continue());
        Burst(new Stimulus.Condemn("unstorable", "no"));
        Assert.Equal(WorkflowSubStatus.Faulted, instance.SubStatus);

        var last = Burst(new Stimulus.Retry("op"));
        while (last.Continues)
            last = Burst(new Stimulus.Continue());

        Assert.Equal("a b c", string.Join(' ', lines));
        Assert.Equal(WorkflowSubStatus.Finished, instance.SubStatus);

        BurstResult.Changed Burst(Stimulus stimulus)
        {
            var changed = (BurstResult.Changed)Interpreter.Run(new BurstRequest { Graph = graph, Instance = instance, Stimulus = stimulus, Now = A.Now });
            lines.AddRange(changed.Changes.Journal.Where(e => e.Event == "WriteLine").Select(e => e.Message));
            instance = InstanceCodec.Read(changed.Changes.Instance.State.Span);
            return changed;
        }
    }

    /// <summary>A step beside a branch that has failed and, by the strategy, ended the instance.</summary>
    private static InMemoryRun Faulted(JsonObject beside, Action<InMemoryRun>? meanwhile = null)
    {
        var fails = Step("Human.Approval", "fails", ("roles", Json(new JsonArray("finance"))));
        var run = InMemoryRun.Of(new Flow(Chart([Line("begin"), beside, Event("go"), fails], $"begin->{(string)beside["id"]!}", "begin->go", "go->fails")), People.Shop)
            .InitiatedBy("activity_owner");
        run.Start();
        meanwhile?.Invoke(run);
        run.Publish("go");
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
        run.Organisation = new OrganisationSnapshot([People.Person("finance", "财务", null), People.Shop.Find("supervisor")!]);
        return run;
    }
}
