using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Storage;

/// <summary>
/// Saves change sets. A call returns after the commit; a database that is out of reach is an exception, and then the
/// caller does not know whether the change set was saved: it must re-read before it tries again.
/// </summary>
public interface ICommitter
{
    Task<CommitOutcome> CommitAsync(ChangeSet changes, CancellationToken cancellationToken);

    /// <summary>Records what an effect nobody waits for came to; travels with the next commit.</summary>
    Task EndAsync(EffectEnd end);
}

/// <summary>An instance as it was read.</summary>
public sealed record StoredInstance(string Id, string DefinitionVersionId, long Revision, ReadOnlyMemory<byte> State);

/// <summary>A line of an instance list.</summary>
public sealed record InstanceSummary(
    string Id,
    string DefinitionId,
    string DefinitionVersionId,
    int DefinitionVersion,
    string? Name,
    string? CorrelationId,
    string? ParentInstanceId,
    string? InitiatedBy,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    int IncidentCount,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt);

/// <summary>What to list; null means "any". Newest first, keyset paging by id.</summary>
public sealed record InstanceFilter(
    string? DefinitionId = null,
    string? CorrelationId = null,
    string? InitiatedBy = null,
    string? ParentInstanceId = null,
    WorkflowStatus? Status = null,
    WorkflowSubStatus? SubStatus = null,
    bool? HasIncidents = null,
    string? Before = null,
    int Limit = 20)
{
    /// <summary>User name of whoever looks: sees what they started, and all of <see cref="ViewedDefinitions"/>. Null, or null definitions, sees all.</summary>
    public string? Viewer { get; init; }

    public IReadOnlyList<string>? ViewedDefinitions { get; init; }
}

public interface IInstanceStore
{
    Task<StoredInstance?> LoadAsync(string id, CancellationToken cancellationToken);

    Task<InstanceSummary?> FindAsync(string id, CancellationToken cancellationToken);

    Task<IReadOnlyList<InstanceSummary>> ListAsync(InstanceFilter filter, CancellationToken cancellationToken);

    /// <summary>Journal entries with a sequence above <paramref name="after"/>, in order, at most about <paramref name="limit"/> (whole bursts).</summary>
    Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string id, int after, int limit, CancellationToken cancellationToken);

    Task<StimulusRow?> FindStimulusAsync(string key, CancellationToken cancellationToken);

    /// <summary>True when any stimulus was taken whose key begins so.</summary>
    Task<bool> HasStimulusAsync(string keyPrefix, CancellationToken cancellationToken);

    /// <summary>Instances cut in the middle of a burst and not touched for <paramref name="idle"/>; recovery goes on with them.</summary>
    Task<IReadOnlyList<string>> FindInterruptedAsync(TimeSpan idle, int limit, CancellationToken cancellationToken);

    /// <summary>True when a running instance matches (activation strategies).</summary>
    Task<bool> IsRunningAsync(string? definitionId, string? correlationId, CancellationToken cancellationToken);

    /// <summary>Running children of an instance.</summary>
    Task<IReadOnlyList<string>> FindRunningChildrenAsync(string parentInstanceId, CancellationToken cancellationToken);
}

/// <summary>A bookmark as stimuli find it.</summary>
public sealed record StoredBookmark(string Id, string InstanceId, string Name, string Hash, string? CorrelationId, JsonNode? Payload, DateTimeOffset CreatedAt);

public interface IBookmarkStore
{
    /// <summary>Waiting points with this hash, oldest first, optionally narrowed to a correlation id or an instance.</summary>
    Task<IReadOnlyList<StoredBookmark>> FindAsync(string hash, string? correlationId, string? instanceId, CancellationToken cancellationToken);

    /// <summary>All waiting points of one name (HTTP endpoints need their route templates).</summary>
    Task<IReadOnlyList<StoredBookmark>> FindByNameAsync(string name, int limit, CancellationToken cancellationToken);

    Task<StoredBookmark?> FindByIdAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A timer this host may act on until its lease runs out.</summary>
public sealed record DueTimer(string Id, string InstanceId, DateTimeOffset DueAt);

public interface ITimerStore
{
    /// <summary>
    /// Claims timers that are due by the database's clock (or by <paramref name="now"/> in tests), oldest first, skipping
    /// those another host holds. A claim is a lease: when it runs out the timer is offered again.
    /// </summary>
    Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset? now, string owner, TimeSpan lease, int batch, CancellationToken cancellationToken);

