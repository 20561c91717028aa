using Workflows.Engine.Outbox;

namespace Workflows.Engine.Storage;

/// <summary>Keeps the answers of acts that change no instance (definitions, imports, events) under their caller's idempotency key.</summary>
public interface IAnswerStore
{
    /// <summary>Stores an answer; false when the key is taken already. Found again by <see cref="IInstanceStore.FindStimulusAsync"/>.</summary>
    Task<bool> AddAsync(StimulusRow answer, CancellationToken cancellationToken);
}

/// <summary>Keeps the tables that only ever grow within bounds.</summary>
public interface IHousekeepingStore
{
    /// <summary>
    /// Removes idempotency keys and done or withdrawn effects older than <paramref name="keep"/>, at most <paramref name="limit"/>
    /// of each, uploaded files of shop data older than <paramref name="keepUploads"/>, and expired access tokens. Keys of schedules, effects that failed or are unknown, and
    /// files that wait to be read stay. Answers how many went.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset? now, TimeSpan keep, TimeSpan keepUploads, int limit, CancellationToken cancellationToken);
}

/// <summary>Figures for monitoring, as the database has them.</summary>
/// <param name="Effects">Number of effects by state; states without any are left out.</param>
/// <param name="TimersDue">Timers that are due and not yet acted on.</param>
/// <param name="OldestDue">How long the oldest of them has been due; null when there is none.</param>
public sealed record EngineFigures(IReadOnlyDictionary<EffectState, long> Effects, long TimersDue, TimeSpan? OldestDue);

public interface IFiguresStore
{
    Task<EngineFigures> ReadAsync(DateTimeOffset? now, CancellationToken cancellationToken);
}
