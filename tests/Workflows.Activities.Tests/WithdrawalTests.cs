using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Store;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>An applicant withdraws: free until something was done, then after taking it back, never beside something that cannot be.</summary>
public sealed class WithdrawalTests
{
    // What happened before, the process's word, whether somebody has decided; the refusal, "ends" at once, or what is taken back first.
    [Theory]
    [InlineData("nothing", null, false, "ends")]
    [InlineData("nothing", null, true, "ends")]
    [InlineData("nothing", "UntilExecution", true, "ends")]
    [InlineData("nothing", "UntilDecision", false, "ends")]
    [InlineData("nothing", "untilDecision", true, "withdraw-decided")]
    [InlineData("nothing", "Never", false, "withdraw-not-offered")]
    [InlineData("nothing", "no such word", false, "withdraw-not-offered")]
    [InlineData("reading", null, false, "ends")]
    [InlineData("reading", "UntilExecution", true, "ends")]
    [InlineData("copying", "UntilExecution", false, "ends")]
    [InlineData("act with undo", null, false, "undo.act")]
    [InlineData("act with undo", null, true, "undo.act")]
    [InlineData("act with undo", "TakesBack", false, "undo.act")]
    [InlineData("act with undo", "UntilExecution", false, "withdraw-acted")]
    [InlineData("act without undo", null, false, "withdraw-acted")]
    [InlineData("both", null, false, "withdraw-acted")]
    [InlineData("taken back by itself", null, false, "ends")]
    public void What_happened_and_the_process_decide(string before, string? rule, bool decided, string expected)
    {
        JsonObject[] steps = before switch
        {
            "reading" => [Step("Store.MeasureImpact", "measure", ("promotionId", "P-1"))],
            "copying" => [Step("Store.Backup", "copy", ("promotionId", "P-1"))],
            "act with undo" => [Step("Test.Guarded", "act")],
            "act without undo" => [Step("Test.Unguarded", "bare")],
            "both" => [Step("Test.Guarded", "act"), Step("Test.Unguarded", "bare")],
            "taken back by itself" => [Step("Test.Guarded", "act"), Step("Workflows.Compensate", "back")],
            _ => [],
        };
        var run = Started(rule, [.. steps, Ask("first", "a"), Ask("second", "b")]);
        if (decided)
            Assert.IsType<BurstResult.Changed>(run.Act("a", "approve"));

        var result = Withdraw(run);

        if (expected.StartsWith("withdraw-", StringComparison.Ordinal))
        {
            Assert.Equal(expected, Assert.IsType<TaskVerdict.NotPossible>(Assert.IsType<BurstResult.Refused>(result).Verdict).Code);
            Assert.Single(run.Instance.Tasks);
            return;
        }

        Assert.Empty(run.Instance.Tasks);
        if (expected != "ends")
        {
            Assert.Equal((expected, WorkflowStatus.Running), (run.Effects.Single().Kind, run.Instance.Status));
            run.Settle(expected, new EffectOutcome.Done(null));
        }

        Assert.Equal((WorkflowStatus.Finished, WorkflowSubStatus.Cancelled), (run.Instance.Status, run.Instance.SubStatus));
        Assert.Empty(run.Effects);
        Assert.Equal("owner", run.Journal.Single(e => e.Event == "Withdrawn").By);
    }

    [Fact]
    public void Everything_stops_at_once_and_undos_run_newest_first_one_at_a_time()
    {
        var run = Started(null,
            Step("Test.Guarded", "one"),
            Step("Workflows.CompensationScope", "scope", ("body", Step("Test.Guarded", "two"))),
            Step("Elsa.Fork", "fork", ("joinMode", "WaitAll"), ("branches", new JsonArray(Event("never"), Step("Elsa.Delay", "d", ("timeSpan", "1.00:00:00")), Ask("ask", "a")))));

        Assert.IsType<BurstResult.Changed>(Withdraw(run));

        Assert.Empty(run.Instance.Timers);
        Assert.Equal(0, run.Publish("never"));
        Assert.Equal("undo.two", run.Effects.Single().Kind);
        run.Settle("undo.two", new EffectOutcome.Done(null));
        Assert.Equal("undo.one", run.Effects.Single().Kind);
        run.Settle("undo.one", new EffectOutcome.Done(null));
        Assert.Equal(WorkflowSubStatus.Cancelled, run.Instance.SubStatus);
        Assert.All(run.Instance.Undos, u => Assert.Equal(UndoState.Done, u.State));
        Assert.Equal("Withdrawn TakingBack UndoStarted UndoStarted", string.Join(' ', run.Journal.Select(e => e.Event).Where(e => e is "Withdrawn" or "TakingBack" or "UndoStarted")));
    }

