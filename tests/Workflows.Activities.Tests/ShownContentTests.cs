using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>A decision counts for what is so when it is made; fields are changed only by whom the step lets, and in the open.</summary>
public sealed class ShownContentTests
{
    private const string Schema = """
        {"properties":{"amount":{"type":"number","title":"金额"},"cost":{"type":"number","title":"成本"},"reason":{"type":"string","title":"原因"},"secret":{"type":"string","title":"底价"}}}
        """;

    private static readonly OrganisationSnapshot Shop = new([
        People.Person("owner", "小李", "boss"), People.Person("a", "阿一", "boss"), People.Person("b", "阿二", "boss"), People.Person("boss", "主管", "top"), People.Person("top", "总监", null),
    ]);

    [Fact]
    public void What_changed_while_a_task_waited_is_shown_again_before_it_can_be_decided()
    {
        var run = Started(Fork(Ask("a", ("content", Script("({ 金额: variables.amount, 说明: '不变' })"))), Sequence("s", Event("raise"), Set("set", "amount", 500))));
        var seen = TaskContent.HashOf(run.OpenTask);
        run.Publish("raise");

        foreach (var act in new[] { "approve", "reject", "return" })
        {
            var refused = Assert.IsType<TaskVerdict.ContentChanged>(Refusal(run, "a", act, seen));
            var change = Assert.Single(refused.Changes);
            Assert.Equal(("金额", "100", "500"), (change.Field, change.Before!.ToJsonString(), change.After!.ToJsonString()));
        }

        Assert.Equal("""{"金额":100,"说明":"不变"}""", JsonNode.Parse(run.OpenTask.Content!.ToJsonString())!.ToJsonString(Readable));
        Assert.IsType<BurstResult.Changed>(run.Apply(new Stimulus.ShowAgain(run.OpenTask.Id)));
        Assert.Contains(run.Journal, e => e.Event == "ShownAgain");
        Assert.IsType<TaskVerdict.ContentChanged>(Refusal(run, "a", "approve", seen));
        Assert.IsType<BurstResult.Ignored>(run.Apply(new Stimulus.ShowAgain(run.OpenTask.Id)));
        Assert.IsType<BurstResult.Changed>(Act(run, "a", "approve", TaskContent.HashOf(run.OpenTask)));
    }

