using Workflows.Engine.Instances;

namespace Workflows.Engine.Storage;

/// <summary>Who edits a definition now.</summary>
/// <param name="SeenAt">Last sign of life of the page; the lock lapses some time after it.</param>
public sealed record EditLock(string DefinitionId, string UserName, DateTimeOffset TakenAt, DateTimeOffset SeenAt);

/// <summary>How many instances a definition has, by version.</summary>
/// <param name="Running">Not ended.</param>
/// <param name="Troubled">Of those, with an incident; and those that ended faulted.</param>
public sealed record DefinitionLoad(string DefinitionId, int Version, int Running, int Troubled);

/// <summary>Orders of an instance list.</summary>
public enum InstanceOrder
{
    Created,
    Updated,
    Finished,
}

/// <summary>A page of the instance list by number, as Studio asks for it; null and empty mean "any".</summary>
public sealed record InstanceSearch
{
    public IReadOnlyList<string> DefinitionIds { get; init; } = [];

    public int? Version { get; init; }

    /// <summary>Part of name, correlation id or id.</summary>
    public string? Text { get; init; }

    public string? CorrelationId { get; init; }

    public WorkflowStatus? Status { get; init; }

    public IReadOnlyList<WorkflowSubStatus> SubStatuses { get; init; } = [];

    public bool? HasIncidents { get; init; }

    /// <summary>Who looks: sees what they started, and all of <see cref="ViewedDefinitions"/>; null definitions see all.</summary>
    public required string Viewer { get; init; }

    public IReadOnlyList<string>? ViewedDefinitions { get; init; }

    public InstanceOrder Order { get; init; }

    public bool Ascending { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; } = 20;
}

/// <summary>What the designer keeps and asks beside the definitions themselves.</summary>
public interface IDesignStore
{
    /// <summary>Takes or renews the edit lock and answers who holds it now: somebody else's counts while it was seen within <paramref name="lapse"/>, unless it is taken over. Real time.</summary>
    Task<EditLock> TakeLockAsync(string definitionId, string userName, DateTimeOffset now, TimeSpan lapse, bool takeOver, CancellationToken cancellationToken);

    /// <summary>The lock if it still holds.</summary>
    Task<EditLock?> FindLockAsync(string definitionId, DateTimeOffset now, TimeSpan lapse, CancellationToken cancellationToken);

    /// <summary>Gives the lock back; somebody else's stays.</summary>
    Task ReleaseLockAsync(string definitionId, string userName, CancellationToken cancellationToken);

    /// <summary>Remembers that somebody changed a version: whoever did may not approve it.</summary>
    Task AddAuthorAsync(string versionId, string userName, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Everybody who changed a version, in the order of their first change.</summary>
    Task<IReadOnlyList<string>> ListAuthorsAsync(string versionId, CancellationToken cancellationToken);

    /// <summary>A page of instances, and how many there are in all, counted to <paramref name="cap"/> at most.</summary>
    Task<(IReadOnlyList<InstanceSummary> Items, int Total)> SearchAsync(InstanceSearch search, int cap, CancellationToken cancellationToken);

    /// <summary>Running and troubled instances of every definition version that has any.</summary>
    Task<IReadOnlyList<DefinitionLoad>> CountAsync(CancellationToken cancellationToken);
}
