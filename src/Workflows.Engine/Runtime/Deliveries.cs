using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Runtime;

/// <summary>A caller's key that makes a repeat harmless, and a fingerprint of what was asked.</summary>
/// <param name="Key">Unique over all callers.</param>
/// <param name="Fingerprint">Hash of what was asked; the same key with another one is refused.</param>
/// <param name="Answer">Makes the answer that is committed with the act and given again to a repeat; null when the instance id says it all.</param>
public sealed record IdempotencyKey(string Key, string Fingerprint, Func<InstanceRow, UserTask?, string>? Answer = null);

/// <summary>What it takes to start an instance.</summary>
public sealed record StartRequest
{
    /// <summary>Chosen beforehand when something must be known of the instance before it starts; else the runtime makes one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The published version of this definition is started.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Starts this very version instead of the published one (a test run of a draft).</summary>
    public string? VersionId { get; init; }

    public IReadOnlyDictionary<string, JsonNode?> Input { get; init; } = new Dictionary<string, JsonNode?>();

    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public string? InitiatedBy { get; init; }

    public string? ParentInstanceId { get; init; }

    public IReadOnlyDictionary<string, JsonNode?> Properties { get; init; } = new Dictionary<string, JsonNode?>();

    public string? TriggerActivityId { get; init; }

    public JsonNode? TriggerPayload { get; init; }

    public IdempotencyKey? Key { get; init; }
}

/// <summary>How a stimulus fared.</summary>
public abstract record Delivery
{
    private Delivery()
    {
    }

    /// <summary>Committed. <paramref name="Last"/> is the row after the last commit of this call.</summary>
    public sealed record Applied(InstanceRow Last, HttpReply? HttpReply, UserTask? Task) : Delivery
    {
        /// <summary>Tasks the last commit made or changed, as they now stand; saves the caller a read.</summary>
        public IReadOnlyList<UserTask> Tasks { get; init; } = [];
    }

    /// <summary>The instance no longer waits for this; nothing changed.</summary>
    public sealed record Ignored : Delivery;

    public sealed record Refused(TaskVerdict Verdict) : Delivery;

    /// <summary>The key was used before for the same request; this is what it did.</summary>
    public sealed record Repeated(StimulusRow Earlier) : Delivery;

    /// <summary>The key was used before for another request.</summary>
    public sealed record KeyReused(StimulusRow Earlier) : Delivery;

    /// <summary>No such instance, or no such published definition.</summary>
    public sealed record Missing : Delivery;

    /// <summary>The definition allows one running instance, and there is one.</summary>
    public sealed record AlreadyActive : Delivery;

    /// <summary>The inputs of a start do not fit what the definition declares; nothing was stored.</summary>
    public sealed record BadInput(IReadOnlyList<InputFault> Faults) : Delivery;

    /// <summary>The database or a bound refuses what this would store; nothing was stored.</summary>
    public sealed record Unstorable(string Reason) : Delivery;
}
