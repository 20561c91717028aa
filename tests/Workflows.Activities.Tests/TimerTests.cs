using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class TimerTests
{
    [Theory]
    [InlineData(25)]
    [InlineData(49)]
    [InlineData(60)]
    [InlineData(400)]
    public void A_delay_of_any_length_fires_once_and_not_early(int days)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.Delay", "d", ("timeSpan", $"{days}.00:00:00")), Line("end"))));
        run.Start();
        run.Advance(TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1));
        Assert.Equal("", run.Lines);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void Delays_running_beside_each_other_in_a_loop_all_fire()
    {
        // Elsa issue 6816.
        var run = InMemoryRun.Of(new Flow(Step("Elsa.ForEach", "f", ("items", Json(new System.Text.Json.Nodes.JsonArray(1, 2))), ("body",
            Step("Elsa.Parallel", "p", ("activities", new System.Text.Json.Nodes.JsonArray(
                Sequence("a", Step("Elsa.Delay", "d1", ("timeSpan", "00:01:00")), Line("a1")), Sequence("b", Step("Elsa.Delay", "d2", ("timeSpan", "00:02:00")), Line("b1")))))))));
        run.Start();
        run.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("a1 b1 a1 b1", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Theory]
    [InlineData("Elsa.Timer", "interval", "00:05:00", 300)]
    [InlineData("Elsa.Cron", "cronExpression", "0 10 9 * * *", 600)]
    [InlineData("Elsa.StartAt", "dateTime", "2026-03-02T09:20:00Z", 1200)]
    public void Inside_a_flow_each_kind_of_timer_waits_once(string type, string input, string value, int seconds)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step(type, "t", (input, value)), Line("end"))));
        run.Start();
        run.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal("", run.Lines);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("end", run.Lines);
    }

    [Fact]
    public void An_instant_that_is_past_does_not_wait()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.StartAt", "t", ("dateTime", "2020-01-01T00:00:00Z")), Step("Elsa.Delay", "d", ("timeSpan", "00:00:00")), Line("end"))));
        run.Start();
        Assert.Equal("end", run.Lines);
    }

    [Theory]
    [InlineData("Elsa.Cron", "cronExpression", "61 * * * * *", "cron")]
    [InlineData("Elsa.Delay", "timeSpan", "10675199.00:00:00", "time-range")]
    public void A_time_that_makes_no_sense_is_an_incident(string type, string input, string value, string kind)
    {
        var run = InMemoryRun.Of(new Flow(Step(type, "t", (input, value))));
        run.Start();
        Assert.Equal(kind, run.Instance.Incidents.Single().Kind);
    }

    [Fact]
    public void A_failing_step_with_a_retry_policy_is_tried_again_later()
    {
        var step = Step("Elsa.SetVariable", "set", ("variable", new System.Text.Json.Nodes.JsonObject { ["id"] = "n" }), ("value", Variable("text")));
        step["customProperties"] = new System.Text.Json.Nodes.JsonObject { ["retry"] = new System.Text.Json.Nodes.JsonObject { ["maxAttempts"] = 3, ["delay"] = "00:00:10", ["factor"] = 2 } };
        var run = InMemoryRun.Of(new Flow(Sequence("s", step, Line("end"))).With("n", 0, "Int32").With("text", "bad"));
        run.Start();
        Assert.Equal(run.Now.AddSeconds(10), run.Instance.Incidents.Single().NextTryAt);
        run.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, run.Instance.Incidents.Single().Attempt);
        run.Instance.Executions[0].Variables!["text"] = "5";
        run.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("end", run.Lines);
        Assert.Empty(run.Instance.Incidents);
    }
}
