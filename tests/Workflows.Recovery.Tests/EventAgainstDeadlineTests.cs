using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Runtime;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>An event and the deadline of the same wait come at the same moment, each to another node.</summary>
public abstract class EventAgainstDeadlineTests(DatabaseKind kind)
{
    /// <summary>The deadlines of the race whose event is being published here.</summary>
    private static readonly AsyncLocal<SemaphoreSlim?> AtStored = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exactly_one_of_event_and_deadline_decides()
    {
        var count = LongTests.Count(1000, 10_000);
        var clock = new ManualClock();
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token, clock, runLoops: false);
        var ids = Enumerable.Range(0, count).Select(i => $"r{i:D5}").ToList();
        await Nodes.EachAsync(count, 64, i => nodes.StartInstanceAsync(i, ids[i], Scenarios.EventOrDeadline, Token, clock.GetUtcNow().AddHours(1)), Token);
        clock.Advance(TimeSpan.FromHours(2));

        var (events, deadlines, losers) = (0, 0, 0);
        FaultPoint.Hook = point =>
        {
            if (point == FaultPoint.EventStored)
                AtStored.Value?.Release(2);
            return Task.CompletedTask;
        };
        using var unhook = new Unhook();
        await Nodes.EachAsync(count, 16, async i =>
        {
            var id = ids[i];
            var timer = Assert.Single(Engine.Instances.InstanceCodec.Read((await nodes.Database.Instances.LoadAsync(id, Token))!.State.Span).Timers).Id;
            // Each node holds a copy of its own, so those who lose find out by revision.
            foreach (var node in nodes.All)
                Assert.IsType<Delivery.Ignored>(await node.Runtime.DeliverAsync(id, new Stimulus.TimerDue("none"), null, Token));

            using var publish = new SemaphoreSlim(0);
            using var fire = new SemaphoreSlim(0);
            // An event is stored before it is delivered: every other time the deadlines start when it is, and then spread a little, so that either side can win.
            var published = Task.Run(async () =>
            {
                await publish.WaitAsync(Token);
                AtStored.Value = i % 2 == 0 ? null : fire;
                return await nodes[i].Events.PublishAsync(new PublishedEvent("e-" + id, EventOrDeadline.EventOf(id), null), Token);
            }, Token);
            var head = TimeSpan.FromMilliseconds(i / 2 % 4);
            var first = AfterAsync(fire, head, () => nodes[i + 1].Runtime.DeliverAsync(id, new Stimulus.TimerDue(timer), null, Token));
            var second = AfterAsync(fire, head, () => nodes[i + 2].Runtime.DeliverAsync(id, new Stimulus.TimerDue(timer), null, Token));
            publish.Release();
            if (i % 2 == 0)
                fire.Release(2);

            var reached = await published;
            var fired = (await Task.WhenAll(first, second)).ToList();
            Assert.All(fired, f => Assert.True(f is Delivery.Applied or Delivery.Ignored));
            var applied = fired.Count(f => f is Delivery.Applied);
            Assert.Equal(1, reached + applied);
            Interlocked.Add(ref events, reached);
            Interlocked.Add(ref deadlines, applied);
            Interlocked.Add(ref losers, fired.Count - applied);
        }, Token);

        var outcomes = await nodes.JournalAsync(ids, EventOrDeadline.Outcome, Token);
        Assert.Equal(ids, outcomes.Select(o => o.Instance).Order(StringComparer.Ordinal));
        Assert.Equal((events, deadlines), (outcomes.Count(o => o.Entry.Message == "event"), outcomes.Count(o => o.Entry.Message == "deadline")));
        Assert.Empty(await nodes.FindDivergencesAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}, {nodes.All.Count} node(s): {count} races, {events} won by the event, {deadlines} by the deadline, {losers} losing deadlines told so");
        // A race that always ends the same way was none.
        Assert.True(events > 0 && deadlines > 0, "One side won every race.");
    }

    [Fact]
    public async Task Of_two_decisions_at_once_one_counts_and_the_other_is_told()
    {
        const int Count = 200;
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token, new ManualClock(), runLoops: false);
        var ids = Enumerable.Range(0, Count).Select(i => $"d{i:D5}").ToList();
        await Nodes.EachAsync(Count, 16, async i =>
        {
            await nodes.StartInstanceAsync(i, ids[i], Scenarios.Approval, Token);
            var task = Assert.Single(Engine.Instances.InstanceCodec.Read((await nodes.Database.Instances.LoadAsync(ids[i], Token))!.State.Span).Tasks).Id;
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => nodes[i + n].Runtime.DeliverAsync(
                ids[i],
                new Stimulus.ActOnTask(new Engine.UserTasks.TaskCommand(task, n == 0 ? "reject" : "approve", "alice", EngineNode.Alice, "意见")),
                new IdempotencyKey($"{task}:{n}", ""),
                Token)));
            Assert.Single(answers, a => a is Delivery.Applied);
            Assert.Equal(2, answers.Count(a => a is Delivery.Refused or Delivery.Ignored));
        }, Token);

        // The losers are told who decided, so there is something left to send.
        foreach (var node in nodes.All)
            await node.Outbox.DrainAsync(Token);
        Assert.Equal(Count, (await nodes.JournalAsync(ids, "Decided", Token)).Count);
        Assert.Empty(await nodes.FindDivergencesAsync());
    }

    private sealed class Unhook : IDisposable
    {
        public void Dispose() => FaultPoint.Hook = null;
    }

    private static async Task<T> AfterAsync<T>(SemaphoreSlim barrier, TimeSpan wait, Func<Task<T>> act)
    {
        await barrier.WaitAsync(Token);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, TimeProvider.System, Token);
        return await act();
    }
}

[Collection(OneAtATime.Name)]
public sealed class SqliteEventAgainstDeadlineTests() : EventAgainstDeadlineTests(DatabaseKind.Sqlite);

[Collection(OneAtATime.Name)]
public sealed class PostgresEventAgainstDeadlineTests() : EventAgainstDeadlineTests(DatabaseKind.Postgres);