    [Fact]
    public void An_undo_that_fails_is_an_incident_and_a_retry_takes_it_up_again_and_nothing_else()
    {
        var run = Started(null, Step("Test.Guarded", "one"), Ask("ask", "a"), Line("after"));
        Withdraw(run);
        run.Settle("undo.one", new EffectOutcome.Refused("磁盘已满"));
        Assert.Equal("compensation-failed", run.Instance.Incidents.Single().Kind);

        Assert.IsType<BurstResult.Changed>(run.Apply(new Stimulus.Retry("op")));
        Assert.Equal("undo.one", run.Effects.Single().Kind);
        run.Settle("undo.one", new EffectOutcome.Done(null));

        Assert.Equal(WorkflowSubStatus.Cancelled, run.Instance.SubStatus);
        Assert.Empty(run.Lines);
        Assert.Empty(run.Instance.Incidents);
    }

    [Fact]
    public void An_act_under_way_ends_before_it_is_taken_back()
    {
        var run = Started(null, Step("Elsa.Fork", "fork", ("joinMode", "WaitAll"), ("branches", new JsonArray(Step("Test.Slow", "slow"), Ask("ask", "a")))));
        var act = run.Effects.Single();

        Withdraw(run);

        Assert.Equal("engine.await-effects", run.Effects.Single(e => e.Key != act.Key).Kind);
        run.Apply(new Stimulus.EffectDone(act.Key, act.BookmarkId, new EffectOutcome.Done(null)));
        run.Settle("engine.await-effects", new EffectOutcome.Done(new JsonObject { ["keys"] = new JsonArray(act.Key) }));
        run.Settle("undo.slow", new EffectOutcome.Done(null));
        Assert.Equal(WorkflowSubStatus.Cancelled, run.Instance.SubStatus);
    }

    [Fact]
    public void Nobody_withdraws_twice_and_nobody_but_the_applicant()
    {
        var run = Started(null, Step("Test.Guarded", "one"), Ask("ask", "a"));
        Assert.IsType<TaskVerdict.Excluded>(Assert.IsType<BurstResult.Refused>(Withdraw(run, "a")).Verdict);
        Withdraw(run);
        Assert.Equal("withdrawing", Assert.IsType<TaskVerdict.NotPossible>(Assert.IsType<BurstResult.Refused>(Withdraw(run)).Verdict).Code);
        Assert.IsType<BurstResult.Ignored>(run.Apply(new Stimulus.Cancel("parent", null) { TakesBack = true }));
    }

    [Fact]
    public void A_child_told_to_take_back_does_so_and_says_what_it_cannot()
    {
        var run = Started(null, Step("Test.Guarded", "one"), Step("Test.Unguarded", "bare"), Ask("ask", "a"));

        Assert.IsType<BurstResult.Changed>(run.Apply(new Stimulus.Cancel("上级流程已取消", null) { TakesBack = true }));

        Assert.Equal("1 项已执行的操作无法自动撤销，请人工核实", run.Journal.Single(e => e.Event == "NotTakenBack").Message);
        run.Settle("undo.one", new EffectOutcome.Done(null));
        Assert.Equal(WorkflowSubStatus.Cancelled, run.Instance.SubStatus);
    }

    [Fact]
    public void Children_are_told_to_take_back_what_they_did()
    {
        var run = Started(null, Step("Elsa.ExecuteWorkflow", "child", ("workflowDefinitionId", "other")), Ask("ask", "a"));
        run.Settle("engine.start", new EffectOutcome.Done(new JsonObject { ["instanceId"] = "i2" }));

        Withdraw(run);

        Assert.Contains(run.Effects, e => e.Kind == "engine.cancel-children");
        Assert.All(run.Effects.Where(e => e.Kind == "engine.cancel-children"), e => Assert.True((bool?)e.Payload!["takesBack"]));
    }

