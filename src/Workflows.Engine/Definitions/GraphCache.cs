using System.Collections.Concurrent;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Compiled definitions in memory, the least recently used ones dropped beyond the capacity. A version that was ever
/// published never changes, so its graph is kept without asking the store again; a draft is checked by its time of change.
/// </summary>
/// <param name="store">Where definitions are.</param>
/// <param name="catalogue">Known activities.</param>
/// <param name="languages">Known expression syntaxes.</param>
/// <param name="clock">Real time; measures how long a published version is believed to be the published one.</param>
/// <param name="capacity">Graphs kept.</param>
public sealed class GraphCache(IDefinitionStore store, ActivityCatalogue catalogue, ExpressionLanguages languages, TimeProvider clock, int capacity = 500) : IGraphSource
{
    /// <summary>Another host's publication is seen after at most this long; one on this host at once.</summary>
    public static readonly TimeSpan Belief = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Entry> _graphs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string? VersionId, long ReadAt)> _published = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Graphs in memory now.</summary>
    public int Count => _graphs.Count;

    public async ValueTask<WorkflowGraph?> FindVersionAsync(string versionId, CancellationToken cancellationToken)
    {
        if (_graphs.TryGetValue(versionId, out var known) && known.IsFixed)
            return Use(known);
        return await store.FindVersionAsync(versionId, cancellationToken) is { } stored ? await CompileAsync(stored, known, cancellationToken) : null;
    }

    public async ValueTask<WorkflowGraph?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (_published.TryGetValue(definitionId, out var believed) && clock.GetElapsedTime(believed.ReadAt) < Belief)
            return believed.VersionId is null ? null : await FindVersionAsync(believed.VersionId, cancellationToken);

        var readAt = clock.GetTimestamp();
        var stored = await store.FindAsync(definitionId, VersionKind.Published, cancellationToken);
        if (_published.Count > 4 * capacity)
            _published.Clear();
        _published[definitionId] = (stored?.VersionId, readAt);
        return stored is null ? null : await CompileAsync(stored, _graphs.GetValueOrDefault(stored.VersionId), cancellationToken);
    }

    /// <summary>To be called after a change of a definition on this host.</summary>
    public void Forget(string definitionId) => _published.TryRemove(definitionId, out _);

    /// <summary>To be called after a definition was deleted on this host: its version ids may be used again.</summary>
    public void ForgetDeleted(string definitionId)
    {
        Forget(definitionId);
        foreach (var (versionId, _) in _graphs.Where(g => g.Value.Graph.DefinitionId == definitionId).ToList())
            _graphs.TryRemove(versionId, out _);
    }

    /// <summary>Compiles a document that need not be stored; the workflows it uses as activities are loaded first.</summary>
    public async Task<WorkflowGraph> CompileAsync(DefinitionDocument document, CancellationToken cancellationToken)
    {
        var called = await LoadCalledAsync(document, cancellationToken);
        return GraphCompiler.Compile(document, catalogue, languages, reference => called.GetValueOrDefault(reference));
    }

    /// <summary>The version a reference means: the one it names, else the published one.</summary>
    public async Task<StoredDefinition?> FindCalledAsync(WorkflowReference reference, CancellationToken cancellationToken) =>
        reference.VersionId is { } version && await store.FindVersionAsync(version, cancellationToken) is { } exact ? exact
        : reference.DefinitionId is { } definition ? await store.FindAsync(definition, VersionKind.Published, cancellationToken)
        : null;

    private async Task<Dictionary<WorkflowReference, DefinitionDocument>> LoadCalledAsync(DefinitionDocument document, CancellationToken cancellationToken)
    {
        var called = new Dictionary<WorkflowReference, DefinitionDocument>();
        var open = new Queue<WorkflowReference>(GraphCompiler.ReferencesOf(document, catalogue));
        var seen = new HashSet<WorkflowReference>();
        while (open.TryDequeue(out var reference))
        {
            if (!seen.Add(reference) || await FindCalledAsync(reference, cancellationToken) is not { } stored)
                continue;
            called[reference] = DefinitionReader.ReadStored(stored.Document);
            foreach (var next in GraphCompiler.ReferencesOf(called[reference], catalogue))
                open.Enqueue(next);
        }

        return called;
    }

    private async Task<WorkflowGraph> CompileAsync(StoredDefinition stored, Entry? known, CancellationToken cancellationToken)
    {
        var document = known is null || known.UpdatedAt != stored.UpdatedAt ? DefinitionReader.ReadStored(stored.Document) : null;
        if (document is null)
            return Use(known!);

        var graph = await CompileAsync(document, cancellationToken);
        var entry = new Entry(graph, stored.UpdatedAt, document.WasPublished);
        _graphs[stored.VersionId] = entry;
        Evict();
        return Use(entry);
    }

    private WorkflowGraph Use(Entry entry)
    {
        entry.LastUse = Interlocked.Increment(ref _uses);
        return entry.Graph;
    }

    /// <summary>Drops a tenth at once, so that the scan is rare.</summary>
    private void Evict()
    {
        if (_graphs.Count <= capacity)
            return;
        foreach (var (versionId, _) in _graphs.OrderBy(e => e.Value.LastUse).Take(_graphs.Count - capacity + (capacity / 10)).ToList())
            _graphs.TryRemove(versionId, out _);
    }

    private sealed class Entry(WorkflowGraph graph, DateTimeOffset updatedAt, bool isFixed)
    {
        public WorkflowGraph Graph { get; } = graph;

        public DateTimeOffset UpdatedAt { get; } = updatedAt;

        public bool IsFixed { get; } = isFixed;

        public long LastUse { get; set; }
    }
}
