using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>
/// The Nth database command fails, for N = 1, 2, ... until a scenario ends untouched; a commit's lost answer counts as a
/// command. Whoever got no answer asks again with the same key, as a caller would.
/// </summary>
public abstract class CommandFailureTests(DatabaseKind kind)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    // So many commands fail in a row that the committer's own tries run out.
    private const int Outage = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("start", 1)]
    [InlineData("decision", 1)]
    [InlineData("event", 1)]
    [InlineData("timer", 1)]
    [InlineData("effect", 1)]
    [InlineData("begun", 1)]
    [InlineData("child", 1)]
    [InlineData("cancel", 1)]
    [InlineData("compensation", 1)]
    [InlineData("start", Outage)]
    [InlineData("decision", Outage)]
    [InlineData("event", Outage)]
    [InlineData("timer", Outage)]
    [InlineData("effect", Outage)]
    [InlineData("begun", Outage)]
    [InlineData("child", Outage)]
    [InlineData("cancel", Outage)]
    [InlineData("compensation", Outage)]
    public async Task A_failing_command_loses_nothing_and_doubles_nothing(string scenario, int inARow)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var connection = await Place.ConnectAsync(database.Options);
        var step = LongTests.Wanted || inARow == 1 ? 1 : 3;
        var n = 1;
        for (var touched = true; touched; n += step)
        {
            var clock = new ManualClock();
            var receiver = new MemoryReceiver();
            var settings = new NodeSettings(database.Options, receiver) { Opened = database.Database, Clock = clock, RunLoops = false, Lease = Lease };
            await using var node = await EngineNode.StartAsync(settings, Token);
            var run = new Run(node, clock, $"{scenario}{n:D4}x");
            var finish = await PrepareAsync(scenario, run);

            var faults = new Faults(n, inARow);
            database.Database.BeforeCommand = faults.PassAsync;
            FaultPoint.Hook = point => point == FaultPoint.CommitAfter ? faults.PassAsync(point) : Task.CompletedTask;
            try
            {
                await finish();
                await run.SettleAsync();
            }
            finally
            {
                database.Database.BeforeCommand = null;
                FaultPoint.Hook = null;
            }

            touched = faults.WereMet;
            Assert.Empty(await Checker.FindDivergencesAsync(connection, run.Id));
            await AssertEndAsync(scenario, run, receiver);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind} {scenario}: {n - step} commands, {(inARow == 1 ? "one" : $"{inARow} in a row")} failed from each on");
        Assert.True(n > 2, "No command was met.");
    }

    /// <summary>What happens before commands fail; answers what happens then.</summary>
    private static async Task<Func<Task>> PrepareAsync(string scenario, Run run)
    {
        switch (scenario)
        {
            case "start":
                return () => run.StartAsync(Scenarios.Approval);
            case "decision":
                await run.StartAsync(Scenarios.Approval);
                return () => run.DecideAsync(run.Id);
            case "event":
                await run.StartAsync(Scenarios.EventLoop);
                return async () =>
                {
                    // One is delivered, one comes when its turn has not come yet, one is repeated: each is received once.
                    await run.PublishAsync("1");
                    await run.PublishAsync("2");
                    await run.PublishAsync("2");
                    await run.PublishAsync("3");
                };
            case "timer":
                await run.StartAsync(Scenarios.WaitUntil);
                run.Clock.Advance(TimeSpan.FromDays(2));
                return () => Task.CompletedTask;
            case "effect":
                return () => run.StartAsync(Scenarios.Effect);
            case "begun":
                // The commit that asks for the notice also begins it, as on a node whose loops run.
                run.Node.Outbox.Open(Token);
                return () => run.StartAsync(Scenarios.Effect);
            case "child":
                return () => run.StartAsync(Scenarios.Parent);
            case "compensation":
                return () => run.StartAsync(Scenarios.Compensation);
            default:
                await run.StartAsync(Scenarios.PatientParent);
                await run.SettleAsync();
                return () => run.CancelAsync();
        }
    }

    private static async Task AssertEndAsync(string scenario, Run run, MemoryReceiver receiver)
    {
        var instance = await run.LoadAsync(run.Id);
        var journal = (await run.Node.Instances.ReadJournalAsync(run.Id, 0, 1000, Token)).ToList();
        Assert.Equal(scenario switch { "start" => WorkflowSubStatus.Suspended, "cancel" => WorkflowSubStatus.Cancelled, _ => WorkflowSubStatus.Finished }, instance.SubStatus);
        Assert.Empty(instance.Incidents);
        Assert.Single(journal, e => e is { Event: "Started", Execution: null });
        switch (scenario)
        {
            case "start":
                Assert.Single(instance.Tasks);
                break;
            case "decision":
                Assert.Single(journal, e => e.Event == "Decided");
                break;
            case "event":
                Assert.Equal(["1", "2", "3"], journal.Where(e => e.Event == "Received").Select(e => e.Message).Order());
                break;
            case "timer":
                Assert.Single(journal, e => e.Event == "Resumed");
                break;
            case "effect" or "begun":
                Assert.Equal(2, receiver.Asked.Count);
                break;
            case "child":
                Assert.Single(receiver.Asked);
                Assert.Single(journal, e => e.Event == "Resumed");
                break;
            case "compensation":
                Assert.Equal(4, receiver.Asked.Count);
                Assert.All(instance.Undos, u => Assert.Equal(UndoState.Done, u.State));
                break;
            default:
                var child = Assert.Single(await run.Node.Instances.ListAsync(new Engine.Storage.InstanceFilter(ParentInstanceId: run.Id), Token));
                Assert.Equal(WorkflowSubStatus.Cancelled, child.SubStatus);
                break;
        }
    }

    /// <summary>Fails commands number <paramref name="from"/> and as many after it as asked for.</summary>
    private sealed class Faults(int from, int inARow)
    {
        private int _passed;

        public bool WereMet => Volatile.Read(ref _passed) >= from;

        public Task PassAsync(string command)
        {
            var number = Interlocked.Increment(ref _passed);
            return number >= from && number < from + inARow ? throw new IOException($"Command {number} ({command}) failed.") : Task.CompletedTask;
        }
    }

    /// <summary>One run of a scenario, by a caller who asks until answered.</summary>
    private sealed class Run(EngineNode node, ManualClock clock, string id)
    {
        public EngineNode Node => node;

        public ManualClock Clock => clock;

        public string Id => id;

        public async Task<WorkflowInstance> LoadAsync(string instanceId) =>
            InstanceCodec.Read((await node.Instances.LoadAsync(instanceId, Token))!.State.Span);

        public Task StartAsync(string definition) => AskAsync<Delivery.Applied>(() => node.Runtime.StartAsync(
            new StartRequest { InstanceId = id, DefinitionId = definition, InitiatedBy = "bob", Input = Input, Key = new IdempotencyKey("start:" + id, "") }, Token));

        public async Task DecideAsync(string instanceId)
        {
            var task = $"{instanceId}-";
            await AskUntilAsync(async () => task = (await LoadAsync(instanceId)).Tasks is [var open, ..] ? open.Id : task);
            await AskAsync<Delivery.Applied>(() => node.Runtime.DeliverAsync(
                instanceId, new Stimulus.ActOnTask(new TaskCommand(task, "approve", "alice", EngineNode.Alice)), new IdempotencyKey("decide:" + task, ""), Token));
        }

        public Task PublishAsync(string eventId) =>
            AskUntilAsync(() => node.Events.PublishAsync(new PublishedEvent($"{id}-{eventId}", EventOrDeadline.EventOf(id), System.Text.Json.Nodes.JsonValue.Create(eventId)), Token));

        // A cancel has no key: asked again, it finds the instance cancelled.
        public Task CancelAsync() => AskUntilAsync(() => node.Runtime.DeliverAsync(id, new Stimulus.Cancel("test", "bob"), null, Token));

        /// <summary>Runs the loops by hand until nothing is left to do, moving business time on past leases and back-offs.</summary>
        public async Task SettleAsync()
        {
            var quiet = 0;
            for (var round = 0; quiet < 2; round++)
            {
                Assert.True(round < 200, "It never came to rest.");
                try
                {
                    var done = 0;
                    foreach (var cut in await node.Instances.FindInterruptedAsync(TimeSpan.Zero, 100, Token))
                        done += await node.Runtime.DeliverAsync(cut, new Stimulus.Continue(), null, Token) is Delivery.Applied ? 1 : 0;
                    done += await node.Events.SweepAsync(TimeSpan.Zero, Token);
                    await node.Events.DrainLateWaitersAsync(Token);
                    done += await node.Timers.RunOnceAsync(Token);
                    var effects = await node.Outbox.RunOnceAsync(Token);
                    await node.Outbox.DrainAsync(Token);
                    quiet = done + effects == 0 ? quiet + 1 : 0;
                }
                catch (IOException)
                {
                    quiet = 0;
                }

                clock.Advance(quiet == 0 ? Lease * 2 : TimeSpan.FromMinutes(11));
            }
        }

        private static Dictionary<string, System.Text.Json.Nodes.JsonNode?> Input => new() { ["until"] = A.Now.AddDays(1).ToString("O") };

        private static Task AskAsync<T>(Func<Task<Delivery>> ask)
            where T : Delivery => AskUntilAsync(async () => Assert.True(await ask() is T or Delivery.Repeated));

        private static Task AskUntilAsync(Func<Task<int>> ask) => AskUntilAsync((Func<Task>)ask);

        private static async Task AskUntilAsync(Func<Task> ask)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await ask();
                    return;
                }
                catch (IOException) when (attempt < 50)
                {
                    // No answer; the next ask tells.
                }
            }
        }
    }
}

[Collection(OneAtATime.Name)]
public sealed class SqliteCommandFailureTests() : CommandFailureTests(DatabaseKind.Sqlite);

[Collection(OneAtATime.Name)]
public sealed class PostgresCommandFailureTests() : CommandFailureTests(DatabaseKind.Postgres);
