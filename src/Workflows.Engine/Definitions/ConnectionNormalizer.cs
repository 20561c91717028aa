using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>Makes the connections of a flowchart canonical: {source: {activity, port}, target: {activity, port}}.</summary>
internal sealed class ConnectionNormalizer(Normalizer owner)
{
    public void Normalize(JsonObject activity, string path)
    {
        var place = JsonPath.Of(path, "connections");
        switch (activity["connections"])
        {
            case null:
                break;
            case JsonArray items:
                activity["connections"] = All(items, place);
                break;
            case JsonObject single:
                activity["connections"] = All([single.DeepClone()], place);
                break;
            default:
                owner.Report("bad-type", place, "应为连线列表", "a list of connections is expected");
                break;
        }

        Restore(activity);
    }

    private JsonArray All(JsonArray items, string place)
    {
        var kept = new JsonArray();
        for (var i = 0; i < items.Count; i++)
        {
            var at = JsonPath.Of(place, i);
            if (items[i] is JsonObject connection)
            {
                if (One(connection, at) is { } canonical)
                    kept.Add((JsonNode)canonical);
            }
            else if (items[i] is not null)
            {
                owner.Report("bad-type", at, "应为连线对象", "a connection object is expected");
            }
        }

        return kept;
    }

    /// <summary>Null for a half-baked connection, which Elsa drops too.</summary>
    private JsonObject? One(JsonObject connection, string place)
    {
        var canonical = new JsonObject();
        foreach (var (member, value) in connection)
        {
            if (member is not ("source" or "sourcePort" or "target" or "targetPort"))
                canonical[member] = value?.DeepClone();
        }

        var source = End(connection, "source", "sourcePort", "Done", place);
        var target = End(connection, "target", "targetPort", "In", place);
        if (source is null || target is null)
            return null;
        canonical.Insert(0, "source", source);
        canonical.Insert(1, "target", target);
        return canonical;
    }

    private JsonObject? End(JsonObject connection, string member, string portMember, string defaultPort, string place)
    {
        JsonObject end;
        switch (connection[member])
        {
            case JsonObject given:
                end = (JsonObject)given.DeepClone();
                break;
            case JsonValue value when value.TryGetValue(out string? id):
                end = new JsonObject { ["activity"] = id, ["port"] = connection[portMember]?.DeepClone() };
                break;
            case null:
                return null;
            default:
                owner.Report("bad-type", JsonPath.Of(place, member), "应为连线端点", "an end of a connection is expected");
                return null;
        }

        owner.Text(end, "activity", JsonPath.Of(place, member), 256);
        owner.Text(end, "port", JsonPath.Of(place, member), 256);
        if (end.Text("activity") is null)
            return null;
        if (end.Text("port") is null)
            end["port"] = defaultPort;
        return end;
    }

    /// <summary>Elsa parks connections of activities it did not know; here such activities keep theirs, so the parked ones come back.</summary>
    private void Restore(JsonObject activity)
    {
        if (activity.Object("customProperties") is not { } properties || (Normalizer.Values(properties["notFoundConnections"]) ?? properties["notFoundConnections"] as JsonArray) is not { Count: > 0 } parked)
            return;

        var known = activity.Objects("activities").Select(a => a.Text("id")).ToHashSet();
        if (activity["connections"] is not JsonArray connections)
            activity["connections"] = connections = [];
        var left = new JsonArray();
        foreach (var connection in parked.OfType<JsonObject>().Select(c => One(c, "")).OfType<JsonObject>())
        {
            if (!known.Contains(connection.Object("source")!.Text("activity")) || !known.Contains(connection.Object("target")!.Text("activity")))
                left.Add((JsonNode)connection);
            else if (!connections.Any(c => IsSame(c, connection)))
                connections.Add((JsonNode)connection);
        }

        properties["notFoundConnections"] = left;
    }

    private static bool IsSame(JsonNode? one, JsonObject other) =>
        JsonNode.DeepEquals(one?["source"], other["source"]) && JsonNode.DeepEquals(one?["target"], other["target"]);
}
