using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>
/// A branch is cancelled while its act is on the way, and compensation begins. However far the act has come, it is over
/// before its undo starts.
/// </summary>
public abstract class ActBeforeUndoTests(DatabaseKind kind) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string InReceiver = "in the receiver";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where the act "b" is held up while its branch is cancelled.</summary>
    public static TheoryData<string> Places { get; } = [FaultPoint.EffectClaimed, FaultPoint.EffectAttemptRecorded, InReceiver, FaultPoint.EffectPerformed];

    public void Dispose()
    {
        FaultPoint.Hook = null;
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_act_never_arrives_after_its_undo(string heldAt)
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var receiver = new OrderedReceiver(heldAt == InReceiver ? HoldAsync : () => Task.CompletedTask);
        await using var nodes = await Nodes.StartAsync(kind, receiver, Token, runLoops: false);
        await nodes.StartInstanceAsync(0, "i", Scenarios.CancelledAct, Token);
        // The first passage is that of the act "a".
        var passages = 0;
        FaultPoint.Hook = point => point == heldAt && Interlocked.Increment(ref passages) == 2 ? HoldAsync() : Task.CompletedTask;

        // One host is at the act; on PostgreSQL another one cancels and compensates.
        var acting = Task.Run(() => nodes[0].Outbox.DrainAsync(Token), Token);
        await held.Task.WaitAsync(Patience, TimeProvider.System, Token);
        FaultPoint.Hook = null;
        await nodes[1].Events.PublishAsync(new PublishedEvent("stop", "stop", null), Token);
        await nodes[1].Outbox.RunOnceAsync(Token);
        Assert.Equal(0, await nodes.UntilNoneAsync($"select 1 - count(*) from effect where kind = 'engine.await-effects' and (last_error is not null or state = {(int)EffectState.Done})", Patience, Token));
        Assert.DoesNotContain("undo b", receiver.Log);
        release.SetResult();
        await acting;
        await Condition.FoundAsync(
            async () =>
            {
                await nodes[1].Outbox.DrainAsync(Token);
                return await nodes.Database.ScalarAsync("select count(*) from instance where status = 0") == 0 ? nodes : null;
            },
            "The instance did not end.",
            Token);

        // Held before its attempt was recorded it was withdrawn in time.
        string[] expected = heldAt == FaultPoint.EffectClaimed ? ["a", "undo b", "undo a"] : ["a", "b", "undo b", "undo a"];
        Assert.Equal(expected, receiver.Log);
        Assert.Empty(await nodes.FindDivergencesAsync());

        async Task HoldAsync()
        {
            held.TrySetResult();
            await release.Task.WaitAsync(Patience, TimeProvider.System);
        }
    }

    /// <summary>Writes down what has arrived, in order; "b" is held up inside when asked.</summary>
    private sealed class OrderedReceiver(Func<Task> holdB) : IEffectChannel
    {
        private readonly ConcurrentQueue<string> _log = new();

        public IReadOnlyCollection<string> Log => _log;

        public bool Accepts(string kind) => kind is Receiver.Keyed or Receiver.Unkeyed;

        public bool IsKeyed(string kind) => kind == Receiver.Keyed;

        public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
        {
            var label = (string)((JsonObject)effect.Payload!)["label"]!;
            if (label == "b")
                await holdB();
            _log.Enqueue(label);
            return new EffectOutcome.Done(null);
        }
    }
}

[Collection(OneAtATime.Name)]
public sealed class SqliteActBeforeUndoTests() : ActBeforeUndoTests(DatabaseKind.Sqlite);

[Collection(OneAtATime.Name)]
public sealed class PostgresActBeforeUndoTests() : ActBeforeUndoTests(DatabaseKind.Postgres);
