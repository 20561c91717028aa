using System.Collections.Concurrent;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>Timers of any length, and very many at once.</summary>
public abstract class TimerTests(DatabaseKind kind)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Waits beyond 25 and 49 days are where in-memory timers of the platform give up.
    [Fact]
    public async Task Timers_of_25_49_60_and_400_days_fire_once_each_also_over_restarts()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var settings = new NodeSettings(database.Options, new MemoryReceiver()) { Opened = kind == DatabaseKind.Sqlite ? database.Database : null, RunLoops = false };
        int[] days = [25, 49, 60, 400];
        var began = await database.Clock.ReadAsync(Token);
        await using (var node = await EngineNode.StartAsync(settings, Token))
        {
            foreach (var day in days)
                await StartAsync(node, $"t{day}", began.AddDays(day));
        }

        foreach (var day in days)
        {
            await using var node = await EngineNode.StartAsync(settings, Token);
            var due = began.AddDays(day);
            await database.Clock.AdvanceAsync(due - await database.Clock.ReadAsync(Token) - TimeSpan.FromMinutes(5), Token);
            Assert.Equal(0, await node.Timers.RunOnceAsync(Token));
            await database.Clock.AdvanceAsync(TimeSpan.FromMinutes(5), Token);
            Assert.Equal(1, await node.Timers.RunOnceAsync(Token));
            Assert.Equal(0, await node.Timers.RunOnceAsync(Token));
            Assert.Equal(1, await database.ScalarAsync($"select count(*) from instance where id = 't{day}' and status = 1"));
        }

        Assert.Equal(0, await database.ScalarAsync("select count(*) from timer"));
        foreach (var day in days)
            Assert.Single(await database.Instances.ReadJournalAsync($"t{day}", 0, 100, Token), e => e.Event == "Resumed");
    }

    [Fact]
    public async Task A_loop_that_waits_for_a_far_timer_keeps_looking()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        var now = await nodes.Database.Clock.ReadAsync(Token);
        await nodes.StartInstanceAsync(0, "far", Scenarios.WaitUntil, Token, now.AddDays(400));

        await nodes.Database.Clock.AdvanceAsync(TimeSpan.FromDays(401), Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select count(*) from timer", TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task Ten_thousand_timers_due_at_one_instant_are_handled_within_a_minute_and_none_early()
    {
        const int Count = 10_000;
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        var due = (await nodes.Database.Clock.ReadAsync(Token)).AddDays(1);
        await Nodes.EachAsync(Count, 256, i => nodes.StartInstanceAsync(i, $"m{i:D5}", Scenarios.WaitUntil, Token, due), Token);
        var finished = new ConcurrentDictionary<string, int>();
        foreach (var node in nodes.All)
            node.Runtime.Changed += row => finished.AddOrUpdate(row.Id, 1, (_, n) => n + 1);
        await nodes.Database.Clock.AdvanceAsync(due - await nodes.Database.Clock.ReadAsync(Token) - TimeSpan.FromSeconds(3), Token);

        // Clock and rows are read by one statement, so this is the database's own word on who was early.
        var businessNow = kind == DatabaseKind.Postgres ? "database_now()" : "cast((julianday('now') - 2440587.5) * 86400000000 as integer)";
        var sql = $"select {businessNow} + (select number from setting where name = 'business_offset'), (select count(*) from timer where claimed_by is null)";
        var dueMicros = Instants.ToMicros(due);
        var (samples, early) = (0, 0L);
        await using var connection = await Place.ConnectAsync(nodes.Database.Options);
        while (true)
        {
            var row = (await connection.QueryAsync(sql))[0];
            if (Convert.ToInt64(row[0], null) >= dueMicros)
                break;
            early = Math.Max(early, Count - Convert.ToInt64(row[1], null));
            samples++;
        }

        var began = TimeProvider.System.GetTimestamp();
        var left = await nodes.UntilNoneAsync("select count(*) from timer", Limit, Token);
        var took = TimeProvider.System.GetElapsedTime(began);

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}, {nodes.All.Count} node(s): {Count} timers due at one instant, all handled {took.TotalSeconds:F1} s after it; 0 early in {samples} looks");
        Assert.Equal((0, 0), (left, early));
        Assert.True(samples > 10, "The time before the instant was not watched.");
        Assert.Equal(Count, finished.Count);
        Assert.All(finished.Values, n => Assert.Equal(1, n));
        Assert.Equal(Count, await nodes.Database.ScalarAsync("select count(*) from instance where status = 1"));
    }

    private static async Task StartAsync(EngineNode node, string id, DateTimeOffset until) =>
        Assert.IsType<Engine.Runtime.Delivery.Applied>(await node.Runtime.StartAsync(
            new Engine.Runtime.StartRequest { InstanceId = id, DefinitionId = Scenarios.WaitUntil, Input = new Dictionary<string, System.Text.Json.Nodes.JsonNode?> { ["until"] = until.ToString("O") } },
            Token));
}

[Collection(OneAtATime.Name)]
public sealed class SqliteTimerTests() : TimerTests(DatabaseKind.Sqlite);

[Collection(OneAtATime.Name)]
public sealed class PostgresTimerTests() : TimerTests(DatabaseKind.Postgres);
