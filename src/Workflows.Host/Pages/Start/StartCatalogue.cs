using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Start;

/// <summary>
/// What can be applied for: published definitions that a person may start and that no clock or event starts by itself. A definition's
/// custom properties say where it stands: <c>category</c> (a key of the areas, or a name), <c>startRoles</c> (roles that may
/// start it; all when missing).
/// </summary>
internal sealed class StartCatalogue(IDefinitionStore definitions, IGraphSource graphs)
{
    private const int Colours = 8;
    private static readonly string[] AreaOrder = ["product", "promotion", "order", "service", "user", "inventory", "system", "report", "emergency", "compliance", "improvement"];

    public async Task<IReadOnlyList<StartArea>> ListAsync(Actor actor, string search, Texts t, CancellationToken cancellationToken)
    {
        var found = new List<(string Area, int Order, StartItem Item)>();
        foreach (var stored in await definitions.ListAsync(VersionKind.Published, null, cancellationToken))
        {
            if (await FindAsync(stored.DefinitionId, actor, cancellationToken) is not { } graph || !Matches(stored, search))
                continue;
            var area = Text(graph.Workflow.CustomProperties?["category"]) ?? "other";
            var name = NameOf(stored);
            var order = Array.IndexOf(AreaOrder, area);
            found.Add((t.Or("area." + area, area), order < 0 ? AreaOrder.Length : order, new StartItem(stored.DefinitionId, name, stored.Description, name.EnumerateRunes().First().ToString(), (int)((uint)name.Sum(c => c) % Colours))));
        }

        return [.. found.OrderBy(f => f.Order).GroupBy(f => f.Area).Select(g => new StartArea(g.Key, [.. g.Select(f => f.Item).OrderBy(i => i.Name, StringComparer.Ordinal)]))];
    }

    /// <summary>The published definition when this person may start it by hand; what may not be started looks like what does not exist.</summary>
    public async Task<WorkflowGraph?> FindAsync(string definitionId, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayStart(definitionId) || await graphs.FindPublishedAsync(definitionId, cancellationToken) is not { } graph || graph.Nodes.Any(n => n.CanStartWorkflow))
            return null;
        return graph.Workflow.CustomProperties?["startRoles"] is not JsonArray roles || actor.MayOperate || roles.Select(Text).Any(r => r is not null && actor.Roles.Contains(r)) ? graph : null;
    }

    /// <summary>The form of an application, out of the inputs the definition declares.</summary>
    public async Task<(string Name, string? Description, IReadOnlyList<FormField> Fields)> FormOfAsync(WorkflowGraph graph, CancellationToken cancellationToken)
    {
        var stored = await definitions.FindVersionAsync(graph.VersionId, cancellationToken);
        var declared = stored is null ? null : JsonNode.Parse(stored.Document)?["inputs"] as JsonArray;
        var shapes = (declared ?? []).OfType<JsonObject>().Where(i => Text(i["name"]) is not null).ToLookup(i => Text(i["name"])!);
        return (stored is null ? graph.DefinitionId : NameOf(stored), stored?.Description, [.. graph.Inputs.Select(i => FieldOf(i, shapes[i.Name].FirstOrDefault()))]);
    }

    private static FormField FieldOf(VariableDeclaration input, JsonObject? shape)
    {
        var hint = Text(shape?["uiHint"]);
        var type = input.TypeName.Split('.')[^1].Split(',')[0];
        var kind = type switch
        {
            _ when input.IsArray => FieldKind.Lines,
            "Boolean" => FieldKind.Check,
            "Int32" or "Int64" or "Integer" => FieldKind.Integer,
            "Decimal" => FieldKind.Money,
            "Double" or "Single" => FieldKind.Number,
            "DateTimeOffset" or "DateTime" => FieldKind.DateTime,
            "DateOnly" => FieldKind.Date,
            "Object" or "JsonElement" or "JsonNode" or "JsonObject" or "ExpandoObject" => FieldKind.Lines,
            _ => hint switch { "multiline" or "multi-line" or "code-editor" => FieldKind.LongText, "checkbox" => FieldKind.Check, "dropdown" => FieldKind.Choice, _ => FieldKind.Text },
        };
        var options = shape?["customAttributes"]?["options"] as JsonArray ?? shape?["options"] as JsonArray;
        if (kind == FieldKind.Choice && options is null)
            kind = FieldKind.Text;
        return new FormField(input.Name, input.DisplayName ?? input.Name, kind, input.IsRequired && input.Default is null)
        {
            Help = Text(shape?["description"]) is { Length: > 0 } help ? help : null,
            Options = options is null ? [] : [.. options.Select(o => new FormOption(SchemaForm.Word(o), SchemaForm.Word(o)))],
            Initial = SchemaForm.Word(input.Default),
            // Who writes JSON into a field of any shape means JSON; who writes lines means a list.
            TakesJson = kind == FieldKind.Lines,
        };
    }

    private static bool Matches(StoredDefinition stored, string search) =>
        search.Length == 0 || NameOf(stored).Contains(search, StringComparison.OrdinalIgnoreCase) || stored.Description?.Contains(search, StringComparison.OrdinalIgnoreCase) == true || stored.DefinitionId.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(StoredDefinition stored) => stored.Name.Length > 0 ? stored.Name : stored.DefinitionId;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string)value! : null;
}
