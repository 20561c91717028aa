using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;

namespace Workflows.Engine.Definitions;

/// <summary>Changes a parsed definition in place into its canonical form, noting what is wrong. One run per document.</summary>
internal sealed class Normalizer(List<DefinitionProblem> problems, DefinitionLimits limits)
{
    private const int LongestName = 256;
    private const int MostProblems = 50;
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastNumber = [];
    private int _activities;

    public void Normalize(JsonObject definition, string path)
    {
        foreach (var member in new[] { "id", "definitionId", "name" })
            Text(definition, member, path, LongestName);
        foreach (var member in new[] { "description", "toolVersion", "createdAt" })
            Text(definition, member, path, 10_000);
        Number(definition, "version", path);
        foreach (var member in Lists)
            List(definition, member, path);
        foreach (var member in new[] { "variables", "inputs", "outputs" })
            Declared(definition, member, path);
        MoveProperties(definition, path);
        MoveUsableAsActivity(definition, path);

        if (definition["root"] is not JsonObject root)
        {
            Report("missing-root", JsonPath.Of(path, "root"), "缺少根活动 root", "the root activity is missing");
            return;
        }

        var rootPath = JsonPath.Of(path, "root");
        Restore(definition, "root", root);
        root = (JsonObject)definition["root"]!;
        CollectIds(root);
        Activity(root, rootPath, DefinitionDocument.WorkflowId);
    }

    private void Activity(JsonObject activity, string path, string parentNodeId)
    {
        if (problems.Count >= MostProblems)
            return;
        if (++_activities > limits.Activities)
        {
            if (_activities == limits.Activities + 1)
                Report("too-many-activities", path, $"活动超过 {limits.Activities} 个", $"more than {limits.Activities} activities");
            return;
        }

        Unwrap(activity);
        Text(activity, "id", path, LongestName);
        Text(activity, "name", path, LongestName);
        Text(activity, "type", path, LongestName);
        Number(activity, "version", path);
        Object(activity, "metadata", path);
        MoveProperties(activity, path);
        Declared(activity, "variables", path);
        if (activity.Text("type") is not { } type)
        {
            Report("missing-type", JsonPath.Of(path, "type"), "活动缺少类型 type", "an activity must have a type");
            return;
        }

        if (activity.Text("id") is not { } id)
            activity["id"] = id = NewId(type);
        var nodeId = $"{parentNodeId}:{id}";
        activity["nodeId"] = nodeId;
        if (type == "Elsa.Flowchart")
        {
            foreach (var member in new[] { "activities", "connections" })
                activity[member] ??= new JsonArray();
        }

        if (type.StartsWith("Elsa.", StringComparison.Ordinal))
            Members(activity, "activities", path);
        new ConnectionNormalizer(this).Normalize(activity, path);
        foreach (var nested in ActivityShape.Nested(activity).ToList())
            Activity(nested.Json, PathOf(nested.Json, activity, path), nodeId);
    }

    /// <summary>Every entry of a list of activities must be one.</summary>
    private void Members(JsonObject activity, string member, string path)
    {
        switch (activity[member])
        {
            case null:
                return;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is not JsonObject item)
                        Report("not-an-activity", JsonPath.Of(JsonPath.Of(path, member), i), "应为一个活动对象", "an activity object is expected");
                    else if (item.Text("type") is null)
                        Report("missing-type", JsonPath.Of(JsonPath.Of(JsonPath.Of(path, member), i), "type"), "活动缺少类型 type", "an activity must have a type");
                }