    /// <summary>How long until the next unclaimed timer is due (zero when overdue); null when there is none.</summary>
    Task<TimeSpan?> UntilNextAsync(DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Gives claimed timers back, to be offered again at once.</summary>
    Task ReleaseAsync(IReadOnlyList<string> ids, string owner, CancellationToken cancellationToken);

    /// <summary>Gives back everything a crashed host held; for a database that only one host may open.</summary>
    Task ReleaseAllAsync(CancellationToken cancellationToken);

    /// <summary>Removes a timer whose instance no longer knows it.</summary>
    Task DropAsync(string id, CancellationToken cancellationToken);
}

/// <summary>An effect claimed by this host.</summary>
/// <param name="Effect">What to perform.</param>
/// <param name="Attempts">Attempts begun before this one.</param>
/// <param name="AnswerLost">True when the last attempt began and its answer was never recorded.</param>
/// <param name="Token">Fences this claim: a host that slept past its lease cannot record anything with it.</param>
/// <param name="HasBegun">True when the attempt was recorded with the claim.</param>
public sealed record ClaimedEffect(Effect Effect, int Attempts, bool AnswerLost, string Token, bool HasBegun = false);

/// <summary>A line of the operations list of effects.</summary>
public sealed record EffectSummary(string Key, string InstanceId, string Kind, EffectClass Class, EffectState State, int Attempts, string? LastError, JsonNode? Payload, DateTimeOffset CreatedAt, DateTimeOffset DueAt);

public interface IOutboxStore
{
    /// <summary>Takes due effects, and those whose claim ran out, under a lease. With <paramref name="beginNotices"/> the attempt of a notice is recorded at once.</summary>
    Task<IReadOnlyList<ClaimedEffect>> ClaimAsync(DateTimeOffset? now, string owner, TimeSpan lease, int batch, bool beginNotices, CancellationToken cancellationToken);

    /// <summary>Records that an attempt begins, before any socket is opened. Answers the keys whose claim still holds; only those may be performed.</summary>
    Task<IReadOnlySet<string>> BeginAttemptsAsync(IReadOnlyList<ClaimedEffect> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Puts an effect back for another try after <paramref name="delay"/>. <paramref name="answerLost"/> stays on record, so that a
    /// later withdrawal never counts as "not sent" what may have been sent.
    /// </summary>
    Task RescheduleAsync(ClaimedEffect claim, DateTimeOffset? now, TimeSpan delay, string error, bool answerLost, CancellationToken cancellationToken);

    Task<TimeSpan?> UntilNextAsync(DateTimeOffset? now, CancellationToken cancellationToken);

    Task ReleaseAllAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<EffectSummary>> ListAsync(string? instanceId, EffectState? state, int limit, CancellationToken cancellationToken);

    /// <summary>Those of the given effects that have not ended: queued, claimed or with an attempt under way.</summary>
    Task<IReadOnlyList<string>> FindOpenAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>An operator's word on an effect whose answer was lost or which failed: send again.</summary>
    Task<bool> RequeueAsync(string key, CancellationToken cancellationToken);
}

/// <summary>An event as it was received.</summary>
/// <param name="Id">Unique; every delivery derives its idempotency key from it.</param>
/// <param name="Hash">Stimulus hash waiters are found by.</param>
/// <param name="DeliveredAt">Set once it reached at least one waiter or start; such an event is not kept for later waiters.</param>
public sealed record StoredEvent(
    string Id,
    string Name,
    string Hash,
    string? CorrelationId,
    string? InstanceId,
    JsonNode? Payload,
    DateTimeOffset ReceivedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? DeliveredAt)
{
    /// <summary>Who raised it: a user name, or "program:..." when no person did; what it starts is initiated by them.</summary>
    public string? By { get; init; }
}

public interface IEventStore
{
    /// <summary>Stores an event; false when the id is known already, also of an event that has expired since.</summary>
    Task<bool> AddAsync(StoredEvent received, CancellationToken cancellationToken);