    [Fact]
    public void Acts_that_decide_nothing_are_not_held_up()
    {
        var run = Started(Fork(Ask("a", ("content", Script("({ 金额: variables.amount })"))), Sequence("s", Event("raise"), Set("set", "amount", 500))));
        run.Publish("raise");

        Assert.IsType<BurstResult.Changed>(run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.OpenTask.Id, "request-info", "a", ["a"], "请说明") { People = ["owner"] })));
    }

    [Fact]
    public void Time_passing_and_what_cannot_be_worked_out_any_more_hold_nobody_up()
    {
        var timed = Started(Ask("a", ("content", Script("({ 今天: new Date().toISOString() })"))));
        timed.Advance(TimeSpan.FromDays(3));
        Assert.IsType<BurstResult.Changed>(Act(timed, "a", "approve"));

        var broken = Started(Fork(Ask("a", ("content", Script("({ 名: variables.reason.toUpperCase() })"))), Sequence("s", Event("raise"), Set("set", "reason", null))));
        broken.Publish("raise");
        Assert.IsType<BurstResult.Changed>(Act(broken, "a", "approve"));
    }

    [Fact]
    public void Approvers_change_what_the_step_lets_them_and_each_change_is_told()
    {
        var run = Started(Sequence("s", WithFields("a", """{"amount":"edit","reason":"required","secret":"hide"}"""), WithFields("b", """{"cost":"edit"}""")));
        var form = run.OpenTask.Form!;
        Assert.Equal(["amount", "cost", "reason"], form["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(("100", "true"), (form["properties"]!["amount"]!["default"]!.ToJsonString(), form["properties"]!["cost"]!["readOnly"]!.ToJsonString()));
        Assert.DoesNotContain("8 折", System.Text.Json.JsonSerializer.Serialize(run.OpenTask, Readable), StringComparison.Ordinal);
        Assert.Equal(["secret"], run.OpenTask.Hidden);

        Assert.Equal(["reason"], Errors(run, "a", new JsonObject { ["amount"] = 1 }));
        Assert.Equal(["reason"], Errors(run, "a", null));
        Assert.Equal(["cost"], Errors(run, "a", new JsonObject { ["reason"] = "促销", ["cost"] = 1 }));
        Assert.Equal(["secret"], Errors(run, "a", new JsonObject { ["reason"] = "促销", ["secret"] = "x" }));
        Assert.Equal(["amount"], Errors(run, "a", new JsonObject { ["reason"] = "促销", ["amount"] = "很多" }));
        Assert.IsType<BurstResult.Changed>(Act(run, "a", "approve", form: new JsonObject { ["amount"] = 80, ["reason"] = "促销", ["cost"] = 60 }));

        var told = run.Journal.Single(e => e.Event == "FieldsChanged");
        Assert.Equal("a", told.By);
        Assert.Equal("""[{"field":"amount","label":"金额","before":100,"after":80},{"field":"reason","label":"原因","before":"abc","after":"促销"}]""", told.Payload!["changes"]!.ToJsonString(Readable));
        Assert.Equal("80", run.OpenTask.Form!["properties"]!["amount"]!["default"]!.ToJsonString());
        Assert.Equal("促销", (string?)run.OpenTask.Form["properties"]!["reason"]!["default"]);
    }

    [Fact]
    public void Who_rejects_changes_nothing_and_who_changes_nothing_leaves_no_line()
    {
        var run = Started(WithFields("a", """{"amount":"edit"}"""));
        Assert.IsType<BurstResult.Changed>(Act(run, "a", "reject", form: new JsonObject { ["amount"] = 1 }));
        Assert.DoesNotContain(run.Journal, e => e.Event == "FieldsChanged");

        var same = Started(WithFields("a", """{"amount":"edit"}"""));
        Assert.IsType<BurstResult.Changed>(Act(same, "a", "approve", form: new JsonObject { ["amount"] = 100 }));
        Assert.DoesNotContain(same.Journal, e => e.Event == "FieldsChanged");
    }

    [Fact]
    public void Of_two_approvers_side_by_side_the_second_looks_at_what_the_first_changed()
    {
        var step = WithFields("a", """{"amount":"edit"}""");
        (step["users"], step["mode"]) = (Json(new JsonArray("a", "b")), "All");
        var run = Started(step);
        var other = run.Instance.Tasks.Single(t => t.Assignee == "b");
        run.Act("a", "approve", form: new JsonObject { ["amount"] = 80 }, task: run.Instance.Tasks.Single(t => t.Assignee == "a"));

        var refused = Assert.IsType<TaskVerdict.ContentChanged>(Assert.IsType<BurstResult.Refused>(run.Act("b", "approve", task: other)).Verdict);
        Assert.Equal(("金额", "80"), (refused.Changes.Single().Field, refused.Changes.Single().After!.ToJsonString()));
    }

    [Fact]
    public void Who_applied_for_or_decided_in_a_parent_is_barred_in_the_child_and_the_other_way_round()
    {
        var child = Build(Ask("a")).InitiatedBy("owner");
        child.Instance.Properties["RelatedDeciders"] = new JsonArray("a");
        child.Instance.Properties["RelatedInitiators"] = new JsonArray("boss");
        child.Start();
        // a decided in the parent, and the manager boss applied for it: it goes to the one above.
        Assert.Equal("top", child.OpenTask.Assignee);

        var waiting = Started(Ask("a"));
        Assert.IsType<BurstResult.Changed>(waiting.Apply(new Stimulus.Decided(["a"], "parent")));
        Assert.Equal("boss", waiting.OpenTask.Assignee);
        Assert.Contains("a", waiting.OpenTask.Excluded);
        Assert.IsType<BurstResult.Ignored>(waiting.Apply(new Stimulus.Decided(["a"], "parent")));
    }

    [Fact]
    public void A_child_is_told_of_its_family_and_tells_it()
    {
        var run = Started(Sequence("s", Ask("a"), Step("Elsa.ExecuteWorkflow", "child", ("workflowDefinitionId", "other")), Ask("b")));
        Act(run, "a", "approve");
        var start = run.Effects.Single(e => e.Kind == "engine.start").Payload!;
        Assert.Equal(("""["a"]""", """["owner"]"""), (start["deciders"]!.ToJsonString(), start["initiators"]!.ToJsonString()));

        run.Settle("engine.start", new Engine.Outbox.EffectOutcome.Done(new JsonObject { ["instanceId"] = "i2" }));
        run.Resume("Workflows.ChildCompleted", new JsonObject { ["child"] = "i2", ["status"] = "Finished", ["subStatus"] = "Finished", ["output"] = new JsonObject(), ["deciders"] = new JsonArray("b") });
        Assert.Equal("boss", run.OpenTask.Assignee);

        var family = Started(Ask("a"));
        family.Instance.Properties["HasChildren"] = true;
        Act(family, "a", "approve");
        Assert.Equal("""["a"]""", family.Effects.Single(e => e.Kind == "engine.decided").Payload!["users"]!.ToJsonString());
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Ask(string user, params (string, JsonNode?)[] inputs) => Step("Human.Approval", "ask-" + user, [("title", "请审批"), ("users", Json(new JsonArray(user))), .. inputs]);

    private static JsonObject WithFields(string user, string rights) => Ask(user, ("form", Json(JsonNode.Parse(Schema)!)), ("fieldRights", Json(JsonNode.Parse(rights)!)), ("fourEyes", false));

    private static JsonObject Fork(params JsonObject[] branches) => Step("Elsa.Fork", "fork", ("joinMode", "WaitAll"), ("branches", new JsonArray([.. branches])));

    private static InMemoryRun Build(JsonObject root) =>
        InMemoryRun.Of(new Flow(Sequence("root", root, Line("end"))).With("amount", 100).With("cost", 60).With("reason", "abc").With("secret", "8 折"), Shop);

    private static InMemoryRun Started(JsonObject root)
    {
        var run = Build(root).InitiatedBy("owner");
        run.Start();
        return run;
    }

    private static BurstResult Act(InMemoryRun run, string user, string act, string? seen = null, JsonNode? form = null) =>
        run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.OpenTask.Id, act, user, [user], "意见", form) { ContentHash = seen }));

    private static TaskVerdict Refusal(InMemoryRun run, string user, string act, string? seen) => Assert.IsType<BurstResult.Refused>(Act(run, user, act, seen)).Verdict;

    private static IEnumerable<string> Errors(InMemoryRun run, string user, JsonNode? form) =>
        Assert.IsType<TaskVerdict.FormRefused>(Assert.IsType<BurstResult.Refused>(Act(run, user, "approve", form: form)).Verdict).Errors.Keys;
}
