using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Outbox;
using Workflows.Engine.Rehearsal;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>演练: a version played with a case, in a time of its own.</summary>
public sealed class RehearsalTests
{
    private static readonly DateTimeOffset Began = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_do_is_done_when_the_case_says_and_the_rest_as_usual()
    {
        var report = await PlayAsync(Two(), new() { ["Workflow1:root:second"] = new("approve", TimeSpan.FromHours(5)) });

        Assert.Equal(
            ["0 Task 主管老王", "0.17 Act approve", "0.17 Task 经理老张", "5.17 Act approve", "5.17 End Finished"],
            Told(report, RehearsalKind.Task, RehearsalKind.Act, RehearsalKind.End));
        Assert.Equal((RehearsalEnd.Finished, Began + TimeSpan.FromMinutes(310)), (report.End, report.EndedAt));
        Assert.Empty(report.Waits);
    }

    [Fact]
    public async Task A_step_nobody_does_shows_its_deadline_and_what_stays_open()
    {
        var chart = Sequence("root", Approval("first", "supervisor", ("target", 24), ("targetUnit", "Hours"), ("calendar", "24x7"), ("ladder", "L-DAY")));

        var report = await PlayAsync(chart, new() { ["Workflow1:root:first"] = new(null, TimeSpan.Zero) });

        Assert.Equal(RehearsalEnd.Waiting, report.End);
        Assert.Equal(["first"], report.Waits);
        Assert.Contains(report.Deadlines, l => l.What == "ClockBreached" && l.At == Began.AddHours(24));
        Assert.Contains(report.Messages, m => m.People.Contains("经理老张"));
        Assert.DoesNotContain(report.Lines, l => l.Kind == RehearsalKind.Act);
    }

    [Fact]
    public async Task A_rejection_is_given_once_so_that_a_loop_comes_to_its_end()
    {
        var chart = Chart(
            [Approval("first", "supervisor"), Step("Human.Task", "mend", ("users", Json(new JsonArray("activity_owner"))), ("title", "修改"), ("form", Json(Form)))],
            "first:Rejected->mend", "mend->first");

        var report = await PlayAsync(chart, new() { ["Workflow1:chart:first"] = new("reject", TimeSpan.FromHours(1)) });

        Assert.Equal(["1 Act reject", "1.17 Act complete", "2.17 Act approve"], Told(report, RehearsalKind.Act));
        Assert.Equal(RehearsalEnd.Finished, report.End);
    }

    [Fact]
    public async Task A_form_is_filled_as_the_case_says_and_what_is_missing_is_made_up()
    {
        var chart = Sequence("root",
            Step("Human.Task", "mend", ("users", Json(new JsonArray("activity_owner"))), ("title", "修改"), ("form", Json(Form)), ("result", Into("v"))),
            Step("Elsa.WriteLine", "say", ("text", Script("variables.v.choice + variables.v.count + variables.v.day"))));
        var report = await PlayAsync(new Flow(chart).With("v").Compile(), new() { ["Workflow1:root:mend"] = new("complete", TimeSpan.FromHours(1)) { Form = new JsonObject { ["choice"] = "乙" } } });
        Assert.Equal(RehearsalEnd.Finished, report.End);
        Assert.DoesNotContain(report.Lines, l => l.Kind == RehearsalKind.Trouble);
    }

    [Fact]
    public async Task An_endless_loop_ends_the_rehearsal_and_says_so()
    {
        var chart = Step("Elsa.While", "root", ("condition", Script("true", "Boolean")), ("body", Step("Elsa.Delay", "wait", ("timeSpan", "00:00:01"))));

        Assert.Equal(RehearsalEnd.TooManySteps, (await PlayAsync(chart)).End);
    }

    [Fact]
    public async Task What_is_asked_of_the_world_is_answered_and_told_and_a_failure_is_an_end()
    {
        var report = await PlayAsync(Sequence("root", Step("Store.Backup", "backup", ("promotionId", "P-9")), Line("after")));

        Assert.Contains(report.Lines, l => l is { Kind: RehearsalKind.Operation, Node: "backup", What: "store.backup", Text: "没有这个活动" });
        Assert.NotEqual(RehearsalEnd.Finished, report.End);
    }

