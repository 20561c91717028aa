using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Runtime;

/// <summary>An event as it is published.</summary>
/// <param name="Id">Makes a repeat harmless; the caller's key, or the effect's.</param>
/// <param name="CorrelationId">Only waiters with this correlation id; null reaches all.</param>
/// <param name="InstanceId">Only this instance (a local event).</param>
public sealed record PublishedEvent(string Id, string Name, JsonNode? Payload, string? CorrelationId = null, string? InstanceId = null)
{
    /// <summary>Who raises it: a user name, or "program:..." when no person does. What it starts is initiated by them.</summary>
    public string? By { get; init; }
}

/// <summary>
/// Brings events to those who wait for them.
/// </summary>
/// <remarks>
/// What can go wrong: an event arrives just before its waiter is stored, or the host dies between acknowledging the event
/// and delivering it, or delivers it twice. The rules: the event is stored before anything else, so acknowledged means kept;
/// every delivery carries a key made of event and waiter, committed with the waiter's burst, so a repeat changes nothing; an
/// event that reached nobody is kept for the retention time, and a waiter that comes later takes it under one key per event, so
/// only the first does. A repeated first delivery passes over waiters younger than the event: they were not meant.
/// </remarks>
public sealed class EventHub
{
    public const string EventType = "Elsa.Event";
    private const int WaitersAtOnce = 32;

    private readonly WorkflowRuntime _runtime;
    private readonly IEventStore _events;
    private readonly IBookmarkStore _bookmarks;
    private readonly IDefinitionStore _definitions;
    private readonly IInstanceStore _instances;
    private readonly EngineClock _clock;
    private readonly ILogger<EventHub> _logger;
    private readonly TimeSpan _retention;
    private readonly Channel<IReadOnlyList<string>> _lateWaiters = Channel.CreateUnbounded<IReadOnlyList<string>>();

    public EventHub(
        WorkflowRuntime runtime,
        IEventStore events,
        IBookmarkStore bookmarks,
        IDefinitionStore definitions,
        IInstanceStore instances,
        EngineClock clock,
        IOptions<EngineOptions> options,
        ILogger<EventHub> logger)
    {
        (_runtime, _events, _bookmarks, _definitions, _instances, _clock, _logger) = (runtime, events, bookmarks, definitions, instances, clock, logger);
        _retention = options.Value.EventRetention;
        runtime.SharedBookmarksAdded += hashes => _lateWaiters.Writer.TryWrite(hashes);
    }

    /// <summary>Elsa's hash for an event of this name.</summary>
    public static string HashOf(string name) => StimulusHash.Compute(EventType, new JsonObject { ["EventName"] = name });

    /// <summary>An event as it is kept. A program without an engine stores it so, and the next sweep of any host delivers it.</summary>
    public static StoredEvent ToStore(PublishedEvent published, DateTimeOffset now, TimeSpan retention) =>
        new(published.Id, published.Name, HashOf(published.Name), published.CorrelationId, published.InstanceId, published.Payload, now, now + retention, null) { By = published.By };

    /// <summary>Stores an event and delivers it; returns how many it reached (0 for one known before, or one nobody waits for yet).</summary>
    public async Task<int> PublishAsync(PublishedEvent published, CancellationToken cancellationToken)
    {
        var stored = ToStore(published, _clock.GetUtcNow(), _retention);
        if (!await _events.AddAsync(stored, cancellationToken))
            return 0;
        await FaultPoint.Pass(FaultPoint.EventStored);
        // Acknowledged by its storage: from here on the caller's impatience must not cut the delivery short.
        return await DispatchAsync(stored, repeated: false, CancellationToken.None);
    }

    /// <summary>Delivers events whose first delivery a crash cut off, and offers unreached ones to late waiters. Returns how many it handled.</summary>
    public async Task<int> SweepAsync(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var handled = 0;
        foreach (var cut in await _events.FindUndispatchedAsync(_clock.SqlNow, olderThan, 100, cancellationToken))
        {
            await FaultPoint.Pass(FaultPoint.RecoveryFound);
            try
            {
                await DispatchAsync(cut, repeated: true, cancellationToken);
                handled++;
            }
            // One event that cannot be delivered must not hold up those behind it.
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.EventFailed(_logger, cut.Id, "*", error);
            }
        }

        foreach (var unreached in await _events.ListUnreachedAsync(_clock.SqlNow, 500, cancellationToken))
        {
            try
            {
                handled += await OfferAsync(unreached, cancellationToken) ? 1 : 0;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.EventFailed(_logger, unreached.Id, "*", error);
            }
        }

