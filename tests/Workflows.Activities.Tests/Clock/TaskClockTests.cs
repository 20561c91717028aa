using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests.Clock;

/// <summary>Clocks as deadlines of tasks, and the ladders of the catalogue.</summary>
public sealed class TaskClockTests
{
    [Fact]
    public void L_HOUR_reminds_twice_then_tells_the_manager_then_the_next_and_the_task_stays_open()
    {
        var run = Asked(("target", 10), ("targetUnit", "Hours"));
        Assert.Equal(run.Now.AddHours(10), run.OpenTask.DueAt);

        run.Advance(TimeSpan.FromHours(5));
        Assert.Equal(["email supervisor"], Sent(run));
        run.Advance(TimeSpan.FromHours(3));
        Assert.Equal(["email supervisor", "sms supervisor"], Sent(run));
        Assert.False(run.OpenTask.Overdue);
        run.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["email store_ops_manager", "sms store_ops_manager"], Sent(run));
        Assert.True(run.OpenTask.Overdue);
        run.Advance(TimeSpan.FromHours(5));
        Assert.Equal(["email ops_director", "sms ops_director"], Sent(run));
        run.Advance(TimeSpan.FromDays(30));

        Assert.Empty(Sent(run));
        Assert.Equal(UserTaskState.Open, run.OpenTask.State);
        Assert.Empty(run.Instance.Timers);
        run.Act("supervisor", "approve");
        Assert.Equal("Approved", run.Lines);
        Assert.Equal(ClockStatus.Breached, run.Clocks.Single().State);
    }

    [Fact]
    public void L_MIN_offers_the_task_to_those_on_duty_when_it_is_late()
    {
        var run = Asked(("target", 30), ("targetUnit", "Minutes"));

        run.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(["site supervisor", "sms supervisor"], Sent(run));
        run.Advance(TimeSpan.FromMinutes(15));
        // No manager on duty is in this organisation: the director is, by the rota.
        Assert.Equal(["email store_ops_manager", "email supervisor", "sms store_ops_manager", "sms supervisor"], Sent(run).Order());
        Assert.Equal(["supervisor", "ops_director"], run.OpenTask.Candidates);
        Assert.Null(run.OpenTask.Assignee);
        run.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(["email ops_director", "sms ops_director"], Sent(run).Order());

        run.Act("ops_director", "claim");
        run.Act("ops_director", "approve");
        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void A_task_somebody_has_claimed_is_not_taken_from_them()
    {
        var run = ClockTests.Started(Step("Human.Task", "t", ("roles", Json(new JsonArray("cs_agent"))), ("target", 30), ("targetUnit", "Minutes")));
        run.Act("cs_agent_1", "claim");

        run.Advance(TimeSpan.FromHours(1));

        Assert.Equal("cs_agent_1", run.OpenTask.Assignee);
    }

    [Fact]
    public void L_DAY_reminds_a_working_day_before_and_climbs_a_level_each_working_day_up_to_the_director()
    {
        // Monday 2 March 2026, 17:00 in Shanghai; three working days end on Thursday at 18:00.
        var run = Asked(("target", 3));
        Assert.Equal(ClockTests.Local("2026-03-05 18:00"), run.OpenTask.DueAt);

        AdvanceTo(run, "2026-03-04 18:00");
        Assert.Equal(["email supervisor", "site supervisor"], Sent(run));
        AdvanceTo(run, "2026-03-05 16:00");
        Assert.Equal(["email supervisor", "site supervisor"], Sent(run));
        AdvanceTo(run, "2026-03-05 18:00");
        Assert.Equal(["email store_ops_manager", "sms store_ops_manager"], Sent(run));
        AdvanceTo(run, "2026-03-06 18:00");
        Assert.Equal(["email ops_director", "sms ops_director"], Sent(run));
        AdvanceTo(run, "2026-03-31 18:00");
        Assert.Empty(Sent(run));
        Assert.True(run.OpenTask.Overdue);
    }

    [Fact]
    public void L_CRISIS_tells_the_director_at_once()
    {
        var run = Asked(("target", 30), ("targetUnit", "Minutes"), ("ladder", "L-CRISIS"));

        run.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(["sms supervisor", "sms ops_director", "email ops_director"], Sent(run));
    }

    [Fact]
    public void A_task_s_clock_stands_still_while_information_is_awaited()
    {
        var run = Asked(("target", 10), ("targetUnit", "Hours"), ("pauseOnInfo", true), ("ladder", "none"));
        var start = run.Now;

        run.Advance(TimeSpan.FromHours(2));
        run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.OpenTask.Id, "request-info", "supervisor", ["supervisor"], "请补充说明", null) { People = ["activity_owner"] }));
        Assert.True(run.OpenTask.IsPaused);
        Assert.Null(run.OpenTask.DueAt);
        run.Advance(TimeSpan.FromHours(20));
        Assert.False(run.OpenTask.Overdue);
        run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Comment, "activity_owner", "已补充") { TaskId = run.OpenTask.Id }));

        Assert.Equal((false, start.AddHours(30)), (run.OpenTask.IsPaused, run.OpenTask.DueAt));
        Assert.Equal("活动负责人小李", run.Journal.Single(e => e.Event == "ClockPaused").Message is { } said && said.Contains("小李", StringComparison.Ordinal) ? "活动负责人小李" : "");
    }

    [Theory]
    [InlineData("Nothing", "")]
    [InlineData("Reject", "Rejected")]
    [InlineData("Approve", "Approved")]
    public void A_breach_decides_only_where_the_node_s_own_field_says_so(string onBreach, string outcome)
    {
        var run = Asked(("target", 1), ("targetUnit", "Hours"), ("onBreach", onBreach));

        run.Advance(TimeSpan.FromHours(2));

        Assert.Equal(outcome, run.Lines);
        Assert.Equal(onBreach == "Nothing" ? 0 : 1, run.Journal.Count(e => e.Event == "AutoDecided"));
        Assert.Contains(run.Journal, e => e.Event == "ClockBreached");
        Assert.Equal(onBreach == "Nothing" ? 1 : 0, run.Instance.Tasks.Count);
    }

    [Fact]
    public void Whoever_decides_at_the_last_moment_is_not_overruled_by_the_clock()
    {
        var run = Asked(("target", 1), ("targetUnit", "Hours"), ("onBreach", "Reject"));

        run.Now = run.Now.AddHours(1).AddMilliseconds(300);
        run.Act("supervisor", "approve");

        Assert.Equal("Approved", run.Lines);
        Assert.Contains(run.Journal, e => e.Event == "ClockBreached");
    }

    [Theory]
    [InlineData("Nothing", false, "")]
    [InlineData("Reject", false, "Warning breach-decides")]
    [InlineData("Approve", false, "Warning breach-decides")]
    [InlineData("Reject", true, "Warning breach-decides")]
    [InlineData("Approve", true, "Fault breach-approves-deletion")]
    [InlineData("Expire", false, "Fault bad-breach-act")]
    public void Publication_names_a_node_whose_breach_decides_and_refuses_that_silence_deletes(string onBreach, bool deletes, string told)
    {
        List<JsonObject> steps = [Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor"))), ("target", 1), ("onBreach", onBreach))];
        if (deletes)
            steps.Add(Step("Store.DeletePage", "page", ("promotionId", "P-1"), ("backupId", "B-1")));

        var faults = DefinitionValidator.Validate(new Flow(Sequence("s", [.. steps])).Compile()).Faults;

        Assert.Equal(told, string.Join(", ", faults.Where(f => f.Code.Contains("breach", StringComparison.Ordinal)).Select(f => $"{f.Severity} {f.Code}")));
    }

    [Theory]
    [InlineData("Human.Approval", "calendar", "ofice", "unknown-calendar", "没有日历“ofice”，是不是“office”？", "there is no calendar ofice; did you mean office?")]
    [InlineData("Clock.Start", "calendar", "moon", "unknown-calendar", "没有日历“moon”", "there is no calendar moon")]
    [InlineData("Human.Task", "ladder", "L-DAYS", "unknown-ladder", "没有升级规则“L-DAYS”，是不是“L-DAY”？", "there is no ladder L-DAYS; did you mean L-DAY?")]
    [InlineData("Duty.Page", "rota", "night", "unknown-rota", "没有值班表“night”", "there is no rota night")]
    public void Publication_refuses_the_name_of_a_calendar_ladder_or_rota_that_does_not_exist(string type, string input, string name, string code, string zh, string en)
    {
        var faults = Validated(Step(type, "a", (input, name)));

        var fault = Assert.Single(faults, f => f.Code.StartsWith("unknown-", StringComparison.Ordinal));
        Assert.Equal((code, FaultSeverity.Fault, "Workflow1:s:a", input), (fault.Code, fault.Severity, fault.NodeId, fault.Input));
        Assert.Equal((zh, en), (fault.Zh, fault.En));
    }

    [Theory]
    [InlineData("calendar", "24x7")]
    [InlineData("calendar", "")]
    [InlineData("ladder", "none")]
    [InlineData("ladder", "L-CRISIS")]
    public void Publication_takes_names_that_exist(string input, string name) =>
        Assert.DoesNotContain(Validated(Step("Human.Approval", "a", (input, name))), f => f.Code.StartsWith("unknown-", StringComparison.Ordinal));

    private static IReadOnlyList<DefinitionFault> Validated(params JsonObject[] steps) =>
        DefinitionValidator.Validate(new Flow(Sequence("s", steps)).Compile(), null, TimeRules.Shipped).Faults;

    [Fact]
    public void Each_seat_of_several_has_its_own_clock()
    {
        var run = ClockTests.Started(Step("Human.Approval", "a", ("users", Json(new JsonArray("cs_agent_1", "cs_agent_2"))), ("mode", "Sequential"), ("target", 1), ("targetUnit", "Hours"), ("ladder", "none")));

        run.Advance(TimeSpan.FromMinutes(30));
        run.Act("cs_agent_1", "approve");
        Assert.Equal(run.Now.AddHours(1), run.OpenTask.DueAt);
        run.Advance(TimeSpan.FromHours(1));

        Assert.Equal([ClockStatus.Ok, ClockStatus.Breached], run.Clocks.Select(c => c.State));
    }

    private static InMemoryRun Asked(params (string, JsonNode?)[] inputs)
    {
        var run = InMemoryRun.Of(new Flow(Chart([Step("Human.Approval", "a", [("title", "审批"), ("users", Json(new JsonArray("supervisor"))), .. inputs]), Line("Approved"), Line("Rejected")], "a:Approved->Approved", "a:Rejected->Rejected")), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        return run;
    }

    /// <summary>Messages since the last look: channel and person.</summary>
    private static List<string> Sent(InMemoryRun run)
    {
        var sent = run.Effects.Where(e => e.Kind.StartsWith("notify.", StringComparison.Ordinal)).Select(e => $"{e.Kind[7..]} {e.Payload!["user"]}").ToList();
        run.Effects.Clear();
        return sent;
    }

    private static void AdvanceTo(InMemoryRun run, string local) => run.Advance(ClockTests.Local(local) - run.Now);
}