    [Fact]
    public async Task A_sub_process_is_played_along_and_its_end_goes_on_above()
    {
        var child = new Flow(Sequence("root", Approval("inner", "ops_director"))).Compile();
        var parent = new Flow(Sequence("root", Step("Elsa.ExecuteWorkflow", "call", ("workflowDefinitionId", "test")), Line("after"))).Compile();

        var report = await new Rehearsal(new One(child), People.Shop, TimeRules.Shipped, new Refuses()).PlayAsync(parent, Case(), Token);

        Assert.Contains(report.Lines, l => l is { Kind: RehearsalKind.Task, IsOfChild: true } && l.People.SequenceEqual(["总监老陈"]));
        Assert.Equal(RehearsalEnd.Finished, report.End);
    }

    [Fact]
    public async Task The_same_case_gives_the_same_report_every_time()
    {
        var first = await PlayAsync(Two());
        var again = await PlayAsync(Two());

        Assert.Equal(first.Lines.Select(l => $"{l.At} {l.Kind} {l.Node} {l.What} {l.Text}"), again.Lines.Select(l => $"{l.At} {l.Kind} {l.Node} {l.What} {l.Text}"));
        Assert.All(RehearsalDiff.Compare(first, again), c => Assert.True(c is { Now: not null, Before: not null, IsMoved: false }));
    }

    [Fact]
    public async Task A_changed_version_is_set_against_the_one_in_service()
    {
        var before = await PlayAsync(Two());
        var now = await PlayAsync(Sequence("root", Approval("first", "supervisor"), Approval("added", "ops_director"), Approval("second", "store_ops_manager")));

        var changes = RehearsalDiff.Compare(before, now);

        Assert.Contains(changes, c => c is { Before: null, Line: { Kind: RehearsalKind.Task, Node: "added" } });
        Assert.Contains(changes, c => c is { IsMoved: true, Line: { Kind: RehearsalKind.Act, Node: "second" } });
        Assert.DoesNotContain(changes, c => c.Now is null);
    }

    [Fact]
    public async Task Another_deadline_is_a_difference_even_where_nobody_needs_it()
    {
        var before = await PlayAsync(Sequence("root", Approval("first", "supervisor", ("dueIn", "1.00:00:00"))));
        var now = await PlayAsync(Sequence("root", Approval("first", "supervisor", ("dueIn", "2.00:00:00"))));

        var moved = Assert.Single(RehearsalDiff.Compare(before, now), c => c.IsMoved);

        Assert.Equal((Began.AddDays(2), Began.AddDays(1)), (moved.Now!.DueAt, moved.Before!.DueAt));
    }

    private static JsonObject Form => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("choice", "count", "day"),
        ["properties"] = new JsonObject
        {
            ["choice"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("甲", "乙") },
            ["count"] = new JsonObject { ["type"] = "integer", ["minimum"] = 3 },
            ["day"] = new JsonObject { ["type"] = "string", ["format"] = "date" },
        },
    };

    private static JsonObject Two() => Sequence("root", Approval("first", "supervisor"), Approval("second", "store_ops_manager"));

    private static JsonObject Approval(string id, string who, params (string Name, JsonNode? Value)[] more) =>
        Step("Human.Approval", id, [("users", Json(new JsonArray(who))), ("title", id), .. more]);

    private static RehearsalCase Case(Dictionary<string, RehearsedAct>? acts = null) => new() { StartsAt = Began, InitiatedBy = "activity_owner", Acts = acts ?? [] };

    private static Task<RehearsalReport> PlayAsync(JsonObject root, Dictionary<string, RehearsedAct>? acts = null) => PlayAsync(new Flow(root).Compile(), acts);

    private static Task<RehearsalReport> PlayAsync(WorkflowGraph graph, Dictionary<string, RehearsedAct>? acts = null) =>
        new Rehearsal(new One(null), People.Shop, TimeRules.Shipped, new Refuses()).PlayAsync(graph, Case(acts), Token);

    private static List<string> Told(RehearsalReport report, params RehearsalKind[] kinds) =>
    [
        .. report.Lines.Where(l => kinds.Contains(l.Kind)).Select(l => FormattableString.Invariant($"{(l.At - Began).TotalHours:0.##} {l.Kind} {(l.Kind == RehearsalKind.Task ? string.Join(' ', l.People) : l.What)}")),
    ];

    private sealed class One(WorkflowGraph? published) : IGraphSource
    {
        public ValueTask<WorkflowGraph?> FindVersionAsync(string versionId, CancellationToken cancellationToken) => ValueTask.FromResult(published);

        public ValueTask<WorkflowGraph?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken) => ValueTask.FromResult(published);
    }

    private sealed class Refuses : IRehearsalWorld
    {
        public Task<EffectOutcome> AnswerAsync(Effect effect, CancellationToken cancellationToken) => Task.FromResult<EffectOutcome>(new EffectOutcome.Refused("没有这个活动"));
    }
}
