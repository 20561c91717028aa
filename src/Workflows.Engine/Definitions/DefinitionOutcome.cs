using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>The answer to a change of a definition.</summary>
public abstract record DefinitionOutcome
{
    private DefinitionOutcome()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Definition">The version as it now stands.</param>
    /// <param name="Faults">Warnings; for a draft also what publication would refuse.</param>
    /// <param name="AlreadyPublished">Publication only: nothing was to be done.</param>
    public sealed record Saved(StoredDefinition Definition, IReadOnlyList<DefinitionFault> Faults, bool AlreadyPublished = false) : DefinitionOutcome;

    /// <summary>No such definition or version.</summary>
    public sealed record NotFound : DefinitionOutcome;

    /// <summary>The text is not a definition.</summary>
    public sealed record Unreadable(IReadOnlyList<DefinitionProblem> Problems) : DefinitionOutcome;

    /// <summary>Publication refused; at least one is a fault. Nothing was stored.</summary>
    public sealed record Invalid(IReadOnlyList<DefinitionFault> Faults) : DefinitionOutcome;

    /// <summary>Somebody else changed the definition since the caller read it. Nothing was stored.</summary>
    public sealed record Stale(StoredDefinition? Current) : DefinitionOutcome;

    /// <summary>Refused by a rule; the code is a stable word. Nothing was stored.</summary>
    public sealed record Refused(string Code, string Zh, string En) : DefinitionOutcome;
}

/// <summary>How a draft is to be saved.</summary>
public sealed record SaveOptions
{
    /// <summary>Definition to save into; null takes the one the document names, or makes a new one.</summary>
    public string? DefinitionId { get; init; }

    /// <summary>The latest version as the caller read it; null does not check.</summary>
    public string? ExpectedVersionId { get; init; }

    /// <summary>Time of change as the caller read it, for two people in the same draft; null does not check.</summary>
    public DateTimeOffset? ExpectedUpdatedAt { get; init; }

    /// <summary>Publishes in the same transaction; an invalid definition is then not stored at all.</summary>
    public bool Publish { get; init; }

    /// <summary>Publishes a governed definition too: what ships with the product at first start, and what was approved.</summary>
    public bool IsApproved { get; init; }

    /// <summary>Refuses to replace a diagram of two or more activities by an empty one (Studio does that when it meets an unknown type).</summary>
    public bool RefuseEmptying { get; init; }

    public string? By { get; init; }
}
