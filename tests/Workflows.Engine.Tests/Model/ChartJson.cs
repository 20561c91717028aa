using System.Text.Json.Nodes;

namespace Workflows.Engine.Tests.Model;

/// <summary>Writes a generated chart as a definition.</summary>
internal static class ChartJson
{
    private const string FlowJoinMode = "Elsa.Workflows.Activities.Flowchart.Models.FlowJoinMode, Elsa.Workflows.Core";

    public static string Write(Chart chart) => new JsonObject
    {
        ["definitionId"] = "chart",
        ["id"] = "chart-1",
        ["name"] = "Chart",
        ["version"] = 1,
        ["customProperties"] = new JsonObject { ["Flowchart:ExecutionMode"] = chart.Tokens ? "TokenBased" : "CounterBased" },
        ["options"] = new JsonObject
        {
            ["incidentStrategyType"] = $"Elsa.Workflows.IncidentStrategies.{(chart.ContinueWithIncidents ? "ContinueWithIncidents" : "Fault")}Strategy, Elsa.Workflows.Core",
        },
        ["variables"] = Array(chart.Nodes.Where(n => n.Kind == NodeKind.Decision).Select(n => new JsonObject
        {
            ["id"] = $"asked-{n.Id}",
            ["name"] = $"asked_{n.Id}",
            ["typeName"] = "Int32",
            ["value"] = "0",
            ["storageDriverTypeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core",
        })),
        ["root"] = new JsonObject
        {
            ["id"] = "fc",
            ["type"] = "Elsa.Flowchart",
            ["version"] = 1,
            ["activities"] = Array(chart.Nodes.Select(Activity)),
            ["connections"] = Array(chart.Links.Select(l => new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = l.From, ["port"] = l.Port },
                ["target"] = new JsonObject { ["activity"] = l.To, ["port"] = "In" },
            })),
        },
    }.ToJsonString();

    private static JsonObject Activity(ChartNode node)
    {
        var json = new JsonObject
        {
            ["id"] = node.Id,
            ["type"] = node.Kind switch
            {
                NodeKind.Start => "Elsa.Start",
                NodeKind.Decision => "Elsa.FlowDecision",
                NodeKind.Fork => "Elsa.FlowFork",
                NodeKind.Join => "Elsa.FlowJoin",
                NodeKind.Delay => "Elsa.Delay",
                NodeKind.End => "Elsa.End",
                _ => $"Chart.{node.Kind}",
            },
            ["version"] = 1,
        };
        var custom = new JsonObject { ["canStartWorkflow"] = node.CanStart };
        if (node.MergeMode is not null)
            custom["mergeMode"] = node.MergeMode;
        json["customProperties"] = custom;
        switch (node.Kind)
        {
            case NodeKind.Decision:
                json["condition"] = Input("Boolean", "Answers", new JsonObject { ["variable"] = $"asked_{node.Id}", ["answers"] = node.Answers });
                break;
            case NodeKind.Fork:
                json["branches"] = Input("String[]", "Object", new JsonArray([.. node.Ports.Select(p => (JsonNode)p)]).ToJsonString());
                break;
            case NodeKind.Join:
                json["mode"] = Input(FlowJoinMode, "Literal", node.JoinMode!);
                break;
            case NodeKind.Delay:
                json["timeSpan"] = Input("TimeSpan", "Literal", "00:10:00");
                break;
            default:
                break;
        }

        return json;
    }

    private static JsonObject Input(string typeName, string syntax, JsonNode value) => new()
    {
        ["typeName"] = typeName,
        ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value },
    };

    private static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];
}
