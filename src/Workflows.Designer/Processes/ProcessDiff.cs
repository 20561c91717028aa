using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Designer.Processes;

/// <summary>Kinds of a difference, for its mark in a list and its colour in a drawing.</summary>
public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One difference between two versions, in words. Public, as everything a Razor component takes must be.</summary>
/// <param name="Text">"主管审核 办理期限 24 小时 → 12 小时".</param>
/// <param name="NodeId">The node it concerns; null for the process as a whole and for connections.</param>
public sealed record ProcessChange(ChangeKind Kind, string Text, string? NodeId = null);

/// <summary>
/// What differs between two versions, as a manager would say it. Where a node stands on the drawing is no difference, nor are ids that only
/// programs read.
/// </summary>
internal static class ProcessDiff
{
    private static readonly HashSet<string> NotInputs = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata", "activities", "connections", "variables", "originalActivityJson"];

    public static IReadOnlyList<ProcessChange> Compare(DefinitionDocument before, DefinitionDocument after, ValueWords words)
    {
        var changes = new List<ProcessChange>();
        Header(before, after, words, changes);
        Parameters(before, after, words, changes);
        Declared(before, after, words, changes);
        var (old, now) = (Nodes(before), Nodes(after));
        var names = after.Json.Objects("variables").Concat(before.Json.Objects("variables")).Where(v => v.Text("id") is not null)
            .GroupBy(v => v.Text("id")!).ToDictionary(g => g.Key, g => ParameterLabel(after, g.First().Text("name")!) ?? g.First().Text("name") ?? g.Key);
        foreach (var (id, node) in now.Where(n => !old.ContainsKey(n.Key)))
            changes.Add(new ProcessChange(ChangeKind.Added, words.T($"新增步骤“{NameOf(node)}”（{words.TypeName(node.Text("type")!)}）", $"Added step “{NameOf(node)}” ({words.TypeName(node.Text("type")!)})"), id));
        foreach (var (id, node) in old.Where(n => !now.ContainsKey(n.Key)))
            changes.Add(new ProcessChange(ChangeKind.Removed, words.T($"删除步骤“{NameOf(node)}”（{words.TypeName(node.Text("type")!)}）", $"Removed step “{NameOf(node)}” ({words.TypeName(node.Text("type")!)})"), id));
        foreach (var (id, node) in now)
        {
            if (old.TryGetValue(id, out var was))
                Node(id, was, node, names, words, changes);
        }

        Connections(before.Root, after.Root, old, now, words, changes);
        return changes;
    }

    /// <summary>Every activity below the root, by its node id.</summary>
    public static Dictionary<string, JsonObject> Nodes(DefinitionDocument document)
    {
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var open = new Stack<JsonObject>(ActivityShape.Nested(document.Root).Select(n => n.Json).Reverse());
        while (open.TryPop(out var activity))
        {
            found.TryAdd(activity.Text("nodeId") ?? activity.Text("id") ?? "", activity);
            foreach (var nested in ActivityShape.Nested(activity).Reverse())
                open.Push(nested.Json);
        }

        return found;
    }

    public static string NameOf(JsonObject node) => node.Object("metadata")?.Text("displayText") ?? node.Text("name") ?? node.Text("id") ?? "";

    private static void Header(DefinitionDocument before, DefinitionDocument after, ValueWords words, List<ProcessChange> changes)
    {
        if (before.Name != after.Name)
            changes.Add(Changed(words.T($"名称 “{before.Name}” → “{after.Name}”", $"Name “{before.Name}” → “{after.Name}”")));
        if ((before.Description ?? "") != (after.Description ?? ""))
            changes.Add(Changed(words.T("说明已修改", "Description changed")));
        var (old, now) = (before.Json.Object("customProperties"), after.Json.Object("customProperties"));
        foreach (var (member, zh, en) in new[] { ("owner", "流程负责人", "Owner"), ("category", "业务领域", "Business area"), (DefinitionService.GovernedProperty, "修改须经审批", "Changes need approval") })
        {
            var (a, b) = (ValueConverter.Text(old?[member]), ValueConverter.Text(now?[member]));
            if (a != b)
                changes.Add(Changed($"{words.T(zh, en)} {Shown(a)} → {Shown(b)}"));
        }

        if (!JsonNode.DeepEquals(old?["rights"], now?["rights"]))
            changes.Add(Changed(words.T("权限设置已修改", "Rights changed")));
        foreach (var (member, zh, en) in new[] { ("activationStrategyType", "启动规则", "Activation"), ("incidentStrategyType", "出错处理", "Incident handling") })
        {
            var (a, b) = (ValueConverter.Text(before.Json.Object("options")?[member]), ValueConverter.Text(after.Json.Object("options")?[member]));
            if ((a ?? "") != (b ?? ""))
                changes.Add(Changed(words.T($"{zh}已修改", $"{en} changed")));
        }

        string Shown(string? value) => value switch { null or "" => words.T("无", "none"), "true" or "True" => words.T("是", "yes"), "false" or "False" => words.T("否", "no"), _ => value };
    }

