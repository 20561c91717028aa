using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Schedules;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Since = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nominal_instants_follow_from_the_definition_alone()
    {
        var daily = Of(Schedule.CronType, "cronExpression", "0 0 9 * * *");
        var timer = Of(Schedule.TimerType, "interval", "00:10:00");
        var once = Of(Schedule.StartAtType, "dateTime", "2025-12-31T08:00:00Z");

        Assert.Equal(Since.AddHours(9), daily.NextAfter(Since));
        Assert.Equal(Since.AddHours(33), daily.NextAfter(Since.AddHours(9)));
        Assert.Equal(Since.AddMinutes(10), timer.NextAfter(Since.AddDays(-1)));
        Assert.Equal(Since.AddMinutes(30), timer.NextAfter(Since.AddMinutes(20)));
        // Past at publication: made up for, once.
        Assert.Equal([Since.AddHours(-16)], ScheduledStarts.Past(once, Since));
    }

    [Fact]
    public void After_a_long_stop_only_the_latest_instants_are_made_up_for()
    {
        var everySecond = Of(Schedule.CronType, "cronExpression", "* * * * * *");
        var now = Since.AddDays(300);

        var past = ScheduledStarts.Past(everySecond, now);

        Assert.Equal(ScheduledStarts.MostMissed, past.Count);
        Assert.Equal(now, past.Last());
        Assert.Equal(3, ScheduledStarts.Past(Of(Schedule.CronType, "cronExpression", "0 0 9 1 * *"), Since.AddDays(75)).Count);
    }

    [Fact]
    public void The_key_does_not_depend_on_version_or_host()
    {
        var first = Of(Schedule.CronType, "cronExpression", "0 0 9 * * *");
        var next = Schedule.Of(new StoredTrigger("other", "d", "v2", Schedule.CronType, "a", "", new JsonObject { ["CronExpression"] = "0 0 9 * * *" }), Since.AddDays(3))!;

        Assert.Equal(first.KeyOf(Since), next.KeyOf(Since));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Two_schedulers_start_each_nominal_instant_once(DatabaseKind kind)
    {
        await using var first = await HostUnderTest.StartAsync(kind);
        // SQLite belongs to one host; there the two schedulers are two looks at once.
        await using var joined = kind == DatabaseKind.Postgres ? await first.JoinAsync() : null;
        var second = joined ?? first;
        await Flows.PublishAsync(first, Flows.Sequence("nightly", """
            {"id":"cron","type":"Elsa.Cron","version":1,"customProperties":{"canStartWorkflow":true},
             "cronExpression":{"typeName":"String","expression":{"type":"Literal","value":"0 0 * * * *"}}}
            """));
        using var admin = await first.AsAsync("super_admin");
        var cancellation = TestContext.Current.CancellationToken;

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(200, (await admin.PostAsync("/dev/clock/advance", new { by = "05:00:00" })).Status);
            await second.Service<Engine.Timers.DatabaseClock>().RefreshAsync(cancellation);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(n => (n % 2 == 0 ? first : second).Service<ScheduleLoop>().SyncAsync(cancellation)));
        }

        var started = await first.Service<IInstanceStore>().ListAsync(new InstanceFilter("nightly", Limit: 200), cancellation);
        // 15 hours hold 15 full hours, and one more when the test itself ran over one.
        Assert.InRange(started.Count, 15, 16);
    }

    private static Schedule Of(string type, string member, string value) =>
        Schedule.Of(new StoredTrigger("t", "d", "v", type, "a", "", new JsonObject { [member] = value }), Since)!;
}
