using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>A human step that nobody would be asked for.</summary>
/// <param name="NodeId">Node of the definition.</param>
/// <param name="Node">What people read on it.</param>
/// <param name="Rule">The rule that finds nobody.</param>
/// <param name="Reason">Why, in Chinese.</param>
/// <param name="InstanceId">Set when it is an open task, which waits now.</param>
public sealed record StepWithoutPerson(string DefinitionId, string Definition, string NodeId, string Node, string Rule, string Reason, string? InstanceId = null, string? TaskId = null);

/// <summary>
/// Looks for human steps that resolve to nobody: of definitions by what they name literally (what an expression will answer
/// cannot be known before), of open tasks by whom they lie with. Pure.
/// </summary>
public static class NobodyHome
{
    private static readonly HashSet<string> HumanTypes = ["Human.Approval", "Human.Task"];

    /// <summary>Inputs that name people in ways this check does not follow.</summary>
    private static readonly string[] OtherWays =
        ["initiator", "approver", "managerLevels", "managersUntil", "chosen", "groups", "departmentHead", "formField", "deputies", "initiatorChooses"];

    public static IEnumerable<StepWithoutPerson> Check(WorkflowGraph graph, OrganisationSnapshot organisation)
    {
        foreach (var node in graph.Nodes.Where(n => HumanTypes.Contains(n.Type)))
        {
            var roles = Literals(node, "roles");
            var users = Literals(node, "users");
            StepWithoutPerson Found(string rule, string reason) => new(graph.DefinitionId, graph.Name, node.NodeId, node.DisplayText, rule, reason);

            foreach (var role in roles.Names.Where(r => organisation.InRole(r).Count == 0))
                yield return Found($"role:{role}", $"岗位“{organisation.FindPost(role)?.Name ?? role}”没有在职人员");
            foreach (var user in users.Names.Where(u => organisation.Find(u) is null))
                yield return Found(user, $"人员“{organisation.DisplayName(user)}”不存在或已停用");

            if (IsGiven(node, "managerOfInitiator"))
            {
                // Everybody might apply; somebody without a manager leaves this step to nobody, unless it names others too.
                var others = roles.Names.Any(r => organisation.InRole(r).Count > 0) || users.Names.Any(u => organisation.Find(u) is not null) || roles.IsComputed || users.IsComputed;
                if (!others && organisation.People.Where(p => organisation.ManagerOf(p.UserName) is null).Select(p => p.DisplayName).ToList() is { Count: > 0 } without)
                    yield return Found("managerOfInitiator", $"以下人员发起时没有上级可审批：{string.Join("、", without.Take(5))}{(without.Count > 5 ? $"等 {without.Count} 人" : "")}");
            }
            else if (!roles.IsGiven && !users.IsGiven && !NamesOtherwise(node))
            {
                yield return Found("-", "节点没有指定办理人");
            }
        }
    }

    /// <summary>The open task's finding, when nobody it lies with is there and not barred; null when somebody is.</summary>
    public static StepWithoutPerson? Check(StoredUserTask stored, WorkflowGraph? graph, OrganisationSnapshot organisation)
    {
        var task = stored.Task;
        var identities = task.Assignee is { } assignee ? [assignee] : task.Candidates;
        if (identities.SelectMany(organisation.Behind).Any(p => !task.Excluded.Contains(p.UserName)))
            return null;
        var reason = task.Assignee is { } gone
            ? organisation.Find(gone) is null ? $"办理人{organisation.DisplayName(gone)}已离职或停用" : $"办理人{organisation.DisplayName(gone)}被四眼原则排除"
            : identities.SelectMany(organisation.Behind).Any() ? "候选人都被四眼原则排除" : "候选岗位或人员都没有在职的人";
        return new StepWithoutPerson(
            stored.DefinitionId, graph?.Name ?? stored.DefinitionId, task.NodeId, task.Title, string.Join(", ", identities), reason, stored.InstanceId, task.Id);
    }

    /// <summary>True when the node names people in a way this check does not follow: an input of its own that is neither switched off nor empty.</summary>
    private static bool NamesOtherwise(ActivityNode node) =>
        OtherWays.Any(name => IsGiven(node, name));

    private static bool IsGiven(ActivityNode node, string input)
    {
        if (!node.Inputs.TryGetValue(input, out var binding))
            return false;
        return Literal(binding) is not { } written || (written.Value is { } value && value.ToJsonString() is not ("false" or "\"false\"" or "\"False\"" or "\"\"" or "[]" or "0" or "\"0\""));
    }

    private static (IReadOnlyList<string> Names, bool IsComputed, bool IsGiven) Literals(ActivityNode node, string input)
    {
        if (!node.Inputs.TryGetValue(input, out var binding))
            return ([], false, false);
        if (Literal(binding) is not { } written)
            return ([], true, true);
        var value = written.Value;
        if (value is JsonValue text && text.TryGetValue(out string? line) && line.TrimStart().StartsWith('['))
            value = Parse(line);
        IReadOnlyList<string> names = value switch
        {
            JsonArray several => [.. several.OfType<JsonValue>().Select(v => v.TryGetValue(out string? name) ? name : "").Where(n => n.Length > 0)],
            JsonValue one when one.TryGetValue(out string? name) && name.Length > 0 => [name],
            _ => [],
        };
        return (names, false, names.Count > 0);
    }

    /// <summary>The value of an input that is written down; null when it is computed.</summary>
    private static Written? Literal(InputBinding binding)
    {
        if (binding.Expression.Type is not ("Literal" or "Object"))
            return null;
        var value = binding.Expression.Value;
        return binding.Expression.Type == "Object" && value is JsonValue text && text.TryGetValue(out string? json) ? new Written(Parse(json)) : new Written(value);
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private sealed record Written(JsonNode? Value);
}