    private static void Parameters(DefinitionDocument before, DefinitionDocument after, ValueWords words, List<ProcessChange> changes)
    {
        var old = ProcessParameters.Of(before).ToDictionary(p => p.Name);
        foreach (var parameter in ProcessParameters.Of(after))
        {
            if (old.TryGetValue(parameter.Name, out var was) && was.Value != parameter.Value)
                changes.Add(Changed(words.T($"参数“{parameter.Label}” {ProcessParameters.Shown(was, words)} → {ProcessParameters.Shown(parameter, words)}", $"Parameter “{parameter.Label}” {ProcessParameters.Shown(was, words)} → {ProcessParameters.Shown(parameter, words)}")));
        }
    }

    private static void Declared(DefinitionDocument before, DefinitionDocument after, ValueWords words, List<ProcessChange> changes)
    {
        var parameters = ProcessParameters.Of(before).Concat(ProcessParameters.Of(after)).Select(p => p.Name).ToHashSet();
        foreach (var (list, key, zh, en) in new[] { ("variables", "id", "变量", "variable"), ("inputs", "name", "申请表字段", "form field"), ("outputs", "name", "结果", "output") })
        {
            var old = before.Json.Objects(list).Where(v => v.Text(key) is not null).GroupBy(v => v.Text(key)!).ToDictionary(g => g.Key, g => g.First());
            var now = after.Json.Objects(list).Where(v => v.Text(key) is not null).GroupBy(v => v.Text(key)!).ToDictionary(g => g.Key, g => g.First());
            foreach (var (id, item) in now)
            {
                var name = item.Text("displayName") ?? item.Text("name") ?? id;
                if (!old.TryGetValue(id, out var was))
                    changes.Add(new ProcessChange(ChangeKind.Added, words.T($"新增{zh}“{name}”", $"Added {en} “{name}”")));
                else if (!parameters.Contains(item.Text("name") ?? id) && !Same(was, item))
                    changes.Add(Changed(words.T($"{zh}“{name}”已修改", $"Changed {en} “{name}”")));
            }

            foreach (var (id, item) in old.Where(o => !now.ContainsKey(o.Key)))
                changes.Add(new ProcessChange(ChangeKind.Removed, words.T($"删除{zh}“{item.Text("displayName") ?? item.Text("name") ?? id}”", $"Removed {en} “{item.Text("displayName") ?? item.Text("name") ?? id}”")));
        }
    }

    private static void Node(string nodeId, JsonObject before, JsonObject after, Dictionary<string, string> names, ValueWords words, List<ProcessChange> changes)
    {
        var name = NameOf(after);
        var type = after.Text("type") ?? "";
        if (before.Text("type") != type)
        {
            changes.Add(new ProcessChange(ChangeKind.Changed, words.T($"步骤“{name}”的类型 {words.TypeName(before.Text("type") ?? "")} → {words.TypeName(type)}", $"Step “{name}”: type {words.TypeName(before.Text("type") ?? "")} → {words.TypeName(type)}"), nodeId));
            return;
        }

        if (NameOf(before) != name)
            changes.Add(new ProcessChange(ChangeKind.Changed, words.T($"步骤改名 “{NameOf(before)}” → “{name}”", $"Step renamed “{NameOf(before)}” → “{name}”"), nodeId));
        var nested = ActivityShape.Nested(before).Concat(ActivityShape.Nested(after)).Select(n => n.Branch.Split('.', '[')[0]).ToHashSet();
        foreach (var member in before.Select(m => m.Key).Union(after.Select(m => m.Key)).Where(m => !NotInputs.Contains(m) && !nested.Contains(m)))
        {
            if (SameInput(before[member], after[member]))
                continue;
            var (was, now) = (words.Input(type, member, before[member], names), words.Input(type, member, after[member], names));
            if (was != now)
                changes.Add(new ProcessChange(ChangeKind.Changed, $"{name} {words.Label(type, member)} {was} → {now}", nodeId));
            else
                changes.Add(new ProcessChange(ChangeKind.Changed, words.T($"{name} {words.Label(type, member)} 已修改", $"{name} {words.Label(type, member)} changed"), nodeId));
        }

        if (before.Object("customProperties").Flag("canStartWorkflow") != after.Object("customProperties").Flag("canStartWorkflow"))
            changes.Add(new ProcessChange(ChangeKind.Changed, words.T($"{name} {(after.Object("customProperties").Flag("canStartWorkflow") ? "现在可以启动流程" : "不再启动流程")}", $"{name} {(after.Object("customProperties").Flag("canStartWorkflow") ? "now starts the process" : "no longer starts the process")}"), nodeId));
    }

