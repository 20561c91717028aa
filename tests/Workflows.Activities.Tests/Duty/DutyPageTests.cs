using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Engine.Execution;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests.Duty;

public sealed class DutyPageTests
{
    private static readonly Rota Rota = new()
    {
        Id = "tech",
        Name = "技术值班",
        Shifts =
        [
            new RotaShift("白班", new TimeOnly(8, 0), new TimeOnly(20, 0), ["cs_agent_1", "cs_agent_2"]) { TurnsFrom = new DateOnly(2026, 3, 2), TurnDays = 1 },
            new RotaShift("夜班", new TimeOnly(20, 0), new TimeOnly(8, 0), ["supervisor"]) { TurnsFrom = new DateOnly(2026, 3, 2) },
        ],
    };

    [Theory]
    [InlineData("2026-03-02 09:00", "cs_agent_1,cs_agent_2")]
    [InlineData("2026-03-03 09:00", "cs_agent_2,cs_agent_1")]
    [InlineData("2026-03-01 09:00", "cs_agent_2,cs_agent_1")]
    [InlineData("2026-03-02 20:00", "supervisor")]
    [InlineData("2026-03-03 07:59", "supervisor")]
    [InlineData("2026-03-05 12:00", "ops_director,cs_agent_2,cs_agent_1")]
    public void People_take_turns_and_a_shift_may_end_in_the_morning(string at, string order)
    {
        var rota = Rota with { StandIns = [new RotaStandIn(Clock.ClockTests.Local("2026-03-05 10:00"), Clock.ClockTests.Local("2026-03-05 13:00"), "ops_director")] };

        Assert.Equal(order, string.Join(',', RotaRules.OnDuty(rota, Clock.ClockTests.Local(at))));
    }

    [Fact]
    public void The_next_is_paged_without_an_acknowledgement_and_the_first_to_acknowledge_ends_it()
    {
        var run = Paged();
        Assert.Equal("cs_agent_1", run.OpenTask.Assignee);
        Assert.Equal(["notify.sms", "notify.email", "notify.site"], run.Effects.Select(e => e.Kind));

        run.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["cs_agent_1", "cs_agent_2"], run.Instance.Tasks.Select(t => t.Assignee));
        // Whoever was paged first may still acknowledge.
        run.Act("cs_agent_1", "acknowledge", task: run.Instance.Tasks[0]);

        Assert.Equal("Acknowledged", run.Lines);
        Assert.Equal("cs_agent_1", (string?)run.Instance.Output["who"]);
        Assert.Equal(["Paged", "PageUnanswered", "Paged", "Acknowledged"], run.Journal.Where(e => e.Event is "Paged" or "PageUnanswered" or "Acknowledged").Select(e => e.Event));
        Assert.Empty(run.Instance.Timers);
    }

    [Fact]
    public void When_the_rota_is_through_those_further_are_paged_and_then_the_flow_goes_on_unanswered()
    {
        var run = Paged();

        run.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["cs_agent_1", "cs_agent_2", "ops_director"], run.Instance.Tasks.Select(t => t.Assignee));
        run.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("Unanswered", run.Lines);
        Assert.All(run.Tasks, t => Assert.Equal(UserTaskState.Cancelled, t.State));
    }

    [Fact]
    public void Only_who_was_paged_may_acknowledge()
    {
        var run = Paged();

        Assert.IsType<TaskVerdict.NotACandidate>(Assert.IsType<BurstResult.Refused>(run.Act("supervisor", "acknowledge")).Verdict);
    }

    [Fact]
    public void A_rota_reads_back_as_written_and_one_that_makes_no_sense_is_refused()
    {
        Assert.Equal(RotaRules.Write(Rota), RotaRules.Write(RotaRules.Read(RotaRules.Write(Rota))));
        Assert.Null(RotaRules.Fault(Rota));
        Assert.NotNull(RotaRules.Fault(Rota with { Shifts = [] }));
        Assert.NotNull(RotaRules.Fault(Rota with { Shifts = [new RotaShift("x", default, default, [])] }));
        Assert.NotNull(RotaRules.Fault(Rota with { TimeZone = "Mars/Olympus" }));
    }

    private static InMemoryRun Paged()
    {
        var flow = new Flow(Chart(
            [Step("Duty.Page", "p", ("rota", "tech"), ("title", "支付接口中断"), ("body", "下单失败"), ("minutes", 5), ("further", Json(new JsonArray("role:ops_director"))), ("acknowledgedBy", Into("who"))), Line("Acknowledged"), Line("Unanswered")],
            "p:Acknowledged->Acknowledged", "p:Unanswered->Unanswered")).WithOutput("who");
        var run = InMemoryRun.Of(flow, People.Shop);
        run.TimeRules = new TimeRules([new StoredTimeRule(TimeRuleKind.Rota, "tech", 1, RotaRules.Write(Rota), run.Now, "ops_director")]);
        run.Start();
        return run;
    }
}
