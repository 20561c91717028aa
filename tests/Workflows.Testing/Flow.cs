using System.Text.Json.Nodes;
using Workflows.Activities;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;

namespace Workflows.Testing;

/// <summary>Writes definitions for tests, as Elsa JSON, with only what matters to the test.</summary>
public sealed class Flow(JsonObject root)
{
    private static readonly ActivityCatalogue Catalogue = ActivityRegistration.Catalogue();

    private readonly JsonArray _variables = [];
    private readonly JsonArray _inputs = [];
    private readonly JsonArray _outputs = [];
    private readonly JsonObject _options = [];
    private readonly JsonObject _customProperties = [];

    /// <summary>An activity; members are plain values (read as literals), or made by <see cref="Variable"/> and <see cref="Json"/>.</summary>
    public static JsonObject Step(string type, string id, params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject { ["id"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in members)
            json[name] = value;
        return json;
    }

    /// <summary>Writes its own id, so that a run's lines tell the order.</summary>
    public static JsonObject Line(string id) => Step("Elsa.WriteLine", id, ("text", id));

    /// <summary>Waits for the event of the same name.</summary>
    public static JsonObject Event(string id) => Step("Elsa.Event", id, ("eventName", id));

    public static JsonObject Sequence(string id, params JsonObject[] activities) => Step("Elsa.Sequence", id, ("activities", new JsonArray([.. activities])));

    /// <summary>A flowchart; connections are written "a->b" or "a:True->b".</summary>
    public static JsonObject Chart(JsonObject[] activities, params string[] connections)
    {
        var chart = Step("Elsa.Flowchart", "chart", ("activities", new JsonArray([.. activities])));
        chart["connections"] = new JsonArray([.. connections.Select(Connection)]);
        return chart;
    }

    /// <summary>A chart run with tokens.</summary>
    public static JsonObject TokenChart(JsonObject[] activities, params string[] connections)
    {
        var chart = Chart(activities, connections);
        chart["customProperties"] = new JsonObject { ["Flowchart:ExecutionMode"] = "TokenBased" };
        return chart;
    }

    public static JsonObject Join(string id, string mode) => Step("Elsa.FlowJoin", id, ("mode", mode));

    /// <summary>An input whose value is a variable's.</summary>
    public static JsonObject Variable(string id, string typeName = "Object") => Wrapped(typeName, "Variable", new JsonObject { ["id"] = id, ["name"] = id, ["typeName"] = typeName });

    /// <summary>An input whose value is JSON data.</summary>
    public static JsonObject Json(JsonNode value) => Wrapped("Object", "Object", value.ToJsonString());

    /// <summary>An input computed by a JavaScript expression.</summary>
    public static JsonObject Script(string text, string typeName = "Object") => Wrapped(typeName, "JavaScript", text);

    /// <summary>An output bound to a variable.</summary>
    public static JsonObject Into(string variable) => new() { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = variable } };

    public static JsonObject Set(string id, string variable, JsonNode? value) =>
        Step("Elsa.SetVariable", id, ("variable", new JsonObject { ["id"] = variable, ["name"] = variable, ["typeName"] = "Object" }), ("value", value));

    public Flow With(string variable, JsonNode? value = null, string typeName = "Object", bool persisted = true)
    {
        _variables.Add(new JsonObject
        {
            ["id"] = variable,
            ["name"] = variable,
            ["typeName"] = typeName,
            ["value"] = value,
            ["storageDriverTypeName"] = persisted ? "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" : "Elsa.Workflows.MemoryStorageDriver, Elsa.Workflows.Core",
        });
        return this;
    }

    public Flow WithOutput(string name)
    {
        _outputs.Add(new JsonObject { ["type"] = "Object", ["name"] = name });
        return this;
    }

    public Flow WithInput(string name)
    {
        _inputs.Add(new JsonObject { ["type"] = "Object", ["name"] = name });
        return this;
    }

    public Flow WithOption(string name, JsonNode? value)
    {
        _options[name] = value;
        return this;
    }

    /// <summary>The branch goes on beside a failed activity instead of ending the instance.</summary>
    public Flow ContinuingWithIncidents() =>
        WithOption("incidentStrategyType", "Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core");

    public JsonObject ToJson() => new()
    {
        ["id"] = "test-v1",
        ["definitionId"] = "test",
        ["name"] = "Test",
        ["version"] = 1,
        ["variables"] = _variables.DeepClone(),
        ["inputs"] = _inputs.DeepClone(),
        ["outputs"] = _outputs.DeepClone(),
        ["options"] = _options.DeepClone(),
        ["customProperties"] = _customProperties.DeepClone(),
        ["root"] = root.DeepClone(),
    };

    /// <summary>Reads and compiles it as the engine would; a fault is the test's mistake.</summary>
    public WorkflowGraph Compile(params IEnumerable<ExpressionLanguage> languages)
    {
        var document = DefinitionReader.ReadStored(ToJson().ToJsonString());
        var graph = GraphCompiler.Compile(document, Catalogue, new ExpressionLanguages([new JavaScriptLanguage(), .. languages]));
        return graph.Faults.Count == 0 ? graph : throw new InvalidOperationException(string.Join(Environment.NewLine, graph.Faults));
    }

    private static JsonObject Wrapped(string typeName, string syntax, JsonNode value) =>
        new() { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };

    private static JsonObject Connection(string text)
    {
        var (source, target) = (text.Split("->")[0], text.Split("->")[1]);
        var port = source.Split(':') is [_, var named] ? named : "Done";
        return new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = source.Split(':')[0], ["port"] = port },
            ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" },
        };
    }
}
