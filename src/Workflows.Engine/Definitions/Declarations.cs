using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>Reads what a document declares: variables, inputs, outputs and options.</summary>
internal static class Declarations
{
    private static readonly ActivityType Workflow = new(typeof(WorkflowActivity));

    /// <summary>The node of a workflow; its variables are the document's, those of <paramref name="extra"/> first.</summary>
    public static ActivityNode WorkflowNode(DefinitionDocument document, string nodeId, ActivityNode? parent, ActivityCatalogue catalogue, List<DefinitionFault> faults, IEnumerable<VariableDeclaration> extra)
    {
        var name = document.Name.Length > 0 ? document.Name : document.DefinitionId;
        return new ActivityNode
        {
            Id = DefinitionDocument.WorkflowId,
            NodeId = nodeId,
            Name = name,
            Type = WorkflowActivity.TypeName,
            DisplayText = name,
            Json = new JsonObject
            {
                ["id"] = DefinitionDocument.WorkflowId,
                ["nodeId"] = nodeId,
                ["type"] = WorkflowActivity.TypeName,
                ["version"] = 1,
                ["name"] = name,
                ["customProperties"] = document.Json["customProperties"]?.DeepClone(),
                ["outcomes"] = document.Json["outcomes"]?.DeepClone(),
            },
            ActivityType = catalogue.Find(WorkflowActivity.TypeName) ?? Workflow,
            Parent = parent,
            IsForeign = parent is not null,
            Variables = [.. extra, .. Variables(document.Json, f => faults.Add(new DefinitionFault(f.Code, FaultSeverity.Fault, nodeId, name, f.Zh, f.En)), nodeId)],
        };
    }

    public static IReadOnlyList<VariableDeclaration> Variables(JsonObject owner, Action<NodeFault> report, string place)
    {
        var variables = new List<VariableDeclaration>();
        foreach (var json in owner.Objects("variables"))
        {
            var name = json.Text("name") ?? json.Text("id") ?? "";
            var id = json.Text("id") ?? name;
            if (id.Length == 0)
                continue;
            if (variables.Exists(v => v.Id == id))
            {
                report(new NodeFault("duplicate-variable", $"变量“{name}”重复声明", $"variable {id} is declared twice on {place}"));
                continue;
            }

            var typeName = json.Text("typeName") ?? json.Text("type") ?? "Object";
            var isArray = json.Flag("isArray");
            variables.Add(new VariableDeclaration(id, name, typeName, isArray, Default(json["value"], typeName, isArray, name, report), IsPersisted(json.Text("storageDriverTypeName"))));
        }

        return variables;
    }

    public static IReadOnlyList<VariableDeclaration> Inputs(DefinitionDocument document, ActivityNode node, List<DefinitionFault> faults) => [..
        from json in document.Json.Objects("inputs")
        let name = json.Text("name")
        where name is not null
        let type = json.Text("type") ?? "Object"
        let isArray = json.Flag("isArray")
        let value = Default(json["defaultValue"], type, isArray, name, f => faults.Add(new DefinitionFault(f.Code, FaultSeverity.Fault, node.NodeId, node.DisplayText, f.Zh, f.En)))
        select new VariableDeclaration(name, name, type, isArray, value, IsPersisted(json.Text("storageDriverType")))
        {
            DisplayName = json.Text("displayName") is { Length: > 0 } display ? display : null,
            IsRequired = json.Flag("required") || IsListed(document.Json.Object("customProperties")?["requiredInputs"], name),
            IsPersonal = IsListed(document.Json.Object("customProperties")?["personalInputs"], name),
        }];

    public static IReadOnlyList<VariableDeclaration> Outputs(DefinitionDocument document) => [..
        from json in document.Json.Objects("outputs")
        let name = json.Text("name")
        where name is not null
        select new VariableDeclaration(name, name, json.Text("type") ?? "Object", json.Flag("isArray"), null, true)];

    public static WorkflowOptions Options(DefinitionDocument document)
    {
        var options = document.Json.Object("options");
        var mode = document.Json.Object("customProperties")?.Text("Flowchart:ExecutionMode")
            ?? document.Root.Object("customProperties")?.Text("Flowchart:ExecutionMode");
        return new WorkflowOptions
        {
            ActivationStrategy = Strategy(options?.Text("activationStrategyType")) ?? "AllowAlways",
            IncidentStrategy = Strategy(options?.Text("incidentStrategyType")) ?? "Fault",
            CommitStrategy = options?.Text("commitStrategyName"),
            FlowchartMode = mode == "TokenBased" ? "TokenBased" : "CounterBased",
        };
    }

    private static bool IsListed(JsonNode? list, string name) =>
        list is JsonArray names && names.Any(n => n is JsonValue value && value.TryGetValue(out string? text) && text == name);

    /// <summary>"Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core" is Fault.</summary>
    internal static string? Strategy(string? typeName)
    {
        if (typeName is null)
            return null;
        var name = typeName.Split(',')[0].Trim();
        name = name[(name.LastIndexOf('.') + 1)..];
        return name.EndsWith("Strategy", StringComparison.Ordinal) ? name[..^"Strategy".Length] : name;
    }

    /// <summary>Elsa's rule: the instance drivers keep a value, the memory driver and none lose it when the instance suspends.</summary>
    private static bool IsPersisted(string? driver) => driver is not null && !driver.Contains("Memory", StringComparison.Ordinal);

    private static JsonNode? Default(JsonNode? value, string typeName, bool isArray, string name, Action<NodeFault> report)
    {
        if (value is null)
            return null;
        try
        {
            return new LiteralLanguage().Compile(new Expression("Literal", value), TypeNames.Find(typeName, isArray))(NoScope.Instance);
        }
        catch (ExpressionError error)
        {
            report(new NodeFault("bad-default", $"“{name}”的初始值有误：{error.Message}", $"initial value of {name}: {error.Message}"));
            return null;
        }
    }
}