        await _events.PurgeAsync(_clock.SqlNow, cancellationToken);
        return handled;
    }

    /// <summary>Waits for waiters that may have come after their event, and serves them. Runs until cancelled.</summary>
    public async Task ServeLateWaitersAsync(CancellationToken cancellationToken)
    {
        while (await _lateWaiters.Reader.WaitToReadAsync(cancellationToken))
            await DrainLateWaitersAsync(cancellationToken);
    }

    /// <summary>Serves the late waiters announced so far.</summary>
    public async Task DrainLateWaitersAsync(CancellationToken cancellationToken)
    {
        var hashes = new HashSet<string>();
        while (_lateWaiters.Reader.TryRead(out var some))
            hashes.UnionWith(some);
        if (hashes.Count == 0)
            return;
        foreach (var early in await _events.FindWaitingAsync([.. hashes], _clock.SqlNow, cancellationToken))
            await OfferAsync(early, cancellationToken);
    }

    private async Task<int> DispatchAsync(StoredEvent stored, bool repeated, CancellationToken cancellationToken)
    {
        var reached = 0;
        var failed = 0;
        if (stored.InstanceId is null)
        {
            foreach (var trigger in await _definitions.FindTriggersAsync(stored.Hash, cancellationToken))
                await CountAsync(trigger.DefinitionId, () => _runtime.StartAsync(new StartRequest
                {
                    DefinitionId = trigger.DefinitionId,
                    CorrelationId = stored.CorrelationId,
                    InitiatedBy = stored.By,
                    Input = InputOf(stored.Payload),
                    TriggerActivityId = trigger.ActivityId,
                    TriggerPayload = stored.Payload,
                    Key = KeyOf(stored, $"{trigger.DefinitionId}:{trigger.ActivityId}"),
                }, cancellationToken));
        }

        // Side by side, so that the waiters' commits can share transactions.
        var waiters = await _bookmarks.FindAsync(stored.Hash, stored.CorrelationId, stored.InstanceId, cancellationToken);
        await Parallel.ForEachAsync(
            waiters.Where(b => !repeated || b.CreatedAt <= stored.ReceivedAt),
            new ParallelOptions { MaxDegreeOfParallelism = WaitersAtOnce, CancellationToken = cancellationToken },
            async (bookmark, token) => await CountAsync(bookmark.InstanceId, () =>
                _runtime.DeliverAsync(bookmark.InstanceId, new Stimulus.Resume(bookmark.Id, stored.Payload), KeyOf(stored, bookmark.Id), token)));

        await FaultPoint.Pass(FaultPoint.EventDelivered);
        // Not ended: what failed is owed another try, and the stored event is what remembers it.
        if (failed > 0)
            return reached;
        // What an earlier, cut off delivery reached no longer waits, and still it was reached: nobody later may take the event again.
        var isTaken = reached > 0 || (repeated && await _instances.HasStimulusAsync(KeyOf(stored, "").Key, cancellationToken));
        await _events.MarkDispatchedAsync(stored.Id, isTaken, _clock.SqlNow, cancellationToken);
        // A waiter may have been stored between our look and the mark: it announced itself before the event counted as waiting.
        if (!isTaken)
            await OfferAsync(stored, cancellationToken);
        return reached;

        async Task CountAsync(string receiver, Func<Task<Delivery>> deliver)
        {
            try
            {
                if (await deliver() is Delivery.Applied or Delivery.Repeated)
                    Interlocked.Increment(ref reached);
            }
            // One receiver's trouble must not keep the event from the others.
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
                Log.EventFailed(_logger, stored.Id, receiver, error);
            }
        }
    }

    private async Task<bool> OfferAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        foreach (var bookmark in await _bookmarks.FindAsync(stored.Hash, stored.CorrelationId, stored.InstanceId, cancellationToken))
        {
            var delivered = await _runtime.DeliverAsync(bookmark.InstanceId, new Stimulus.Resume(bookmark.Id, stored.Payload), KeyOf(stored, "late"), cancellationToken);
            if (delivered is not (Delivery.Applied or Delivery.Repeated))
                continue;
            await _events.MarkDispatchedAsync(stored.Id, reached: true, _clock.SqlNow, cancellationToken);
            return true;
        }

        return false;
    }

    private static IdempotencyKey KeyOf(StoredEvent stored, string receiver) => new($"event:{stored.Id.Length}:{stored.Id}:{receiver}", "");

    private static Dictionary<string, JsonNode?> InputOf(JsonNode? payload) =>
        payload is JsonObject members ? members.ToDictionary(m => m.Key, m => m.Value?.DeepClone()) : [];
}