    private static void Connections(JsonObject before, JsonObject after, Dictionary<string, JsonObject> old, Dictionary<string, JsonObject> now, ValueWords words, List<ProcessChange> changes)
    {
        var was = Edges(before, old).ToList();
        var isNow = Edges(after, now).ToList();
        // What hangs on a step that was added or removed is told by the step, except for the ways into and out of what stays.
        foreach (var edge in isNow.Except(was))
            changes.Add(new ProcessChange(ChangeKind.Added, words.T($"新增连线 “{edge.From}”{edge.Port} → “{edge.To}”", $"Added connection “{edge.From}” {edge.Port} → “{edge.To}”")));
        foreach (var edge in was.Except(isNow))
            changes.Add(new ProcessChange(ChangeKind.Removed, words.T($"删除连线 “{edge.From}”{edge.Port} → “{edge.To}”", $"Removed connection “{edge.From}” {edge.Port} → “{edge.To}”")));

        IEnumerable<(string Source, string PortName, string Target, string From, string Port, string To)> Edges(JsonObject container, Dictionary<string, JsonObject> nodes)
        {
            var byId = container.Objects("activities").Where(a => a.Text("id") is not null).GroupBy(a => a.Text("id")!).ToDictionary(g => g.Key, g => g.First());
            foreach (var edge in container.Objects("connections"))
            {
                var (source, target) = (edge.Object("source")?.Text("activity") ?? "", edge.Object("target")?.Text("activity") ?? "");
                var port = edge.Object("source")?.Text("port") ?? "Done";
                var (from, to) = (byId.GetValueOrDefault(source), byId.GetValueOrDefault(target));
                var label = port == "Done" ? "" : words.T("的“", " ") + words.Port(from?.Text("type") ?? "", port) + words.T("”", "");
                // Names are those of the newer version, so that a renamed step is not a new connection.
                yield return (source, port, target, CurrentName(source, from), label, CurrentName(target, to));
            }

            foreach (var nested in ActivityShape.Nested(container).Where(n => n.Json["connections"] is JsonArray))
            {
                foreach (var edge in Edges(nested.Json, nodes))
                    yield return edge;
            }
        }

        string CurrentName(string id, JsonObject? own) => now.Values.FirstOrDefault(n => n.Text("id") == id) is { } current ? NameOf(current) : own is null ? id : NameOf(own);
    }

    /// <summary>Equal as the engine reads it: a type name that is left out, and a reference written as text, mean the same.</summary>
    internal static bool SameInput(JsonNode? before, JsonNode? after) => JsonNode.DeepEquals(Canonical(before), Canonical(after));

    private static JsonNode? Canonical(JsonNode? value)
    {
        if (value is not JsonObject json || !ActivityShape.IsWrapped(json))
            return value is JsonArray { Count: 0 } ? null : value?.DeepClone();
        var expression = json.Object("expression");
        var text = expression?["value"] is JsonValue scalar && scalar.TryGetValue(out string? s) ? s : null;
        JsonNode? inner = expression?["value"]?.DeepClone();
        if (expression?.Text("type") is "Variable" or "Input")
        {
            var reference = inner as JsonObject ?? Parse(text) as JsonObject;
            inner = reference is null ? inner : reference.Text("id") ?? reference.Text("name");
        }
        else if (expression?.Text("type") is "Object" or "Json" && Parse(text) is { } structure)
        {
            inner = structure;
        }

        return new JsonObject { ["syntax"] = expression?.Text("type"), ["value"] = inner, ["memory"] = json.Object("memoryReference")?.Text("id") };
    }

    private static JsonNode? Parse(string? text)
    {
        if (text is null || !(text.TrimStart().StartsWith('{') || text.TrimStart().StartsWith('[')))
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Null, empty and absent say the same in what is declared.</summary>
    private static bool Same(JsonObject before, JsonObject after) =>
        before.Select(m => m.Key).Union(after.Select(m => m.Key)).All(m => JsonNode.DeepEquals(before[m], after[m]) || (IsNothing(before[m]) && IsNothing(after[m])));

    private static bool IsNothing(JsonNode? value) => value is null || (value is JsonValue scalar && (ValueConverter.Text(scalar) is "" or "false"));

    private static string? ParameterLabel(DefinitionDocument document, string variable) => ProcessParameters.Of(document).FirstOrDefault(p => p.Name == variable)?.Label;

    private static ProcessChange Changed(string text) => new(ChangeKind.Changed, text);
}
