using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>Who may do what with each process, at one moment.</summary>
/// <remarks>
/// What somebody set by hand goes before what the definition says (custom property "rights": {"start": ["role:x"], ...}), and that
/// before the plain rule: everybody who is signed in may start and handle, nobody else's instances are seen by anybody. The owner of a process
/// (custom property "owner") sees its instances unless somebody set by hand who does.
/// </remarks>
internal sealed class ProcessRules(FrozenDictionary<string, FrozenDictionary<ProcessRight, FrozenSet<string>>> rules, RightsStamp stamp)
{
    public const string Everybody = "*";

    private static readonly FrozenDictionary<ProcessRight, FrozenSet<string>> Plain = new Dictionary<ProcessRight, FrozenSet<string>>
    {
        [ProcessRight.Start] = [Everybody],
        [ProcessRight.Handle] = [Everybody],
    }.ToFrozenDictionary();

    public RightsStamp Stamp => stamp;

    public IEnumerable<string> Definitions => rules.Keys;

    public bool Allows(IReadOnlyList<string> identities, string definitionId, ProcessRight right) =>
        Of(definitionId, right) is { } allowed && (allowed.Contains(Everybody) || identities.Any(allowed.Contains));

    /// <summary>Who holds a right; null when nobody does.</summary>
    public FrozenSet<string>? Of(string definitionId, ProcessRight right) =>
        rules.TryGetValue(definitionId, out var own) && own.TryGetValue(right, out var allowed) ? allowed : Plain.GetValueOrDefault(right);
}

/// <summary>Keeps the rules and makes them anew as soon as a definition or a right changed: the stamps are asked at every request.</summary>
internal sealed class ProcessRights(IAccessStore store, IGraphSource graphs)
{
    private const string Property = "rights";

    private volatile ProcessRules? _current;

    public ValueTask<ProcessRules> CurrentAsync(CancellationToken cancellationToken) => AsOfAsync(store.ReadStampAsync(cancellationToken), cancellationToken);

    /// <summary>The rules as of a stamp that was asked for within this request.</summary>
    public async ValueTask<ProcessRules> AsOfAsync(Task<RightsStamp> asked, CancellationToken cancellationToken)
    {
        var stamp = await asked;
        return _current is { } known && known.Stamp == stamp ? known : _current = await ReadAsync(stamp, cancellationToken);
    }

    /// <summary>What a definition says of its rights; a right it does not name is not in it.</summary>
    public static Dictionary<ProcessRight, FrozenSet<string>> Declared(WorkflowGraph graph)
    {
        var declared = new Dictionary<ProcessRight, FrozenSet<string>>();
        foreach (var (name, value) in graph.Workflow.CustomProperties?[Property] as JsonObject ?? [])
        {
            if (Enum.TryParse<ProcessRight>(name, ignoreCase: true, out var right) && Enum.IsDefined(right))
                declared[right] = (value as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue(out string? identity) ? identity : "").Where(i => i.Length > 0).ToFrozenSet();
        }

        return declared;
    }

    private static string? OwnerOf(WorkflowGraph graph) =>
        graph.Workflow.CustomProperties?["owner"] is JsonValue value && value.TryGetValue(out string? owner) && owner.Length > 0 && owner != ProcessRules.Everybody ? owner : null;

    private async Task<ProcessRules> ReadAsync(RightsStamp stamp, CancellationToken cancellationToken)
    {
        var set = (await store.ListGrantsAsync(cancellationToken)).ToLookup(g => g.DefinitionId);
        var rules = new Dictionary<string, FrozenDictionary<ProcessRight, FrozenSet<string>>>();
        foreach (var (definition, version) in await store.ListRulingVersionsAsync(cancellationToken))
        {
            var graph = await graphs.FindVersionAsync(version, cancellationToken);
            var own = graph is null ? [] : Declared(graph);
            if (graph is not null && OwnerOf(graph) is { } owner)
                own[ProcessRight.View] = own.GetValueOrDefault(ProcessRight.View, []).Append(owner).ToFrozenSet();
            foreach (var grant in set[definition])
                own[grant.Right] = grant.Identities.ToFrozenSet();
            rules[definition] = own.ToFrozenDictionary();
        }

        return new ProcessRules(rules.ToFrozenDictionary(), stamp);
    }
}
