using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Api;

/// <summary>
/// Definitions as Studio wants them and as they come back from it.
/// </summary>
/// <remarks>
/// What can go wrong: Studio empties the diagram when it meets an activity it has no descriptor for, and it drops what it does not know of
/// the header, of inputs and of variables. So unknown activities go out as stand-ins that carry the original, with the ports their
/// connections need, and what Studio dropped is put back from the version it was given.
/// </remarks>
internal sealed class StudioDocuments(Toolbox toolbox)
{
    /// <summary>Members of a version's header that say how it stands, not what it is.</summary>
    private static readonly HashSet<string> Standing = ["id", "definitionId", "version", "createdAt", "isLatest", "isPublished", "links", "publishedAt", "materializerName", "isMaterializerAvailable", "$schema"];

    private static readonly string[] EditRels = ["publish", "retract", "delete", "import", "update-references"];
    private static readonly string[] ListRels = ["bulk-publish", "bulk-retract", "bulk-delete-by-definition-id", "import", "create"];

    /// <summary>The whole version. Without the links to change it Studio shows it read-only.</summary>
    public JsonObject Full(StoredDefinition stored, IDesignerPerson person, bool isFrozen = false)
    {
        var json = DefinitionService.Present(stored);
        var shown = UnknownActivities.ForStudio(DefinitionReader.ReadStored(stored.Document), toolbox.Knows);
        json["root"] = shown["root"]!.DeepClone();
        Prepare((JsonObject)json["root"]!);
        json["customProperties"] ??= new JsonObject();
        json["options"] ??= new JsonObject();
        json["materializerName"] = "Json";
        json["isReadonly"] = json["isReadonly"]?.GetValueKind() == System.Text.Json.JsonValueKind.True;
        json["links"] = Links(stored, person, isFrozen);
        return json;
    }

    public static JsonObject Summary(StoredDefinition stored, IDesignerPerson person) => new()
    {
        ["id"] = stored.VersionId,
        ["definitionId"] = stored.DefinitionId,
        ["name"] = stored.Name,
        ["description"] = stored.Description,
        ["version"] = stored.Version,
        ["toolVersion"] = "3.8.0.0",
        ["isLatest"] = stored.IsLatest,
        ["isPublished"] = stored.IsPublished,
        ["isReadonly"] = false,
        ["createdAt"] = Json.Instant(stored.CreatedAt),
        ["materializerName"] = "Json",
        ["isMaterializerAvailable"] = true,
        ["links"] = Links(stored, person, isFrozen: false),
    };

    public static JsonArray ListLinks(IDesignerPerson person)
    {
        var links = new JsonArray(Link("/workflow-definitions", "self", "GET"));
        if (person.MayDesignAll)
        {
            foreach (var rel in ListRels)
                links.Add(Link("/" + rel, rel, "POST"));
        }

        return links;
    }

    /// <summary>Puts back into a saved document what Studio dropped of the version it was given, and takes away what Studio added.</summary>
    public static DefinitionDocument Complete(DefinitionDocument saved, StoredDefinition? before)
    {
        var json = saved.With(("materializerName", null), ("isMaterializerAvailable", null), ("links", null));
        if (before is null)
            return json;
        var old = DefinitionReader.ReadStored(before.Document).Json;
        var members = old.Where(m => !Standing.Contains(m.Key) && m.Key != "root" && !json.Json.ContainsKey(m.Key)).Select(m => (m.Key, m.Value?.DeepClone())).ToList();
        foreach (var (list, key) in new[] { ("inputs", "name"), ("outputs", "name"), ("variables", "id") })
        {
            if (json.Json[list] is JsonArray items)
                members.Add((list, Merged(items, old.Objects(list).Where(o => o.Text(key) is not null).ToLookup(o => o.Text(key)!), key)));
        }

        return json.With([.. members]);
    }

    private static JsonArray Merged(JsonArray items, ILookup<string, JsonObject> before, string key)
    {
        var merged = (JsonArray)items.DeepClone();
        foreach (var item in merged.OfType<JsonObject>())
        {
            foreach (var (member, value) in (item.Text(key) is { } id ? before[id].FirstOrDefault() : null) ?? [])
            {
                if (!item.ContainsKey(member))
                    item[member] = value?.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>Versions that are left out, and the ports of stand-ins.</summary>
    private static void Prepare(JsonObject activity)
    {
        activity["version"] ??= 1;
        activity["metadata"] ??= new JsonObject();
        activity["customProperties"] ??= new JsonObject();
        foreach (var standIn in activity.Objects("activities").Where(a => a.Text("type") == NotFoundActivity.TypeName))
        {
            var ports = activity.Objects("connections").Where(c => c.Object("source")?.Text("activity") == standIn.Text("id")).Select(c => c.Object("source")!.Text("port") ?? "Done").Append("Done").Distinct();
            standIn[ActivityDescriptors.StandInPorts] = new JsonObject
            {
                ["typeName"] = "String[]",
                ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = Json.Text(Json.Texts(ports)) },
                ["memoryReference"] = null,
            };
        }

        foreach (var nested in ActivityShape.Nested(activity).ToList())
            Prepare(nested.Json);
    }

    private static JsonArray Links(StoredDefinition stored, IDesignerPerson person, bool isFrozen)
    {
        var links = new JsonArray(Link($"/workflow-definitions/{stored.DefinitionId}", "self", "GET"));
        if (person.MayStart(stored.DefinitionId))
            links.Add(Link($"/workflow-definitions/{stored.DefinitionId}/execute", "execute", "POST"));
        if (!isFrozen && person.MayDesign(stored.DefinitionId))
        {
            foreach (var rel in EditRels)
                links.Add(Link($"/workflow-definitions/{stored.DefinitionId}/{rel}", rel, "POST"));
        }

        return links;
    }

    private static JsonObject Link(string href, string rel, string method) => new() { ["href"] = href, ["rel"] = rel, ["method"] = method };
}
