using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Security;

namespace Workflows.Host.Pages;

/// <summary>A list of the inbox that a person keeps under a name.</summary>
public sealed record SavedFilter(string Name, string Query);

/// <summary>What people set for themselves on the pages: phrases for opinions, filters of the inbox.</summary>
internal sealed class Personal(IPersonalStore store)
{
    public const int MostPhrases = 20;
    public const int LongestPhrase = 100;
    public const int MostFilters = 20;
    private const string Phrases = "phrases";
    private const string Filters = "filters";

    public async Task<IReadOnlyList<string>> PhrasesAsync(Actor actor, CancellationToken cancellationToken) =>
        [.. (await store.FindAsync(actor.Name, Phrases, cancellationToken) as JsonArray ?? []).Select(p => p is JsonValue v && v.TryGetValue(out string? text) ? text : "").Where(p => p.Length > 0)];

    public Task SavePhrasesAsync(Actor actor, IEnumerable<string> phrases, CancellationToken cancellationToken) =>
        store.SaveAsync(actor.Name, Phrases, new JsonArray([.. phrases.Select(p => (JsonNode)p)]), cancellationToken);

    public async Task<IReadOnlyList<SavedFilter>> FiltersAsync(Actor actor, CancellationToken cancellationToken) =>
        [.. (await store.FindAsync(actor.Name, Filters, cancellationToken) as JsonArray ?? []).OfType<JsonObject>().Select(f => new SavedFilter((string?)f["name"] ?? "", (string?)f["query"] ?? ""))];

    public Task SaveFiltersAsync(Actor actor, IEnumerable<SavedFilter> filters, CancellationToken cancellationToken) =>
        store.SaveAsync(actor.Name, Filters, new JsonArray([.. filters.Select(f => (JsonNode)new JsonObject { ["name"] = f.Name, ["query"] = f.Query })]), cancellationToken);
}