                return;
            default:
                Report("bad-type", JsonPath.Of(path, member), "应为活动列表", "a list of activities is expected");
                return;
        }
    }

    /// <summary>An activity that Studio was shown as a stand-in becomes itself again, where it now stands.</summary>
    private static void Restore(JsonNode parent, object place, JsonNode? value)
    {
        if (value is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
                Restore(items, i, items[i]);
        }
        else if (value is JsonObject json)
        {
            var original = Restored(json);
            if (ReferenceEquals(original, json))
            {
                foreach (var (member, inner) in json.ToList())
                    Restore(json, member, inner);
            }
            else if (place is int index)
            {
                parent[index] = original;
            }
            else
            {
                parent[(string)place] = original;
            }
        }
    }

    private static JsonObject Restored(JsonObject activity)
    {
        if (activity.Text("type") != NotFoundActivity.TypeName || activity.Text(UnknownActivities.OriginalMember) is not { } text
            || StrictJson.Parse(text, DefinitionLimits.Default) is not StrictJson.Result.Parsed { Node: JsonObject original } || original.Text("type") is null)
            return activity;
        // What can be done to a stand-in in the designer: move, rename, connect.
        foreach (var member in new[] { "id", "metadata", "name" })
        {
            if (activity[member] is { } changed && (original.ContainsKey(member) || changed is not JsonObject { Count: 0 }))
                original[member] = changed.DeepClone();
        }

        return original;
    }

    /// <summary>Ids that are taken, before missing ones are made.</summary>
    private void CollectIds(JsonObject root)
    {
        var open = new Stack<JsonNode>([root]);
        while (open.TryPop(out var node))
        {
            if (node is JsonObject json && json.Text("id") is { } id)
                _ids.Add(id);
            foreach (var child in node is JsonArray items ? items : ((JsonObject)node).Select(m => m.Value))
            {
                if (child is JsonObject or JsonArray)
                    open.Push(child);
            }
        }
    }

    private string NewId(string type)
    {
        var name = type[(type.LastIndexOf('.') + 1)..];
        name = name.Length == 0 ? "activity" : JsonNamingPolicy.CamelCase.ConvertName(name);
        string id;
        do
            id = $"{name}{_lastNumber[name] = _lastNumber.GetValueOrDefault(name) + 1}";
        while (!_ids.Add(id));
        return id;
    }

    /// <summary>Old name of customProperties; a member given twice keeps the newer name's value.</summary>
    private void MoveProperties(JsonObject owner, string path)
    {
        Object(owner, "customProperties", path);
        if (owner["applicationProperties"] is not JsonObject old)
            return;
        owner.Remove("applicationProperties");
        if (owner["customProperties"] is not JsonObject properties)
            owner["customProperties"] = properties = [];
        foreach (var (name, value) in old)
        {
            if (!properties.ContainsKey(name))
                properties[name] = value?.DeepClone();
        }
    }

    private void MoveUsableAsActivity(JsonObject definition, string path)
    {
        Object(definition, "options", path);
        if (!definition.Remove("usableAsActivity", out var old) || old is null)
            return;
        if (definition["options"] is not JsonObject options)
            definition["options"] = options = [];
        options["usableAsActivity"] ??= old.DeepClone();
    }

    private static void Unwrap(JsonObject owner)
    {
        foreach (var (member, value) in owner.ToList())
        {
            if (Values(value) is { } items)
                owner[member] = items;
        }
    }

    /// <summary>The list inside {"$id": ..., "$values": [...]}.</summary>
    internal static JsonArray? Values(JsonNode? value) =>
        value is JsonObject json && json["$values"] is JsonArray items && json.All(m => m.Key is "$values" or "$id" or "$type") ? (JsonArray)items.DeepClone() : null;

    private void List(JsonObject owner, string member, string path)
    {
        owner[member] = owner[member] switch
        {
            null => new JsonArray(),
            JsonArray items => items,
            var other => Values(other) ?? other,
        };
        if (owner[member] is not JsonArray)
            Report("bad-type", JsonPath.Of(path, member), "应为列表", "a list is expected");
    }

    private void Declared(JsonObject owner, string member, string path)
    {
        if (owner[member] is null)
            return;
        if (owner[member] is not JsonArray items)
        {
            Report("bad-type", JsonPath.Of(path, member), "应为列表", "a list is expected");
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            var place = JsonPath.Of(JsonPath.Of(path, member), i);
            if (items[i] is not JsonObject item)
            {
                Report("bad-type", place, "应为对象", "an object is expected");
                continue;
            }

            foreach (var text in new[] { "id", "name", "typeName", "type" })
                Text(item, text, place, LongestName);
            if (item.Text("name") is null && item.Text("id") is null)
                Report("missing-name", JsonPath.Of(place, "name"), "缺少名称 name", "a name is missing");
        }
    }

    internal void Text(JsonObject owner, string member, string path, int longest)
    {
        switch (owner[member])
        {
            case null:
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                if (text.Length > longest)
                    Report("too-long", JsonPath.Of(path, member), $"超过 {longest} 个字符", $"longer than {longest} characters");
                break;
            default:
                Report("bad-type", JsonPath.Of(path, member), "应为文本", "a text is expected");
                break;
        }
    }

    private void Number(JsonObject owner, string member, string path)
    {
        if (owner[member] is { } value && !(value is JsonValue scalar && scalar.TryGetValue(out int number) && number >= 0))
            Report("bad-type", JsonPath.Of(path, member), "应为非负整数", "a whole number from 0 is expected");
    }

    private void Object(JsonObject owner, string member, string path)
    {
        if (owner[member] is not null and not JsonObject)
            Report("bad-type", JsonPath.Of(path, member), "应为对象", "an object is expected");
    }

    internal void Report(string code, string path, string zh, string en)
    {
        if (problems.Count < MostProblems)
            problems.Add(new DefinitionProblem(code, path, zh, en));
    }

    private static string PathOf(JsonObject node, JsonObject ancestor, string ancestorPath)
    {
        var steps = new Stack<object>();
        for (JsonNode at = node; !ReferenceEquals(at, ancestor); at = at.Parent!)
            steps.Push(at.Parent is JsonArray ? at.GetElementIndex() : at.GetPropertyName());
        return steps.Aggregate(new System.Text.StringBuilder(ancestorPath), (path, step) => JsonPath.Append(path, step)).ToString();
    }
}
