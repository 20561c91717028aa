using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>One run of the compiler.</summary>
internal sealed class Compilation(
    WorkflowGraph graph,
    ActivityCatalogue catalogue,
    ExpressionLanguages languages,
    DefinitionResolver resolve,
    DefinitionLimits limits,
    List<DefinitionFault> faults)
{
    private static readonly ActivityType NotFound = new(typeof(NotFoundActivity));
    private static readonly ActivityType SubWorkflowType = new(typeof(SubWorkflow));

    private const int DeepestCall = 16;

    private readonly List<string> _callers = [];
    private int _count;

    public void AddRoot(ActivityNode workflow, DefinitionDocument document)
    {
        _callers.Add(document.DefinitionId);
        workflow.Branches["root"] = [Add(document.Root, workflow)];
        _callers.RemoveAt(_callers.Count - 1);
    }

    private ActivityNode Add(JsonObject json, ActivityNode parent)
    {
        var typeName = json.Text("type") ?? "";
        var version = json.Number("version");
        var reference = catalogue.Find(typeName) is null ? GraphCompiler.ReferenceOf(json) : null;
        var type = catalogue.Find(typeName) ?? (reference is null ? NotFound : SubWorkflowType);
        var id = json.Text("id") ?? "";
        var nodeId = FreeNodeId($"{parent.NodeId}:{id}");
        var display = json.Object("metadata")?.Text("displayText") ?? json.Text("name") ?? id;
        var node = new ActivityNode
        {
            Id = id,
            NodeId = nodeId,
            Name = json.Text("name"),
            Type = typeName,
            Version = version ?? type.Info.Version,
            DisplayText = display,
            Json = json,
            ActivityType = type,
            Parent = parent,
            IsForeign = _callers.Count > 1,
            CanStartWorkflow = json.Object("customProperties").Flag("canStartWorkflow") || json.Flag("canStartWorkflow"),
            Variables = Declarations.Variables(json, f => faults.Add(new DefinitionFault(f.Code, FaultSeverity.Fault, nodeId, display, f.Zh, f.En)), id),
        };
        graph.Register(node);
        if (++_count > limits.Nodes)
        {
            if (_count == limits.Nodes + 1)
                Fault(node, "too-many-nodes", $"流程连同子流程超过 {limits.Nodes} 个节点", $"more than {limits.Nodes} nodes, workflows used as activities included");
            return node;
        }

        if (reference is not null)
            AddSubWorkflow(node, reference);
        else if (type.ClrType == typeof(NotFoundActivity))
            Fault(node, "unknown-activity", $"系统中没有活动类型“{typeName}”", $"activity type {typeName} version {node.Version} is not known here");
        else
            AddKnown(node, type);
        return node;
    }

    private void AddKnown(ActivityNode node, ActivityType type)
    {
        foreach (var input in type.Inputs)
            Bind(node, input.Name, input.ClrType, node.Json.Member(input.Name), input.Info.Wrapped);
        foreach (var output in type.Outputs)
            BindOutput(node, output.Name, node.Json.Member(output.Name));
        foreach (var (path, json) in ActivityShape.Expressions(node.Json).Select(e => (e.Path, e.Json)))
            BindExpression(node, path, json, typeof(bool), "Boolean");

        var branches = type.Branches.ToDictionary(b => b.Name, b => b.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var nested in ActivityShape.Nested(node.Json).ToLookup(n => n.Branch, n => n.Json))
            node.Branches[branches.GetValueOrDefault(nested.Key, nested.Key)] = [.. nested.Select(json => Add(json, node))];
    }

    private void AddSubWorkflow(ActivityNode node, WorkflowReference reference)
    {
        if (resolve(reference) is not { } called)
        {
            Fault(node, "unknown-workflow", $"找不到被引用的流程“{reference.DefinitionId ?? reference.VersionId}”", $"workflow {reference.DefinitionId} version {reference.VersionId} not found");
            return;
        }

        if (_callers.Count >= DeepestCall)
        {
            Fault(node, "too-deep", $"子流程嵌套超过 {DeepestCall} 层", $"workflows used as activities are nested deeper than {DeepestCall}");
            return;
        }

        if (_callers.Contains(called.DefinitionId))
        {
            Fault(node, "recursive-workflow", $"流程“{called.Name}”直接或间接地包含了自己", $"workflow {called.DefinitionId} contains itself");
            return;
        }

        foreach (var name in called.Json.Objects("inputs").Select(i => i.Text("name")).OfType<string>())
            Bind(node, name, typeof(JsonNode), node.Json.Member(name), wrapped: true);
        foreach (var output in Declarations.Outputs(called))
        {
            // An output nobody reads is still this composite's: SetOutput inside must not reach further out.
            node.Outputs[output.Name] = "";
            BindOutput(node, output.Name, node.Json.Member(output.Name));
        }

        var extra = Declarations.Inputs(called, node, faults)
            .Select(i => i with { Id = SubWorkflow.InputPrefix + i.Id })
            .Concat(Declarations.Outputs(called));
        var workflow = Declarations.WorkflowNode(called, FreeNodeId($"{node.NodeId}:{DefinitionDocument.WorkflowId}"), node, catalogue, faults, extra);
        graph.Register(workflow);
        node.Branches["root"] = [workflow];
        AddRoot(workflow, called);
    }

    private void Bind(ActivityNode node, string name, Type clrType, JsonNode? value, bool wrapped)
    {
        if (value is null)
            return;
        if (!wrapped)
        {
            node.Inputs[name] = new InputBinding(new Expression("Object", value), _ => value, null);
            return;
        }

        switch (value)
        {
            case JsonObject json when json["expression"] is JsonObject expression:
                BindExpression(node, name, expression, clrType, json.Text("typeName"));
                break;
            case JsonObject:
                // Without an expression (or a type name) Elsa reads no value: the default applies.
                break;
            case JsonArray:
                BindExpression(node, name, new Expression("Object", value), clrType, null);
                break;
            default:
                BindExpression(node, name, new Expression("Literal", value), clrType, null);
                break;
        }
    }

    private void BindExpression(ActivityNode node, string name, JsonObject expression, Type clrType, string? typeName) =>
        BindExpression(node, name, new Expression(expression.Text("type") ?? "Literal", expression["value"]), clrType, typeName);

    private void BindExpression(ActivityNode node, string name, Expression expression, Type clrType, string? typeName)
    {
        var target = clrType == typeof(JsonNode) || clrType == typeof(object) ? TypeNames.Find(typeName) ?? clrType : clrType;
        CompiledExpression compiled;
        IReadOnlyList<ExpressionReference> references = [];
        try
        {
            compiled = languages.Compile(expression, target);
            references = languages.Find(expression.Type)!.ReferencesOf(expression);
        }
        catch (ExpressionError error)
        {
            var message = error.Message;
            var code = expression.Type is "CSharp" or "Python" ? "refused-syntax" : languages.Find(expression.Type) is null ? "unknown-syntax" : "bad-expression";
            faults.Add(new DefinitionFault(code, FaultSeverity.Fault, node.NodeId, node.DisplayText, $"输入“{name}”的表达式有误：{message}", $"input {name}: {message}", name));
            compiled = _ => throw new ExpressionError(message);
        }

        node.Inputs[name] = new InputBinding(expression, compiled, typeName) { References = references };
    }

    private static void BindOutput(ActivityNode node, string name, JsonNode? value)
    {
        if (value is JsonObject json && json.Object("memoryReference")?.Text("id") is { } id)
            node.Outputs[name] = id;
    }

    private string FreeNodeId(string wanted)
    {
        var nodeId = wanted;
        for (var n = 2; graph.Find(nodeId) is not null; n++)
            nodeId = $"{wanted}~{n}";
        return nodeId;
    }

    private void Fault(ActivityNode node, string code, string zh, string en) =>
        faults.Add(new DefinitionFault(code, FaultSeverity.Fault, node.NodeId, node.DisplayText, zh, en));
}