    /// <summary>Events with one of these hashes whose first delivery is over and reached nobody, and which have not expired, oldest first.</summary>
    Task<IReadOnlyList<StoredEvent>> FindWaitingAsync(IReadOnlyList<string> hashes, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Events accepted at least <paramref name="olderThan"/> ago whose first delivery never ran to its end; recovery repeats it.</summary>
    Task<IReadOnlyList<StoredEvent>> FindUndispatchedAsync(DateTimeOffset? now, TimeSpan olderThan, int limit, CancellationToken cancellationToken);

    /// <summary>Ends the first delivery; <paramref name="reached"/> tells whether anybody took it.</summary>
    Task MarkDispatchedAsync(string id, bool reached, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Events that were dispatched, reached nobody yet, have not expired and have a waiter with their hash, oldest first; for the sweep that looks for late waiters.</summary>
    Task<IReadOnlyList<StoredEvent>> ListUnreachedAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken);

    /// <summary>Removes expired events; their ids stay known for as long as idempotency keys are kept.</summary>
    Task<int> PurgeAsync(DateTimeOffset? now, CancellationToken cancellationToken);
}

/// <summary>One stored version of a definition.</summary>
/// <param name="Document">Canonical Elsa JSON, complete with header, variables and root.</param>
public sealed record StoredDefinition(
    string VersionId,
    string DefinitionId,
    int Version,
    string Name,
    string? Description,
    bool IsLatest,
    bool IsPublished,
    string Document,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? CreatedBy);

/// <summary>A starting point of a published definition.</summary>
public sealed record StoredTrigger(string Id, string DefinitionId, string VersionId, string Name, string ActivityId, string Hash, JsonNode? Payload);

/// <summary>Which versions a query means (Elsa's version options).</summary>
public enum VersionKind
{
    Latest,
    Published,
    Draft,
    LatestOrPublished,
    AllVersions,
}

public interface IDefinitionStore
{
    Task<StoredDefinition?> FindVersionAsync(string versionId, CancellationToken cancellationToken);

    Task<StoredDefinition?> FindAsync(string definitionId, VersionKind kind, CancellationToken cancellationToken);

    Task<StoredDefinition?> FindAsync(string definitionId, int version, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredDefinition>> ListAsync(VersionKind kind, string? definitionId, CancellationToken cancellationToken);

    /// <summary>
    /// Saves all given versions and replaces the triggers of <paramref name="definitionId"/> in one transaction.
    /// False when <paramref name="expectedLatestVersionId"/> (null: none may exist) or its time of change is no longer the stored one.
    /// </summary>
    Task<bool> SaveAsync(
        string definitionId,
        string? expectedLatestVersionId,
        DateTimeOffset? expectedUpdatedAt,
        IReadOnlyList<StoredDefinition> versions,
        IReadOnlyList<StoredTrigger>? triggers,
        CancellationToken cancellationToken);

    Task<bool> DeleteVersionAsync(string versionId, CancellationToken cancellationToken);

    /// <summary>Deletes all versions and triggers of a definition, unless an instance of it is running. Answers how many versions went.</summary>
    Task<int> DeleteAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>True when an instance of any version is running.</summary>
    Task<bool> IsRunningAsync(string definitionId, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredTrigger>> FindTriggersAsync(string hash, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredTrigger>> ListTriggersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Changes whenever definitions or triggers change; lets hosts keep caches.</summary>
    Task<long> ReadStampAsync(CancellationToken cancellationToken);
}

/// <summary>A task together with the instance it belongs to, as the inbox reads it.</summary>
public sealed record StoredUserTask(
    UserTask Task,
    string InstanceId,
    string DefinitionId,
    string? InstanceName,
    string? InitiatedBy);

public interface IUserTaskStore
{
    Task<StoredUserTask?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All tasks of an instance in order of creation (timeline).</summary>
    Task<IReadOnlyList<StoredUserTask>> ListOfInstanceAsync(string instanceId, CancellationToken cancellationToken);
}

/// <summary>The database's clock and the business offset that Development may move.</summary>
public interface IClockStore
{
    /// <summary>Now by the database's clock plus the business offset.</summary>
    Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Moves business time forward for every host on this database. Only Development offers it.</summary>
    Task<DateTimeOffset> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken);
}
