using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Storage;

/// <summary>
/// Everything one burst changed, committed together or not at all. Many change sets of different instances share one
/// transaction; each stands or falls alone.
/// </summary>
public sealed record ChangeSet
{
    public required InstanceRow Instance { get; init; }

    public IReadOnlyList<Bookmark> BookmarksAdded { get; init; } = [];

    public IReadOnlyList<string> BookmarksRemoved { get; init; } = [];

    public IReadOnlyList<WorkflowTimer> TimersAdded { get; init; } = [];

    public IReadOnlyList<string> TimersRemoved { get; init; } = [];

    /// <summary>Tasks that are new or changed, as they stand after the burst.</summary>
    public IReadOnlyList<UserTask> Tasks { get; init; } = [];

    /// <summary>Clocks that are new or changed, as they stand after the burst.</summary>
    public IReadOnlyList<RunningClock> Clocks { get; init; } = [];

    public IReadOnlyList<Effect> EffectsAdded { get; init; } = [];

    /// <summary>Those of the added whose first attempt this commit records, and the claim under which this host makes it; null when there are none.</summary>
    public EffectStart? EffectsBegun { get; init; }

    /// <summary>Messages inside the product that this commit delivers. Those of the added effects that carry their ids are done with it.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>Effects whose result this burst consumed, or which it withdrew.</summary>
    public IReadOnlyList<EffectSettlement> EffectsSettled { get; init; } = [];

    public IReadOnlyList<JournalEntry> Journal { get; init; } = [];

    /// <summary>The caller's key, when there was one; a key that is already stored drops the whole change set.</summary>
    public StimulusRow? Stimulus { get; init; }
}

/// <summary>The searchable columns of an instance and its state.</summary>
public sealed record InstanceRow
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int DefinitionVersion { get; init; }

    public string? Name { get; init; }

    public string? CorrelationId { get; init; }

    public string? ParentInstanceId { get; init; }

    public string? InitiatedBy { get; init; }

    public required WorkflowStatus Status { get; init; }

    public required WorkflowSubStatus SubStatus { get; init; }

    /// <summary>True when a commit boundary cut a burst: work is queued and must go on (recovery finds it by this).</summary>
    public bool IsExecuting { get; init; }

    public int IncidentCount { get; init; }

    /// <summary>At most one running instance may carry the same key; null when the definition allows any number.</summary>
    public string? ActivationKey { get; init; }

    /// <summary>Revision the burst read; 0 for a new instance. The save fails softly when it is no longer that.</summary>
    public required long ReadRevision { get; init; }

    /// <summary>ReadRevision + 1.</summary>
    public long Revision => ReadRevision + 1;

    /// <summary>The serialised <see cref="WorkflowInstance"/>, UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>The claim that goes with effects which are begun by the commit that adds them.</summary>
/// <param name="Keys">Effects claimed, their first attempt recorded.</param>
/// <param name="Owner">This host.</param>
/// <param name="Token">Fences the claim.</param>
/// <param name="Lease">How long the claim holds from the commit on, by the database's clock or from <paramref name="Now"/>.</param>
/// <param name="Now">Given in tests; null for the database's clock.</param>
public sealed record EffectStart(IReadOnlySet<string> Keys, string Owner, string Token, TimeSpan Lease, DateTimeOffset? Now);

/// <summary>What an effect nobody waits for came to. Written only while the claim holds.</summary>
public sealed record EffectEnd(ClaimedEffect Claim, EffectState State, string? Error);

/// <summary>Final state of an effect, written with the burst that learned of it.</summary>
public sealed record EffectSettlement(string Key, EffectState State, string? Error = null);

/// <summary>A stimulus that carried an idempotency key, with the answer to give again.</summary>
/// <param name="Key">Caller's key, prefixed with who called.</param>
/// <param name="Fingerprint">Hash of the request body; the same key with another body is refused.</param>
/// <param name="InstanceId">Instance that took it.</param>
/// <param name="Answer">JSON to answer a repeat with; null when the instance id says it all.</param>
/// <param name="At">When it was taken.</param>
public sealed record StimulusRow(string Key, string Fingerprint, string InstanceId, string? Answer, DateTimeOffset At);

/// <summary>How a change set fared.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    public sealed record Committed : CommitOutcome
    {
        public static readonly Committed Instance = new();
    }

    /// <summary>Somebody else changed the instance since it was read; run the stimulus again on fresh state.</summary>
    public sealed record LostRace : CommitOutcome
    {
        public static readonly LostRace Instance = new();
    }

    /// <summary>The idempotency key was used before; here is what it did.</summary>
    public sealed record Repeated(StimulusRow Earlier) : CommitOutcome;

    /// <summary>A running instance already carries the activation key.</summary>
    public sealed record AlreadyActive : CommitOutcome
    {
        public static readonly AlreadyActive Instance = new();
    }

    /// <summary>The database refuses this change set by itself (poison), while its neighbours were committed.</summary>
    public sealed record Poisoned(string Error) : CommitOutcome;
}
