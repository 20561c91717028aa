using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Instances;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>Clocks when hosts die and when a stop meets the due time: every warning and breach once, and nothing lost.</summary>
public abstract class ClockTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The first commit starts the clock, the second is the warning, the third the breach; on a slow machine one timer may bring both, so only its first claim is killed.</summary>
    public static TheoryData<string, int> Kills { get; } = new()
    {
        { FaultPoint.CommitBefore, 1 }, { FaultPoint.CommitBefore, 2 }, { FaultPoint.CommitBefore, 3 },
        { FaultPoint.CommitBeforeDatabaseCommit, 2 }, { FaultPoint.CommitBeforeDatabaseCommit, 3 },
        { FaultPoint.CommitAfter, 1 }, { FaultPoint.CommitAfter, 2 }, { FaultPoint.CommitAfter, 3 },
        { FaultPoint.TimerClaimed, 1 },
        { FaultPoint.TimerFired, 1 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task A_clock_warns_and_breaches_once_whenever_its_host_dies(string point, int occurrence)
    {
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, $"{point}:{occurrence}:kill");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);

        await play.AskAsync($"start {Play.Id} {Scenarios.Clock}", limit.Token);
        await play.UntilAsync(status => status.StartsWith("Finished", StringComparison.Ordinal), limit.Token);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        await using var connection = await place.ConnectAsync();
        var entries = (await connection.QueryAsync("select entries from journal order by first_sequence")).SelectMany(r => JsonNode.Parse((string)r[0]!)!.AsArray()).ToList();
        Assert.Equal(["ClockStarted", "ClockWarned", "ClockBreached", "ClockStopped"], entries.Select(e => (string)e!["event"]!).Where(e => e.StartsWith("Clock", StringComparison.Ordinal)));
        Assert.All(entries.Where(e => e!["payload"]?["plannedAt"] is not null), e => Assert.True(DateTimeOffset.Parse((string)e!["payload"]!["actualAt"]!, null) >= DateTimeOffset.Parse((string)e["payload"]!["plannedAt"]!, null), "early"));
        Assert.Single(place.Receipts, r => r.Accepted && r.Label == "told");
        Assert.Equal(1, await connection.CountAsync("select count(*) from clock where state = 2 and stopped_at is not null"));
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    [Fact]
    public async Task A_stop_and_the_due_time_at_once_leave_one_breach_and_one_end()
    {
        const int Count = 100;
        var clock = new ManualClock();
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token, clock, runLoops: false);
        var ids = Enumerable.Range(0, Count).Select(i => $"c{i:D5}").ToList();
        await Nodes.EachAsync(Count, 32, i => nodes.StartInstanceAsync(i, ids[i], Scenarios.ClockOrEvent, Token), Token);
        clock.Advance(TimeSpan.FromMinutes(61));

        await Nodes.EachAsync(Count, 8, async i =>
        {
            var state = InstanceCodec.Read((await nodes.Database.Instances.LoadAsync(ids[i], Token))!.State.Span);
            var timer = Assert.Single(state.Timers).Id;
            var bookmark = Assert.Single(state.Bookmarks).Id;
            await Task.WhenAll(
                nodes[i].Runtime.DeliverAsync(ids[i], new Stimulus.Resume(bookmark, null), null, Token),
                nodes[i + 1].Runtime.DeliverAsync(ids[i], new Stimulus.TimerDue(timer), null, Token),
                nodes[i + 2].Runtime.DeliverAsync(ids[i], new Stimulus.TimerDue(timer), null, Token));
        }, Token);

        foreach (var id in ids)
        {
            var journal = await nodes.Database.Instances.ReadJournalAsync(id, 0, 1_000, Token);
            Assert.Equal(["ClockStarted", "ClockBreached", "ClockStopped"], journal.Select(e => e.Event).Where(e => e is "ClockStarted" or "ClockBreached" or "ClockStopped"));
        }

        Assert.Empty(await nodes.FindDivergencesAsync());
    }
}

public sealed class SqliteClockTests() : ClockTests(DatabaseKind.Sqlite);

public sealed class PostgresClockTests() : ClockTests(DatabaseKind.Postgres);
