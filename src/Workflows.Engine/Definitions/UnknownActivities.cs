using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Shows activities of unknown type as Elsa's stand-in. Studio empties the whole diagram when it meets a type that has no
/// descriptor, and its next save would lose everything; the stand-in carries the original as text, and
/// <see cref="DefinitionReader"/> puts it back when the definition returns.
/// </summary>
public static class UnknownActivities
{
    internal const string OriginalMember = "originalActivityJson";

    /// <summary>A copy of the document's JSON for Studio; <paramref name="isKnown"/> tells which (type, version) have a descriptor.</summary>
    public static JsonObject ForStudio(DefinitionDocument document, Func<string, int?, bool> isKnown)
    {
        var copy = (JsonObject)document.Json.DeepClone();
        var holder = new JsonObject { ["root"] = copy["root"]!.DeepClone() };
        Swap(holder, isKnown);
        copy["root"] = holder["root"]!.DeepClone();
        return copy;
    }

    private static void Swap(JsonNode node, Func<string, int?, bool> isKnown)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (member, value) in json.ToList())
                {
                    if (value is JsonObject activity && ActivityShape.IsActivity(activity, member) && !IsKnown(activity, isKnown))
                        json[member] = StandIn(activity);
                    else if (value is JsonArray items)
                        SwapItems(items, member, isKnown);
                    else if (value is JsonObject)
                        Swap(value, isKnown);
                }

                break;
            case JsonArray items:
                SwapItems(items, "", isKnown);
                break;
        }
    }

    private static void SwapItems(JsonArray items, string member, Func<string, int?, bool> isKnown)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonObject activity && ActivityShape.IsActivity(activity, member) && !IsKnown(activity, isKnown))
                items[i] = StandIn(activity);
            else if (items[i] is JsonObject or JsonArray)
                Swap(items[i]!, isKnown);
        }
    }

    private static bool IsKnown(JsonObject activity, Func<string, int?, bool> isKnown) =>
        activity.Text("type") == NotFoundActivity.TypeName || isKnown(activity.Text("type")!, activity.Number("version"));

    private static JsonObject StandIn(JsonObject activity) => new()
    {
        ["id"] = activity["id"]?.DeepClone(),
        ["nodeId"] = activity["nodeId"]?.DeepClone(),
        ["name"] = activity["name"]?.DeepClone(),
        ["type"] = NotFoundActivity.TypeName,
        ["version"] = 1,
        ["missingTypeName"] = activity["type"]?.DeepClone(),
        ["missingTypeVersion"] = activity["version"]?.DeepClone() ?? 1,
        [OriginalMember] = activity.ToJsonString(DefinitionDocument.Writing),
        ["metadata"] = activity["metadata"]?.DeepClone() ?? new JsonObject(),
        ["customProperties"] = activity["customProperties"]?.DeepClone() ?? new JsonObject(),
    };
}
