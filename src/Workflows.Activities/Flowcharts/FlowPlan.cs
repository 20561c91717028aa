using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>An arrow of a flowchart.</summary>
internal sealed record FlowConnection(ActivityNode Source, string Port, ActivityNode Target, string Key);

/// <summary>A flowchart's arrows, read once per definition version.</summary>
internal sealed class FlowPlan
{
    private static readonly IReadOnlyList<FlowConnection> None = [];
    private readonly Dictionary<string, ActivityNode> _children;
    private readonly Dictionary<string, List<FlowConnection>> _outbound = [];
    private readonly ConcurrentDictionary<string, FlowDirections> _directions = new();
    private ActivityNode? _start;

    public FlowPlan(ActivityNode flowchart)
    {
        Children = flowchart.Branches.GetValueOrDefault("activities") ?? [];
        _children = Children.GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.First());
        var seen = new HashSet<string>();
        foreach (var json in Listed(flowchart.Json["connections"]))
        {
            if (Read(json) is { } connection && seen.Add(connection.Key))
            {
                if (!_outbound.TryGetValue(connection.Source.Id, out var list))
                    list = _outbound[connection.Source.Id] = [];
                list.Add(connection);
            }
        }
    }

    public IReadOnlyList<ActivityNode> Children { get; }

    public IEnumerable<FlowConnection> Connections => _outbound.Values.SelectMany(c => c);

    public ActivityNode? Child(string id) => _children.GetValueOrDefault(id);

    public IReadOnlyList<FlowConnection> From(ActivityNode node) => _outbound.GetValueOrDefault(node.Id) ?? None;

    /// <summary>Where the flowchart begins: the first rule that names an activity wins.</summary>
    public ActivityNode? StartOf(string? triggerActivityId)
    {
        if (triggerActivityId is not null && Child(triggerActivityId) is { } trigger)
            return trigger;
        return _start ??= Children.FirstOrDefault(c => c.ActivityType.Info.IsStart)
            ?? Children.FirstOrDefault(c => c.CanStartWorkflow)
            ?? Children.FirstOrDefault(c => !Connections.Any(a => a.Target == c))
            ?? (Children.Count > 0 ? Children[0] : null);
    }

    /// <summary>Which arrows lead forward when the flowchart begins at this node.</summary>
    public FlowDirections DirectionsFrom(string startId) => _directions.GetOrAdd(startId, id => new FlowDirections(this, Child(id)));

    private static IEnumerable<JsonObject> Listed(JsonNode? connections) => connections switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        JsonObject values when values["$values"] is JsonArray list => list.OfType<JsonObject>(),
        JsonObject one => [one],
        _ => [],
    };

    private FlowConnection? Read(JsonObject json)
    {
        var (from, port) = json["source"] is JsonObject source ? (source["activity"], source["port"]) : (json["source"], json["sourcePort"]);
        var to = json["target"] is JsonObject target ? target["activity"] : json["target"];
        if (ValueConverter.Text(from) is not { } fromId || Child(fromId) is not { } fromNode || ValueConverter.Text(to) is not { } toId || Child(toId) is not { } toNode)
            return null;
        var name = ValueConverter.Text(port) is { Length: > 0 } given ? given : "Done";
        return new FlowConnection(fromNode, name, toNode, $"{fromId}:{name}->{toId}");
    }
}