    [Fact]
    public void A_state_written_before_acts_were_told_apart_is_not_withdrawn()
    {
        var run = Started(null, Step("Test.Guarded", "one"), Ask("ask", "a"));
        run.Instance.Properties.Remove("UnguardedActs");

        Assert.Equal("withdraw-acted", Assert.IsType<TaskVerdict.NotPossible>(Assert.IsType<BurstResult.Refused>(Withdraw(run)).Verdict).Code);
    }

    [Fact]
    public void A_word_that_is_no_rule_is_refused_at_publication()
    {
        Assert.Contains(DefinitionValidator.Validate(Compile("sometimes", [Line("x")])).Faults, f => f.Code == "bad-withdrawal");
        Assert.DoesNotContain(DefinitionValidator.Validate(Compile("untilExecution", [Line("x")])).Faults, f => f.Code == "bad-withdrawal");
    }

    [Fact]
    public void What_an_operation_does_to_the_shop_is_not_sent_with_it() =>
        Assert.DoesNotContain("leaves", new StoreOperation.MeasureImpact("P-1").ToPayload().ToJsonString(), StringComparison.OrdinalIgnoreCase);

    private static readonly OrganisationSnapshot People = new([new("owner", "申请人", null, null, null, []), new("a", "阿一", null, null, null, []), new("b", "阿二", null, null, null, [])]);

    private static BurstResult Withdraw(InMemoryRun run, string by = "owner") => run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Withdraw, by, "不要了")));

    private static JsonObject Ask(string id, string user) => Step("Human.Approval", id, ("title", id), ("users", Json(new JsonArray(user))));

    private static WorkflowGraph Compile(string? rule, JsonObject[] steps)
    {
        var definition = new Flow(Sequence("s", steps)).ContinuingWithIncidents().ToJson();
        if (rule is not null)
            definition["customProperties"] = new JsonObject { ["withdraw"] = rule };
        return GraphCompiler.Compile(
            DefinitionReader.ReadStored(definition.ToJsonString()), ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(WithdrawalTests).Assembly), ExpressionLanguages.BuiltIn);
    }

    private static InMemoryRun Started(string? rule, params JsonObject[] steps)
    {
        var run = new InMemoryRun(Compile(rule, steps), People).InitiatedBy("owner");
        run.Start();
        // Acts and undos of the definition itself are done at once; what a test waits for is not among them.
        while (run.Effects.FirstOrDefault(e => e.Kind.StartsWith("store.", StringComparison.Ordinal) || e.Kind is "test.act" || (e.Kind == "undo.act" && !run.Instance.Properties.ContainsKey(Withdrawal.Key))) is { } effect)
            run.Settle(effect.Kind, new EffectOutcome.Done(new JsonObject { ["backupId"] = "B" }));
        return run;
    }

    [Activity("Test.Guarded", Category = "Test", Zh = "可撤销的动作", En = "Guarded act")]
    public sealed class GuardedAct : Activity
    {
        public override void Execute(ActivityContext context)
        {
            context.RegisterUndo("undo." + context.Node.Id, context.Node.Id, "撤销 " + context.Node.Id);
            context.Perform("test.act", null, EffectClass.Irreversible, wait: true);
        }
    }

    [Activity("Test.Slow", Category = "Test", Zh = "慢动作", En = "Slow act")]
    public sealed class SlowAct : Activity
    {
        public override void Execute(ActivityContext context)
        {
            context.RegisterUndo("undo." + context.Node.Id, context.Node.Id, "撤销 " + context.Node.Id);
            context.Perform("test.slow", null, EffectClass.Irreversible, wait: true);
        }
    }

    [Activity("Test.Unguarded", Category = "Test", Zh = "不可撤销的动作", En = "Act without undo")]
    public sealed class UnguardedAct : Activity
    {
        public override void Execute(ActivityContext context) => context.Perform("test.act", null, EffectClass.Irreversible, wait: true);
    }
}
