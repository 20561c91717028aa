using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class CompensationTests
{
    [Fact]
    public void Undos_run_newest_first_one_at_a_time()
    {
        var run = Started(Sequence("s", Act("one"), Act("two"), Step("Workflows.Compensate", "back"), Line("end")));

        Assert.Equal("undo.two", run.Effects.Single().Kind);
        run.Settle("undo.two", new EffectOutcome.Done(null));
        Assert.Equal("undo.one", run.Effects.Single().Kind);
        run.Settle("undo.one", new EffectOutcome.Done(null));

        Assert.Equal("end", run.Lines);
        Assert.All(run.Instance.Undos, u => Assert.Equal(UndoState.Done, u.State));
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void An_undo_that_fails_is_an_incident_and_a_retry_goes_on_with_it_under_the_same_undo_id()
    {
        var run = Started(Sequence("s", Act("one"), Act("two"), Step("Workflows.Compensate", "back"), Line("end")));
        var first = run.Effects.Single();
        run.Settle("undo.two", new EffectOutcome.Refused("磁盘已满"));
        Assert.Equal("compensation-failed", run.Instance.Incidents.Single().Kind);
        Assert.Contains("磁盘已满", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);
        Assert.Equal(UndoState.Failed, run.Instance.Undos[1].State);

        run.Apply(new Stimulus.Retry("op"));

        var second = run.Effects.Single();
        Assert.Equal("undo.two", second.Kind);
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(first.Payload!["undo"]!.GetValue<string>(), second.Payload!["undo"]!.GetValue<string>());
        run.Settle("undo.two", new EffectOutcome.Done(null));
        run.Settle("undo.one", new EffectOutcome.Done(null));
        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void Where_failure_leads_on_people_mend_the_undo_and_it_goes_on_there_after_the_retries_of_the_node()
    {
        var back = Step("Workflows.Compensate", "back");
        back["customProperties"] = new JsonObject { ["retry"] = new JsonObject { ["maxAttempts"] = 2, ["delay"] = "00:05:00" } };
        var run = Started(Chart([Act("one"), Act("two"), back, Event("mended"), Line("end")], "one->two", "two->back", "back:Failed->mended", "mended->back", "back->end"));
        run.Settle("undo.two", new EffectOutcome.Done(null));
        run.Settle("undo.one", new EffectOutcome.Refused("磁盘已满"));
        Assert.Contains("补偿失败：撤销“撤销 one”失败：磁盘已满", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);

        run.Advance(TimeSpan.FromMinutes(5));
        run.Settle("undo.one", new EffectOutcome.Refused("磁盘已满"));
        Assert.Empty(run.Instance.Incidents);
        Assert.True(run.Instance.HasFailedUndo());
        Assert.Equal("", run.Lines);

        run.Publish("mended");
        run.Settle("undo.one", new EffectOutcome.Done(null));
        Assert.Equal("end", run.Lines);
        Assert.False(run.Instance.HasFailedUndo());
    }

    [Fact]
    public void A_scope_takes_back_its_own_and_hands_what_is_left_to_the_scope_around_it()
    {
        var scope = Step("Workflows.CompensationScope", "scope", ("body", Sequence("inner", Act("inner1"), Act("inner2"), Step("Workflows.Compensate", "back"))));
        var kept = Step("Workflows.CompensationScope", "kept", ("body", Act("inner3")));
        var run = Started(Sequence("s", Act("outer"), scope, kept, Line("middle"), Step("Workflows.Compensate", "all"), Line("end")));

        run.Settle("undo.inner2", new EffectOutcome.Done(null));
        run.Settle("undo.inner1", new EffectOutcome.Done(null));
        Assert.Equal("middle", run.Lines);
        run.Settle("undo.inner3", new EffectOutcome.Done(null));
        run.Settle("undo.outer", new EffectOutcome.Done(null));

        Assert.Equal("middle end", run.Lines);
    }

    [Fact]
    public void An_undo_whose_answer_comes_after_its_activity_was_cancelled_is_done_and_not_done_again()
    {
        var chart = Chart([Act("one"), Step("Workflows.Compensate", "back"), Event("stop"), Step("Workflows.Compensate", "again"), Line("end")], "one->back", "one->stop", "stop->again", "again->end");
        var run = Started(chart);
        var undo = run.Effects.Single();
        run.Apply(new Stimulus.EffectDone(undo.Key, "a bookmark that is gone", new EffectOutcome.Done(null)));

        Assert.Equal(UndoState.Done, run.Instance.Undos.Single().State);
        run.Publish("stop");
        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void Two_compensations_side_by_side_never_run_one_undo_twice()
    {
        var run = Started(Chart([Act("one"), Step("Workflows.Compensate", "back"), Step("Workflows.Compensate", "beside")], "one->back", "one->beside"));

        Assert.Single(run.Effects);
        Assert.Equal("compensation-running", run.Instance.Incidents.Single().Kind);
        run.Settle("undo.one", new EffectOutcome.Done(null));
        run.Apply(new Stimulus.Retry("op"));
        Assert.Empty(run.Effects);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_failed_undo_is_marked_even_when_another_was_registered_meanwhile()
    {
        var run = Started(Chart([Act("one"), Step("Workflows.Compensate", "back"), Event("go"), Act("two")], "one->back", "one->go", "go->two"));
        run.Publish("go");
        run.Settle("undo.one", new EffectOutcome.Refused("磁盘已满"));

        Assert.Equal([UndoState.Failed, UndoState.Registered], run.Instance.Undos.Select(u => u.State));
        Assert.Contains("撤销 one", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undo_waits_until_the_act_of_a_cancelled_branch_has_ended()
    {
        var run = Started(Sequence("s", Act("one"), Either(Step("Test.SlowAct", "slow")), Step("Workflows.Compensate", "back"), Line("end")));
        var act = run.Effects.Single();

        run.Publish("stop");

        Assert.Equal((act.Key, EffectState.Cancelled), (run.Settled.Single().Key, run.Settled.Single().State));
        var waits = run.Effects.Single();
        Assert.Equal(("engine.await-effects", $$"""{"keys":["{{act.Key}}"]}"""), (waits.Kind, waits.Payload!.ToJsonString()));

        run.Apply(new Stimulus.EffectDone(act.Key, act.BookmarkId, new EffectOutcome.Done(null)));
        Assert.Same(waits, run.Effects.Single());
        run.Settle(waits.Kind, new EffectOutcome.Done(waits.Payload!.DeepClone()));
        Assert.Equal("undo.slow", run.Effects.Single().Kind);
        run.Settle("undo.slow", new EffectOutcome.Done(null));
        run.Settle("undo.one", new EffectOutcome.Done(null));
        Assert.Equal("end", run.Lines);
        Assert.Null(run.Instance.GivenUpActs);
    }

    [Fact]
    public void An_act_that_was_never_committed_is_not_waited_for()
    {
        var run = Started(Sequence("s", Step("Elsa.Fork", "f", ("joinMode", "WaitAny"), ("branches", new JsonArray(Step("Test.SlowAct", "slow"), Line("first")))), Step("Workflows.Compensate", "back")));
        Assert.Equal("undo.slow", run.Effects.Single().Kind);
    }

    [Fact]
    public void An_act_of_another_scope_is_not_waited_for_until_its_undo_is_handed_over()
    {
        var other = Step("Workflows.CompensationScope", "other", ("body", Either(Step("Test.SlowAct", "slow"))));
        var own = Step("Workflows.CompensationScope", "own", ("body", Sequence("inner", Act("one"), Step("Workflows.Compensate", "back"), Line("middle"))));
        var run = Started(Sequence("s", other, own, Step("Workflows.Compensate", "all"), Line("end")));
        var act = run.Effects.Single();
        run.Publish("stop");

        Assert.Equal("undo.one", run.Effects.Single().Kind);
        run.Settle("undo.one", new EffectOutcome.Done(null));

        Assert.Equal("middle", run.Lines);
        Assert.Equal(act.Key, (string)run.Effects.Single().Payload!["keys"]!.AsArray().Single()!);
    }

    [Fact]
    public void An_act_that_another_branch_still_awaits_ends_before_it_is_undone()
    {
        var run = Started(Chart([Line("start"), Step("Test.SlowAct", "slow"), Event("go"), Step("Workflows.Compensate", "back"), Line("end")], "start->slow", "start->go", "go->back", "back->end"));
        run.Publish("go");
        Assert.Equal(["test.slow", "engine.await-effects"], run.Effects.Select(e => e.Kind));

        run.Settle("test.slow", new EffectOutcome.Done(null));
        run.Settle("engine.await-effects", new EffectOutcome.Done(new JsonObject { ["keys"] = new JsonArray() }));

        run.Settle("undo.slow", new EffectOutcome.Done(null));
        Assert.Equal("start end", run.Lines);
    }

    [Fact]
    public void A_cancelled_compensations_undo_is_not_begun_again_beside_itself()
    {
        var run = Started(Sequence("s", Act("one"), Either(Step("Workflows.Compensate", "back")), Step("Workflows.Compensate", "again"), Line("end")));
        var undo = run.Effects.Single();
        run.Publish("stop");
        Assert.Equal(["undo.one", "engine.await-effects"], run.Effects.Select(e => e.Kind));

        run.Apply(new Stimulus.EffectDone(undo.Key, undo.BookmarkId, new EffectOutcome.Done(null)));
        run.Settle("engine.await-effects", new EffectOutcome.Done(new JsonObject { ["keys"] = new JsonArray(undo.Key) }));

        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void Waiting_too_long_is_an_incident_and_a_retry_waits_on()
    {
        var run = Started(Sequence("s", Either(Step("Test.SlowAct", "slow")), Step("Workflows.Compensate", "back")));
        run.Publish("stop");
        run.Settle("engine.await-effects", new EffectOutcome.Transient("still under way"));
        Assert.Equal("compensation-waits", run.Instance.Incidents.Single().Kind);

        run.Apply(new Stimulus.Retry("op"));
        Assert.Equal("engine.await-effects", run.Effects.Single().Kind);
    }

    /// <summary>This, or the event "stop", whichever ends first.</summary>
    private static JsonObject Either(JsonObject branch) => Step("Elsa.Fork", "f", ("joinMode", "WaitAny"), ("branches", new JsonArray(branch, Event("stop"))));

    private static JsonObject Act(string id) => Step("Test.Act", id);

    private static InMemoryRun Started(JsonObject root)
    {
        var document = DefinitionReader.ReadStored(new Flow(root).ContinuingWithIncidents().ToJson().ToJsonString());
        var catalogue = ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(CompensationTests).Assembly);
        var run = new InMemoryRun(GraphCompiler.Compile(document, catalogue, ExpressionLanguages.BuiltIn));
        run.Start();
        return run;
    }

    /// <summary>Registers an undo and awaits its act.</summary>
    [Activity("Test.SlowAct", Category = "Test", Zh = "慢动作", En = "Slow act")]
    public sealed class SlowAct : CodeActivity
    {
        protected override void Run(ActivityContext context)
        {
            context.RegisterUndo("undo." + context.Node.Id, context.Node.Id, "撤销 " + context.Node.Id);
            context.Perform("test.slow", null, EffectClass.Irreversible, wait: true);
        }
    }

    /// <summary>Registers an undo named after itself.</summary>
    [Activity("Test.Act", Category = "Test", Zh = "动作", En = "Act")]
    public sealed class TestAct : CodeActivity
    {
        protected override void Run(ActivityContext context) => context.RegisterUndo("undo." + context.Node.Id, context.Node.Id, "撤销 " + context.Node.Id);
    }
}
