using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Outbox;

/// <summary>What may happen when the answer of an attempt was lost.</summary>
public enum EffectClass
{
    /// <summary>May be sent again; a possible duplicate is recorded.</summary>
    Notice,

    /// <summary>Never sent again by the machine unless the receiver honours the key; otherwise it becomes unknown and goes to a person.</summary>
    Irreversible,
}

/// <summary>Where an effect stands.</summary>
public enum EffectState
{
    /// <summary>Waiting for its turn (or its next try).</summary>
    Queued,

    /// <summary>Claimed by a host under a lease; no attempt recorded yet under this claim.</summary>
    Claimed,

    /// <summary>An attempt is recorded as begun; if the lease runs out now, the answer was lost.</summary>
    Attempting,

    Done,

    /// <summary>Given up on: the receiver refused, or the tries ran out.</summary>
    Failed,

    /// <summary>The answer was lost and the class forbids a repeat: a person decides.</summary>
    Unknown,

    /// <summary>Withdrawn before any attempt, because what asked for it was cancelled.</summary>
    Cancelled,
}

/// <summary>
/// Something to be done outside the transaction: a message, a shop operation, an HTTP call, a start or event for another
/// instance. Stored with the state that asked for it.
/// </summary>
public sealed record Effect
{
    /// <summary>"{instance}-{number}": deterministic, so it survives restart, re-run and restore; it is the key sent to receivers.</summary>
    public required string Key { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Number of the activity execution that asked for it.</summary>
    public required int Execution { get; init; }

    /// <summary>Chooses the channel by its prefix, for example "store.backup", "mail", "http", "engine.start".</summary>
    public required string Kind { get; init; }

    public required EffectClass Class { get; init; }

    public JsonNode? Payload { get; init; }

    /// <summary>The bookmark its result resumes; null when nobody waits.</summary>
    public string? BookmarkId { get; init; }

    /// <summary>Not before this instant.</summary>
    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Tries before it is given up on.</summary>
    public int MaxAttempts { get; init; } = 8;
}

/// <summary>What an attempt came to.</summary>
public abstract record EffectOutcome
{
    private EffectOutcome()
    {
    }

    /// <summary>Accepted by the receiver.</summary>
    public sealed record Done(JsonNode? Result) : EffectOutcome;

    /// <summary>Did not arrive; another try may help.</summary>
    public sealed record Transient(string Error, TimeSpan? RetryAfter = null) : EffectOutcome;

    /// <summary>Refused for good.</summary>
    public sealed record Refused(string Error, JsonNode? Result = null) : EffectOutcome;

    /// <summary>The answer was lost: it may or may not have happened.</summary>
    public sealed record Ambiguous(string Error) : EffectOutcome;
}

/// <summary>Carries effects of some kinds to their receiver. Called outside every transaction, after the attempt was recorded.</summary>
public interface IEffectChannel
{
    /// <summary>True when the channel takes this kind.</summary>
    bool Accepts(string kind);

    /// <summary>True when the receiver honours <see cref="Effect.Key"/>, so that a repeat is harmless.</summary>
    bool IsKeyed(string kind);

    /// <summary>
    /// The row that delivering this effect comes to, when its receiver is this database: the commit that asks for the effect
    /// writes it, and the effect is done with it. Null when somebody outside has to be told.
    /// </summary>
    Notice? RowOf(Effect effect) => null;

    /// <summary>Performs the effect. Answers every foreseeable trouble as an outcome; an exception counts as ambiguous.</summary>
    Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken);
}
