using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Host.Pages.Detail;

/// <summary>A step for people that is still to come.</summary>
/// <param name="People">Who would be asked as the organisation stands now; empty when only the running process can tell.</param>
internal sealed record PredictedStep(string NodeId, string Title, IReadOnlyList<Person> People);

/// <summary>
/// Follows the main path of a definition from where an instance stands to its end: agreed, done, confirmed. Only the process itself knows
/// which way it goes; this is what a reader may expect, and is marked so. A loop is walked once.
/// </summary>
internal static class Prediction
{
    private const int MostNodes = 300;

    /// <summary>Ports of the way on which all goes well, best first.</summary>
    private static readonly string[] GoodPorts = ["Approved", "Done", "Confirmed", "Valid", "Clean", "Restored", "True", "Next", "Due", "Normal", "Finished", "Default"];

    /// <param name="graph">What the instance runs.</param>
    /// <param name="at">Node ids it stands at; none means before its start.</param>
    public static IReadOnlyList<PredictedStep> Of(WorkflowGraph graph, IReadOnlyCollection<string> at, string? initiator, OrganisationSnapshot people)
    {
        var current = at.Select(graph.Find).OfType<ActivityNode>().ToList();
        var path = current.Count == 0 && at.Count == 0 ? Into(graph.Workflow) : current.Take(1).SelectMany(After);
        return [.. path.Take(MostNodes).Where(IsForPeople).Where(n => !at.Contains(n.NodeId)).DistinctBy(n => n.NodeId).Select(n => StepOf(n, initiator, people))];
    }

    private static IEnumerable<ActivityNode> Into(ActivityNode node)
    {
        if (node.Type == "Elsa.Flowchart")
            return Start(node) is { } start ? Into(start).Concat(Along(node, start)) : [];
        if (node.Type is "Elsa.Sequence" or "Elsa.Workflow")
            return node.Children.SelectMany(Into);
        return [node];
    }

    private static IEnumerable<ActivityNode> After(ActivityNode node)
    {
        for (var at = node; at.Parent is { } parent; at = parent)
        {
            var here = at;
            var next = parent.Type == "Elsa.Flowchart" ? Along(parent, here)
                : parent.Type == "Elsa.Sequence" ? parent.Children.SkipWhile(c => c.NodeId != here.NodeId).Skip(1).SelectMany(Into)
                : [];
            foreach (var found in next)
                yield return found;
        }
    }

    private static IEnumerable<ActivityNode> Along(ActivityNode chart, ActivityNode from)
    {
        var children = chart.Children.ToDictionary(c => c.Id);
        var arrows = (chart.Json["connections"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(c => (From: Text(c["source"]?["activity"]), Port: Text(c["source"]?["port"]), To: Text(c["target"]?["activity"])))
            .Where(c => c is { From: not null, To: not null })
            .ToLookup(c => c.From!);
        var used = new HashSet<(string?, string?, string?)>();
        var seen = new HashSet<string> { from.Id };
        for (var at = from.Id; arrows[at].Where(a => !used.Contains(a)).OrderBy(a => Rank(a.Port)).FirstOrDefault() is { To: { } to } arrow; at = to)
        {
            used.Add(arrow);
            if (!children.TryGetValue(to, out var next))
                yield break;
            if (!seen.Add(to))
                continue;
            foreach (var found in Into(next))
                yield return found;
        }
    }

    private static int Rank(string? port) => Array.IndexOf(GoodPorts, port ?? "Done") is >= 0 and var rank ? rank : GoodPorts.Length;

    private static ActivityNode? Start(ActivityNode chart)
    {
        var children = chart.Children.ToList();
        var targets = (chart.Json["connections"] as JsonArray ?? []).Select(c => Text(c?["target"]?["activity"])).ToHashSet();
        return children.FirstOrDefault(c => c.Id == Text(chart.Json["start"])) ?? children.FirstOrDefault(c => c.Type == "Elsa.Start")
            ?? children.FirstOrDefault(c => !targets.Contains(c.Id)) ?? children.FirstOrDefault();
    }

    private static bool IsForPeople(ActivityNode node) =>
        !node.Type.StartsWith("Notify.", StringComparison.Ordinal) && (node.Type.StartsWith("Human.", StringComparison.Ordinal) || node.Inputs.ContainsKey("roles"));

    private static PredictedStep StepOf(ActivityNode node, string? initiator, OrganisationSnapshot people)
    {
        var named = Words(node, "roles").SelectMany(people.InRole)
            .Concat(Words(node, "users").Select(people.Find).OfType<Person>())
            .Concat(Words(node, "initiator") is ["true"] && people.Find(initiator) is { } applicant ? [applicant] : [])
            .Concat(Words(node, "managerOfInitiator") is ["true"] && people.ManagerOf(initiator) is { } manager ? [manager] : [])
            .DistinctBy(p => p.UserName).ToList();
        // Nobody decides on their own application; it would go to their manager.
        if (node.Type == "Human.Approval" && named.Count > 0)
        {
            var others = named.Where(p => p.UserName != initiator).ToList();
            named = others.Count > 0 ? others : people.ManagerOf(initiator) is { } above ? [above] : [];
        }

        return new PredictedStep(node.NodeId, Words(node, "title") is [{ Length: > 0 } title] ? title : node.DisplayText, named);
    }

    /// <summary>What an input says without running anything; empty when it is an expression.</summary>
    private static IReadOnlyList<string> Words(ActivityNode node, string input)
    {
        if (node.Json[input]?["expression"] is not JsonObject { } expression || Text(expression["type"]) is not ("Literal" or "Object"))
            return [];
        var value = expression["value"];
        if (Text(value) is { } text && text.StartsWith('['))
        {
            try
            {
                value = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                return [];
            }
        }

        return value is JsonArray several ? [.. several.Select(Text).OfType<string>()] : value?.ToString() is { } one ? [one] : [];
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
