using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Performs effects.
/// </summary>
/// <remarks>
/// What can go wrong: the host dies between sending and noting that it sent, or sleeps past its lease and sends what another
/// host already sent. The rules: an effect is claimed under a lease with a token; the attempt is recorded, with that token,
/// before any socket is opened (of a notice together with the claim, mostly by the commit that asks for it, of an irreversible act
/// after the claim), so a claim without an attempt is safe to repeat and an attempt without an answer is known to be ambiguous; every effect has a key that is the same in every try, and receivers that honour it make a repeat harmless; where
/// they do not, a notice is sent again and an irreversible act becomes "unknown" and goes to a person. What an activity waits for
/// is settled in the transaction of the burst it resumes.
/// </remarks>
public sealed class OutboxLoop(
    WorkflowRuntime runtime,
    IOutboxStore outbox,
    OutboxDoor door,
    ICommitter committer,
    EngineClock clock,
    Wakeups wakeups,
    IOptions<EngineOptions> options,
    ILogger<OutboxLoop> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private readonly EngineOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, Task> _inFlight = new();
    private readonly SemaphoreSlim _places = new(options.Value.EffectConcurrency);
    private CancellationToken _stopping;

    /// <summary>Claims as many effects as there are free places and begins them; a slow receiver keeps its places, not the loop.</summary>
    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var free = door.Free;
        if (free == 0)
            return 0;
        // Counted from before the claim, so that our idea of the lease ends before the database's.
        var asked = TimeProvider.System.GetTimestamp();
        var claims = await outbox.ClaimAsync(clock.SqlNow, _options.NodeId, _options.EffectLease, free, beginNotices: true, cancellationToken);
        if (claims.Count == 0)
            return 0;
        await FaultPoint.Pass(FaultPoint.EffectClaimed);

        var (doubtful, safe) = Part(claims);
        foreach (var claim in doubtful)
            await EndGuardedAsync(claim, new EffectOutcome.Ambiguous("上次执行的应答丢失，此操作不能自动重发 (the answer to the last attempt was lost; this act is not repeated by the machine)"));

        if (safe.Count == 0)
            return claims.Count;
        // Not cut off by a stop: an attempt recorded and not made would be a question for a person.
        var held = await outbox.BeginAttemptsAsync([.. safe.Where(c => !c.HasBegun)], CancellationToken.None);
        await FaultPoint.Pass(FaultPoint.EffectAttemptRecorded);
        foreach (var claim in safe.Where(c => c.HasBegun || held.Contains(c.Effect.Key)))
            Begin(claim, asked, cancellationToken);
        return claims.Count;
    }

    /// <summary>Takes, from now on, what commits of this node begin.</summary>
    public void Open(CancellationToken stopping)
    {
        _stopping = stopping;
        door.Open((begun, asked) => _ = TakeAsync(begun, asked));
    }

    protected override void OnStart(CancellationToken stoppingToken) => Open(stoppingToken);

    /// <summary>Takes nothing new, and gives what is under way the host's time to stop: an act outside that goes unrecorded is a question for a person.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        door.Close();
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_inFlight.Values).WaitAsync(cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Rounds until nothing is due and nothing is in flight; for tests and for a quiet shutdown.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await RunOnceAsync(cancellationToken) > 0 || !_inFlight.IsEmpty)
            await Task.WhenAll(_inFlight.Values);
    }

    protected override async Task WaitAsync(int handled, CancellationToken cancellationToken)
    {
        if (door.Free == 0 && !_inFlight.IsEmpty)
        {
            await Task.WhenAny(_inFlight.Values).WaitAsync(cancellationToken);
            return;
        }

        if (handled > 0)
            return;
        await DueWait.UntilDueAsync(() => outbox.UntilNextAsync(clock.SqlNow, cancellationToken), wakeups.Effects, _options.PollInterval, cancellationToken);
    }

    /// <summary>Delay before try <paramref name="attempt"/> + 1: doubling, bounded, spread by the key so that a crowd does not come back at once.</summary>
    public static TimeSpan BackOff(string key, int attempt)
    {
        var spread = 0.8 + (0.4 * (uint)string.GetHashCode(key, StringComparison.Ordinal) / uint.MaxValue);
        var wait = FirstRetry * Math.Pow(2, Math.Min(attempt - 1, 12)) * spread;
        return wait < LongestRetry ? wait : LongestRetry;
    }

    private (List<ClaimedEffect> Doubtful, List<ClaimedEffect> Safe) Part(IReadOnlyList<ClaimedEffect> claims)
    {
        var (doubtful, safe) = (new List<ClaimedEffect>(), new List<ClaimedEffect>());
        foreach (var claim in claims)
        {
            (!claim.AnswerLost || IsRepeatable(claim.Effect) ? safe : doubtful).Add(claim);
        }

        return (doubtful, safe);
    }

    private async Task TakeAsync(IReadOnlyList<ClaimedEffect> begun, long asked)
    {
        try
        {
            await FaultPoint.Pass(FaultPoint.EffectAttemptRecorded);
            foreach (var claim in begun)
                Begin(claim, asked, _stopping);
        }
        // Only a test throws here: they are left to their lease.
        catch (Exception error)
        {
            Log.EffectFailed(logger, begun[0].Effect.Key, error);
        }
    }

    private void Begin(ClaimedEffect claim, long asked, CancellationToken stopping)
    {
        door.Enter();
        var performance = PerformAsync(claim, asked, stopping);
        _inFlight[claim.Effect.Key] = performance;
        _ = performance.ContinueWith(_ => _inFlight.TryRemove(KeyValuePair.Create(claim.Effect.Key, performance)), TaskScheduler.Default);
    }

    /// <summary>Performs the effect when it has a place, and gives the place up before the end is written down.</summary>
    private async Task<EffectOutcome?> InPlaceAsync(ClaimedEffect claim, long asked, CancellationToken stopping)
    {
        try
        {
            await _places.WaitAsync(IsRepeatable(claim.Effect) ? stopping : CancellationToken.None);
            try
            {
                // An attempt must be over before its lease is, or another host would begin the same effect beside it. A host that was
                // paused until now leaves it alone: the attempt is on record, and whoever claims it next knows that its answer is missing.
                var left = (_options.EffectLease * 0.8) - TimeProvider.System.GetElapsedTime(asked);
                return left <= TimeSpan.Zero ? null : await AttemptAsync(claim, left, stopping);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            door.Leave();
        }
    }

    private async Task PerformAsync(ClaimedEffect claim, long asked, CancellationToken stopping)
    {
        try
        {
            // The caller hands over and goes on; what a channel does before it first waits is not the caller's.
            await Task.Yield();
            if (await InPlaceAsync(claim, asked, stopping) is not { } outcome)
                return;
            await FaultPoint.Pass(FaultPoint.EffectPerformed);
            await EndAsync(claim, outcome);
            await FaultPoint.Pass(FaultPoint.EffectSettled);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        // One effect's trouble must not hold up the others; its lease runs out and it is offered again, its attempt on record.
        catch (Exception error)
        {
            Log.EffectFailed(logger, claim.Effect.Key, error);
        }
    }

    private async Task<EffectOutcome> AttemptAsync(ClaimedEffect claim, TimeSpan left, CancellationToken stopping)
    {
        var effect = claim.Effect;
        if (door.ChannelOf(effect.Kind) is not { } channel)
        {
            Log.NoChannel(logger, effect.Kind, effect.Key);
            return new EffectOutcome.Transient($"没有处理 {effect.Kind} 的通道 (no channel takes this kind)");
        }

        // A host that stops cuts off what can be repeated; what cannot may end, within the host's time to stop.
        using var limit = new CancellationTokenSource(left, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, IsRepeatable(effect) ? stopping : CancellationToken.None);
        var isUndo = (effect.Payload as JsonObject)?.ContainsKey("undo") == true;
        try
        {
            if (isUndo)
                await FaultPoint.Pass(FaultPoint.UndoBefore);
            // Waiting apart from the call, because a channel may fail to heed its token.
            var outcome = await channel.PerformAsync(effect, claim.Attempts + 1, either.Token).WaitAsync(either.Token);
            if (isUndo)
                await FaultPoint.Pass(FaultPoint.UndoAfter);
            return outcome;
        }
        // The boundary to the outside world: an exception says nothing about whether the receiver acted.
        catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            return new EffectOutcome.Ambiguous(error.Message);
        }
    }

    /// <summary>True when a second send does no harm worth a person's time: the receiver honours the key, or it is only a notice.</summary>
    private bool IsRepeatable(Effect effect) => effect.Class == EffectClass.Notice || door.ChannelOf(effect.Kind)?.IsKeyed(effect.Kind) == true;

    private async Task EndGuardedAsync(ClaimedEffect claim, EffectOutcome outcome)
    {
        try
        {
            await EndAsync(claim, outcome);
        }
        // As above: those claimed with it must not wait for it.
        catch (Exception error)
        {
            Log.EffectFailed(logger, claim.Effect.Key, error);
        }
    }

    /// <summary>Records the end. Nothing cancels it: once an act has happened, what it came to must be written down.</summary>
    private async Task EndAsync(ClaimedEffect claim, EffectOutcome outcome)
    {
        var effect = claim.Effect;
        var attempts = claim.Attempts + 1;
        var mayRepeat = outcome is EffectOutcome.Transient
            || (outcome is EffectOutcome.Ambiguous && IsRepeatable(effect));
        var error = outcome switch
        {
            EffectOutcome.Transient transient => transient.Error,
            EffectOutcome.Ambiguous ambiguous => ambiguous.Error,
            EffectOutcome.Refused refused => refused.Error,
            _ => null,
        };
        if (mayRepeat && attempts < effect.MaxAttempts)
        {
            var delay = (outcome as EffectOutcome.Transient)?.RetryAfter ?? BackOff(effect.Key, attempts);
            await outbox.RescheduleAsync(claim, clock.SqlNow, delay, error!, claim.AnswerLost || outcome is EffectOutcome.Ambiguous, CancellationToken.None);
            return;
        }

        // Given up at a door that was closed, after a try whose answer was lost: it may have been done, and nobody may take it for not done.
        if (outcome is EffectOutcome.Transient closed && claim.AnswerLost && effect.Class == EffectClass.Irreversible)
            outcome = new EffectOutcome.Ambiguous(closed.Error);
        if (error is not null)
            Log.EffectGivenUp(logger, effect.Key, effect.Kind, attempts, error);
        if (effect.BookmarkId is not null
            && await runtime.DeliverAsync(effect.InstanceId, new Stimulus.EffectDone(effect.Key, effect.BookmarkId, outcome), null, CancellationToken.None) is Delivery.Applied)
            return;

        var state = outcome switch
        {
            EffectOutcome.Done => EffectState.Done,
            EffectOutcome.Ambiguous when effect.Class == EffectClass.Irreversible => EffectState.Unknown,
            _ => EffectState.Failed,
        };
        await committer.EndAsync(new EffectEnd(claim, state, error));
    }
}
