using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Detail;

/// <summary>Turns JSON that a process shows into labelled facts: lists stay lists, lists of objects become tables.</summary>
internal static class FactReader
{
    private const int MostColumns = 12;

    /// <param name="content">An object by label; anything else stands alone.</param>
    /// <param name="labels">Labels by name where the content has only names.</param>
    public static IReadOnlyList<FactItem> Of(JsonNode? content, Texts t, IReadOnlyDictionary<string, string>? labels = null) => content switch
    {
        null => [],
        JsonObject facts => [.. facts.Where(f => f.Key != Wording.Instructions && !IsBlank(f.Value)).Select(f => Item(labels?.GetValueOrDefault(f.Key) ?? f.Key, f.Value, t))],
        _ => [Item("", content, t)],
    };

    private static FactItem Item(string label, JsonNode? value, Texts t) => value switch
    {
        JsonArray { Count: > 0 } rows when rows.All(r => r is JsonObject) => new FactItem(label, "", Table: TableOf([.. rows.Select(r => r!.AsObject())], t)),
        JsonArray list => new FactItem(label, "", [.. list.Select(v => Wording.Value(v, t))]),
        JsonObject { Count: > 0 } nested => new FactItem(label, "", [.. nested.Select(m => t.With("field.reason", m.Key, Wording.Value(m.Value, t)))]),
        _ => new FactItem(label, Wording.Value(value, t)),
    };

    private static FactTable TableOf(IReadOnlyList<JsonObject> rows, Texts t)
    {
        var columns = rows.SelectMany(r => r.Select(m => m.Key)).Distinct().Take(MostColumns).ToList();
        return new FactTable(columns, [.. rows.Select(r => (IReadOnlyList<string>)[.. columns.Select(c => Wording.Value(r[c], t))])]);
    }

    private static bool IsBlank(JsonNode? value) => value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || (value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace((string)value!));
}
