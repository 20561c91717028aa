using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests.Clock;

public sealed class ClockTests
{
    [Fact]
    public void A_clock_warns_and_breaches_once_each_and_tells_when_it_was_due_and_when_it_was_told()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("label", "首次答复"), ("target", 24), ("ladder", "none"), ("warn", Json(new JsonArray("50", "80")))), Event("answered"), Step("Clock.Stop", "stop", ("clock", "reply"), ("breached", Into("late"))));
        var start = run.Now;

        run.Advance(TimeSpan.FromHours(19));
        Assert.Equal(ClockStatus.Warn, run.Clocks.Single().State);
        run.Advance(TimeSpan.FromHours(10));
        run.Publish("answered");

        Assert.Equal(["ClockStarted", "ClockWarned", "ClockBreached", "ClockStopped"], ClockEvents(run).Distinct());
        Assert.Equal(2, ClockEvents(run).Count(e => e == "ClockWarned"));
        var breach = run.Journal.Single(e => e.Event == "ClockBreached");
        Assert.Equal(start.AddHours(24), DateTimeOffset.Parse((string)breach.Payload!["plannedAt"]!, CultureInfo.InvariantCulture));
        Assert.Equal("时限“首次答复”停止，超时 5小时", run.Journal.Single(e => e.Event == "ClockStopped").Message);
        var clock = run.Clocks.Single();
        Assert.Equal((ClockStatus.Breached, start.AddHours(24), start.AddHours(29)), (clock.State, clock.BreachedAt, clock.StoppedAt));
        Assert.True(run.Instance.Properties["Overdue"]!.GetValue<bool>());
    }

    [Fact]
    public void What_comes_due_while_everything_stood_still_happens_once_each_in_order_at_the_first_chance()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 24), ("ladder", "L-HOUR"), ("owners", Json(new JsonArray("cs_agent_1")))), Event("answered"));
        var late = run.Now.AddDays(3);

        run.Now = late;
        run.Apply(new Stimulus.TimerDue(run.Instance.Timers.Single().Id));

        Assert.Equal(["ClockReminded", "ClockReminded", "ClockBreached", "ClockEscalated", "ClockEscalated"], ClockEvents(run)[1..]);
        Assert.All(run.Journal.Where(e => e.Event is "ClockBreached" or "ClockEscalated"), e => Assert.Equal(late, DateTimeOffset.Parse((string)e.Payload!["actualAt"]!, CultureInfo.InvariantCulture)));
        Assert.Empty(run.Instance.Timers);
    }

    [Fact]
    public void Stopped_after_the_due_time_but_before_its_timer_is_a_breach_all_the_same()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 1), ("ladder", "none")), Event("answered"), Step("Clock.Stop", "stop", ("clock", "reply"), ("breached", Into("late"))));

        run.Now = run.Now.AddHours(1).AddSeconds(1);
        run.Publish("answered");

        Assert.Equal(ClockStatus.Breached, run.Clocks.Single().State);
        Assert.Equal(["ClockStarted", "ClockBreached", "ClockStopped"], ClockEvents(run));
    }

    [Fact]
    public void A_pause_moves_the_due_time_and_ends_by_itself_when_its_sum_is_used_up()
    {
        var run = Started(
            Step("Clock.Start", "c", ("clock", "fix"), ("target", 8), ("ladder", "none"), ("pauseReasons", Json(new JsonArray("等待客户"))), ("maxPause", "03:00:00")),
            Event("other"), Step("Clock.Pause", "bad", ("clock", "fix"), ("reason", "吃午饭")),
            Event("wait"), Step("Clock.Pause", "pause", ("clock", "fix"), ("reason", "等待客户"), ("evidence", "短信 17")),
            Event("on"), Step("Clock.Resume", "resume", ("clock", "fix")),
            Event("again"), Step("Clock.Pause", "pause2", ("clock", "fix"), ("reason", "等待客户")),
            Event("end"));
        var start = run.Now;

        run.Publish("other");
        Assert.Equal("不能暂停时限“fix”：“吃午饭”不是允许的暂停原因", run.Journal.Single(e => e.Event == "ClockPauseRefused").Message);
        run.Advance(TimeSpan.FromHours(1));
        run.Publish("wait");
        Assert.Equal(ClockStatus.Paused, run.Clocks.Single().State);
        run.Advance(TimeSpan.FromHours(2));
        run.Publish("on");
        Assert.Equal(start.AddHours(10), run.Clocks.Single().DueAt);
        run.Advance(TimeSpan.FromHours(1));
        run.Publish("again");
        run.Advance(TimeSpan.FromHours(5));

        // One hour was left: the second pause ended by itself.
        var clock = run.Clocks.Single();
        Assert.Equal((ClockStatus.Ok, start.AddHours(11)), (clock.State, clock.DueAt));
        run.Advance(TimeSpan.FromHours(3));
        Assert.Equal(start.AddHours(11), run.Clocks.Single().BreachedAt);
    }

    [Fact]
    public void A_clock_follows_the_data_its_target_depends_on()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s",
            Step("Clock.Start", "c", ("clock", "fix"), ("label", "修复"), ("target", Script("variables.severity === 'S1' ? 1 : 24", "Decimal")), ("ladder", "none")),
            Event("worse"), Set("set", "severity", "S1"), Event("end"))).With("severity", "S2"), People.Shop);
        run.Start();
        var start = run.Now;
        run.Advance(TimeSpan.FromMinutes(30));

        run.Publish("worse");

        Assert.Equal(start.AddHours(1), run.Clocks.Single().DueAt);
        Assert.Contains("重新计算", run.Journal.Single(e => e.Event == "ClockRecalculated").Message, StringComparison.Ordinal);
        run.Advance(TimeSpan.FromHours(1));
        Assert.Equal(start.AddHours(1), run.Clocks.Single().BreachedAt);
    }

    [Fact]
    public void A_deadline_before_an_anchor_moves_with_it_and_says_what_is_late_already()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s",
            Step("Clock.Start", "month", ("clock", "plan"), ("label", "方案"), ("anchor", Variable("day")), ("target", 1), ("unit", "Months"), ("ladder", "none")),
            Step("Clock.Start", "weeks", ("clock", "stock"), ("label", "备货"), ("anchor", Variable("day")), ("target", 2), ("unit", "Weeks"), ("shift", "Previous"), ("ladder", "none")),
            Event("moved"), Set("set", "day", "2026-04-20"), Event("end"))).With("day", "2026-03-20"), People.Shop);
        run.Start();

        Assert.Contains("开始时已经过期", run.Journal.First(e => e.Event == "ClockStarted").Message, StringComparison.Ordinal);
        Assert.Equal(Local("2026-03-06 18:00"), run.Clocks.Single(c => c.Name == "stock").DueAt);
        run.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ClockStatus.Breached, run.Clocks.Single(c => c.Name == "plan").State);
        run.Publish("moved");

        var plan = run.Clocks.Single(c => c.Name == "plan");
        Assert.Equal((Local("2026-03-20 18:00"), ClockStatus.Ok), (plan.DueAt, plan.State));
        // 6 April is a holiday, so the Friday before.
        Assert.Equal(Local("2026-04-03 18:00"), run.Clocks.Single(c => c.Name == "stock").DueAt);
    }

    [Fact]
    public void Recalculating_is_shown_before_it_is_done()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 24), ("ladder", "L-HOUR")), Event("end"));
        var start = run.Now;
        run.Advance(TimeSpan.FromHours(13));
        var command = new ClockCommand(run.Clocks.Single().Id, new TargetTime(48, TimeUnit.Hours), false, "客户同意延期", "ops_director");

        var plan = Assert.IsType<TaskVerdict.Planned>(Assert.IsType<BurstResult.Refused>(run.Apply(new Stimulus.ActOnClock(command with { IsTrial = true }))).Verdict);
        Assert.Equal(start.AddHours(24), run.Clocks.Single().DueAt);
        run.Apply(new Stimulus.ActOnClock(command));

        Assert.Equal(start.AddHours(48).ToString("O"), (string?)plan.Plan["newDueAt"]);
        Assert.Equal((start.AddHours(48), ClockStatus.Ok), (run.Clocks.Single().DueAt, run.Clocks.Single().State));
        Assert.Equal("ops_director", run.Journal.Single(e => e.Event == "ClockRecalculated").By);
        run.Advance(TimeSpan.FromHours(12));
        // The reminder at half time comes again, at the new half time.
        Assert.Equal(2, ClockEvents(run).Count(e => e == "ClockReminded"));
        Assert.IsType<TaskVerdict.NotFound>(Assert.IsType<BurstResult.Refused>(run.Apply(new Stimulus.ActOnClock(command with { ClockId = "other" }))).Verdict);
    }

    [Fact]
    public void A_running_clock_keeps_its_calendar_until_it_is_recalculated()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 1), ("unit", "WorkingDays"), ("ladder", "none")), Event("end"));
        var before = run.Clocks.Single().DueAt;
        var office = run.TimeRules.Calendar("office")!.Calendar;
        var closed = office with { Years = [.. office.Years.Where(y => y.Year != 2026), office.Years.Single(y => y.Year == 2026) is var y26 ? y26 with { Off = [.. y26.Off, new HolidaySpan(new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 3), "店庆")] } : null!] };
        run.TimeRules = new TimeRules([new Engine.Storage.StoredTimeRule(Engine.Storage.TimeRuleKind.Calendar, "office", 2, CalendarFile.Write(closed), run.Now, "ops_director")]);

        run.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(before, ClockRules.Explain(run.Clocks.Single(), run.TimeRules).DueAt);
        run.Apply(new Stimulus.ActOnClock(new ClockCommand(run.Clocks.Single().Id, null, true, "店庆放假", "ops_director")));

        Assert.Equal((before.AddDays(1), 2), (run.Clocks.Single().DueAt, run.Clocks.Single().CalendarVersion));
    }

    [Fact]
    public void A_clock_may_begin_in_the_past_and_skips_the_reminders_that_lie_there()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 24), ("ladder", "L-HOUR"), ("startedAt", "2026-03-01T12:00:00Z"), ("owners", Json(new JsonArray("cs_agent_1")))), Event("end"));

        Assert.Equal((ClockStatus.Warn, new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)), (run.Clocks.Single().State, run.Clocks.Single().DueAt));
        run.Advance(TimeSpan.FromHours(2));
        Assert.DoesNotContain("ClockBreached", ClockEvents(run));
        Assert.Empty(run.Effects);
        run.Advance(TimeSpan.FromHours(2));
        Assert.Contains("ClockBreached", ClockEvents(run));
    }

    [Fact]
    public void A_definition_can_lead_somewhere_when_a_clock_is_breached_and_when_it_stops_before()
    {
        foreach (var late in new[] { true, false })
        {
            var run = Started(Step("Clock.Start", "c", ("clock", "ship"), ("target", 48), ("ladder", "none"), ("kind", "Supplier")),
                Step("Elsa.Parallel", "p", ("activities", new JsonArray(
                    Sequence("a", Event("shipped"), Step("Clock.Stop", "stop", ("clock", "ship"))),
                    Chart([Step("Clock.Breached", "b", ("clock", "ship")), Line("apologise"), Line("fine")], "b:Breached->apologise", "b:Stopped->fine")))));

            run.Advance(TimeSpan.FromHours(late ? 49 : 47));
            run.Publish("shipped");

            Assert.Equal(late ? "apologise" : "fine", run.Lines);
            Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
        }
    }

    [Fact]
    public void The_promises_of_an_instance_that_failed_are_not_over()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Clock.Start", "c", ("clock", "reply"), ("target", 2), ("ladder", "none")), Event("go"), Step("Elsa.Fault", "f", ("message", "kaputt")))), People.Shop);
        run.Start();
        run.Publish("go");
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);

        run.Now = run.Now.AddHours(3);
        run.Apply(new Stimulus.Retry("ops_director"));

        // It fails again, but what was due meanwhile is due.
        Assert.Equal(run.Clocks.Single().DueAt, run.Instance.Clocks!.Single().DueAt);
        Assert.True(run.Clocks.Single().IsRunning);
    }

    [Fact]
    public void Ending_the_instance_stops_its_clocks()
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 24)), Event("end"));

        run.Apply(new Stimulus.Cancel("误报", "ops_director"));

        Assert.False(run.Clocks.Single().IsRunning);
        Assert.Equal(ClockStatus.Ok, run.Clocks.Single().State);
    }

    [Theory]
    [InlineData("calendar", "mars", "unknown-calendar")]
    [InlineData("ladder", "L-MARS", "unknown-ladder")]
    public void What_does_not_exist_is_an_incident(string input, string value, string kind)
    {
        var run = Started(Step("Clock.Start", "c", ("clock", "reply"), ("target", 24), (input, value)), Event("end"));

        Assert.Equal(kind, run.Instance.Incidents.Single().Kind);
    }

    internal static InMemoryRun Started(params JsonObject[] steps)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", steps)).With("late"), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        return run;
    }

    internal static List<string> ClockEvents(InMemoryRun run) => [.. run.Journal.Where(e => e.Event.StartsWith("Clock", StringComparison.Ordinal)).Select(e => e.Event)];

    internal static DateTimeOffset Local(string text) => new(DateTime.Parse(text, CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}
