using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Messages;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>What programs hear of an instance and its clocks.</summary>
public sealed class ListenerTests
{
    [Fact]
    public void A_program_hears_of_each_turn_of_an_instance_and_of_its_clocks_once()
    {
        var run = Run(_ => true, Step("Clock.Start", "c", ("clock", "reply"), ("label", "首次答复"), ("target", 24), ("ladder", "L-HOUR"), ("warn", Json(new JsonArray("50")))), Step("Human.Approval", "a", ("title", "审批"), ("users", Json(new JsonArray("supervisor")))));
        var due = run.Now.AddHours(24);
        run.Start();
        run.Advance(TimeSpan.FromHours(30));
        run.Act("supervisor", "approve");

        Assert.Equal(["case.started", "clock.started", "clock.warned", "clock.breached", "case.finished", "clock.stopped"], Told(run));
        var breach = Of(run, "clock.breached");
        Assert.Equal(("reply", "Internal", "Breached"), ((string?)breach["clock"]!["name"], (string?)breach["clock"]!["kind"], (string?)breach["clock"]!["state"]));
        Assert.Equal(due, DateTimeOffset.Parse((string)breach["clock"]!["dueAt"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((run.Instance.Id, "activity_owner"), ((string?)Of(run, "case.started")["case"]!["id"], (string?)Of(run, "case.started")["by"]));
    }

    [Fact]
    public void What_nobody_listens_to_costs_nothing()
    {
        var run = Run(e => e == MessageEvents.CaseFinished, Step("Clock.Start", "c", ("clock", "reply"), ("target", 24), ("ladder", "none")));
        run.Start();

        Assert.Equal(["case.finished"], Told(run));
    }

    [Fact]
    public void The_clock_of_a_task_and_its_pauses_are_told_with_the_task()
    {
        var run = Run(e => e.StartsWith("clock.", StringComparison.Ordinal), Step("Human.Approval", "a", ("title", "审批"), ("users", Json(new JsonArray("supervisor"))), ("target", 1), ("targetUnit", "Hours"), ("ladder", "none")));
        run.Start();
        var task = run.OpenTask.Id;
        run.Act("supervisor", "approve");

        Assert.Equal("clock.stopped", Assert.Single(Told(run)));
        Assert.Equal((task, "Ok"), ((string?)Payload(run, "clock.stopped")["taskId"], (string?)Of(run, "clock.stopped")["clock"]!["state"]));
    }

    [Fact]
    public void An_end_by_fault_or_by_cancelling_says_why()
    {
        var faulted = Run(_ => true, Step("Elsa.Fault", "f", ("message", "库存不足")));
        faulted.Start();
        var cancelled = Run(_ => true, Step("Human.Approval", "a", ("title", "审批"), ("users", Json(new JsonArray("supervisor")))));
        cancelled.Start();
        cancelled.Apply(new Stimulus.Cancel("重复申请", "supervisor"));

        Assert.Contains("库存不足", (string)Of(faulted, "case.faulted")["incident"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(("重复申请", "supervisor"), ((string?)Of(cancelled, "case.cancelled")["reason"], (string?)Of(cancelled, "case.cancelled")["by"]));
    }

    private static InMemoryRun Run(Func<string, bool> wants, params JsonObject[] steps)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", steps)), People.Shop).InitiatedBy("activity_owner");
        run.Listeners = new EventListeners(wants);
        return run;
    }

    /// <summary>Events without people: those for programs.</summary>
    private static IEnumerable<string> Told(InMemoryRun run) => ForPrograms(run).Select(p => (string)p["event"]!);

    private static JsonNode Of(InMemoryRun run, string @event) => Payload(run, @event)["data"]!;

    private static JsonNode Payload(InMemoryRun run, string @event) => ForPrograms(run).Single(p => (string?)p["event"] == @event);

    private static IEnumerable<JsonNode> ForPrograms(InMemoryRun run) => run.Announced.Select(e => e.Payload!).Where(p => p["people"] is JsonArray { Count: 0 } && p["operators"] is null);
}
