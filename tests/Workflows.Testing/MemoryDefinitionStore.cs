using Workflows.Engine.Storage;

namespace Workflows.Testing;

/// <summary>A definition store in memory, with the rules of the contract and none of the speed.</summary>
public sealed class MemoryDefinitionStore : IDefinitionStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredDefinition> _versions = [];
    private readonly List<StoredTrigger> _triggers = [];
    private long _stamp;

    /// <summary>Reads of single versions so far, to see what a cache spares.</summary>
    public int Reads { get; private set; }

    public Task<StoredDefinition?> FindVersionAsync(string versionId, CancellationToken cancellationToken) =>
        Read(all => all.FirstOrDefault(v => v.VersionId == versionId));

    public Task<StoredDefinition?> FindAsync(string definitionId, VersionKind kind, CancellationToken cancellationToken) =>
        Read(all => Of(all, kind).Where(v => v.DefinitionId == definitionId).OrderByDescending(v => kind == VersionKind.LatestOrPublished && v.IsPublished).ThenByDescending(v => v.Version).FirstOrDefault());

    public Task<StoredDefinition?> FindAsync(string definitionId, int version, CancellationToken cancellationToken) =>
        Read(all => all.FirstOrDefault(v => v.DefinitionId == definitionId && v.Version == version));

    public Task<IReadOnlyList<StoredDefinition>> ListAsync(VersionKind kind, string? definitionId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredDefinition>>(all => [.. Of(all, kind).Where(v => definitionId is null || v.DefinitionId == definitionId).OrderBy(v => v.DefinitionId, StringComparer.Ordinal).ThenBy(v => v.Version)]);

    public Task<bool> SaveAsync(string definitionId, string? expectedLatestVersionId, DateTimeOffset? expectedUpdatedAt, IReadOnlyList<StoredDefinition> versions, IReadOnlyList<StoredTrigger>? triggers, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var latest = _versions.Values.SingleOrDefault(v => v.DefinitionId == definitionId && v.IsLatest);
            if (latest?.VersionId != expectedLatestVersionId || (expectedUpdatedAt is not null && latest?.UpdatedAt != expectedUpdatedAt))
                return Task.FromResult(false);
            foreach (var version in versions)
                _versions[version.VersionId] = version;
            if (triggers is not null)
            {
                _triggers.RemoveAll(t => t.DefinitionId == definitionId);
                _triggers.AddRange(triggers);
            }

            _stamp++;
            return Task.FromResult(true);
        }
    }

    /// <summary>Definitions that count as running.</summary>
    public HashSet<string> Running { get; } = [];

    public Task<int> DeleteAsync(string definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Running.Contains(definitionId))
                return Task.FromResult(0);
            _stamp++;
            _triggers.RemoveAll(t => t.DefinitionId == definitionId);
            var gone = _versions.Values.Where(v => v.DefinitionId == definitionId).Select(v => v.VersionId).ToList();
            gone.ForEach(id => _versions.Remove(id));
            return Task.FromResult(gone.Count);
        }
    }

    public Task<bool> IsRunningAsync(string definitionId, CancellationToken cancellationToken) => Task.FromResult(Running.Contains(definitionId));

    public Task<bool> DeleteVersionAsync(string versionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _stamp++;
            _triggers.RemoveAll(t => t.VersionId == versionId);
            return Task.FromResult(_versions.Remove(versionId));
        }
    }

    public Task<IReadOnlyList<StoredTrigger>> FindTriggersAsync(string hash, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<StoredTrigger>>([.. _triggers.Where(t => t.Hash == hash)]);
    }

    public Task<IReadOnlyList<StoredTrigger>> ListTriggersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<StoredTrigger>>([.. _triggers.Where(t => names.Contains(t.Name))]);
    }

    public Task<long> ReadStampAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_stamp);
    }

    private static IEnumerable<StoredDefinition> Of(IEnumerable<StoredDefinition> all, VersionKind kind) => all.Where(v => kind switch
    {
        VersionKind.Latest => v.IsLatest,
        VersionKind.Published => v.IsPublished,
        VersionKind.Draft => v.IsLatest && !v.IsPublished,
        VersionKind.LatestOrPublished => v.IsLatest || v.IsPublished,
        _ => true,
    });

    private Task<T> Read<T>(Func<IEnumerable<StoredDefinition>, T> query)
    {
        lock (_lock)
        {
            Reads++;
            return Task.FromResult(query(_versions.Values));
        }
    }
}
