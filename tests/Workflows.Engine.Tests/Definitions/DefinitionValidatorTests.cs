using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Tests.Definitions;

public sealed class DefinitionValidatorTests
{
    private const string Fault = "Fault";
    private const string Warning = "Warning";

    /// <summary>Code, severity, node at fault, activities, connections.</summary>
    public static TheoryData<string, string, string, string, string> Bad => new()
    {
        { "unknown-activity", Fault, "fc:x", """{ "id": "x", "type": "Acme.X" }""", "" },
        { "unknown-workflow", Fault, "fc:x", """{ "id": "x", "type": "Other", "workflowDefinitionId": "other" }""", "" },
        { "recursive-workflow", Fault, "fc:x", """{ "id": "x", "type": "Sample", "workflowDefinitionId": "sample" }""", "" },
        { "missing-input", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine" }""", "" },
        { "missing-input", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Literal", "value": " " } } }""", "" },
        { "missing-input", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": null } }""", "" },
        { "bad-expression", Fault, "fc:p", """{ "id": "p", "type": "Test.Picky", "count": { "typeName": "Int32", "expression": { "type": "Literal", "value": "many" } } }""", "" },
        { "bad-expression", Fault, "fc:e", """{ "id": "e", "type": "Test.Echo", "value": { "typeName": "Object", "expression": { "type": "Object", "value": "{ \"a\":" } } }""", "" },
        { "bad-expression", Fault, "fc:j", """{ "id": "j", "type": "Elsa.FlowJoin", "mode": { "typeName": "FlowJoinMode", "expression": { "type": "Literal", "value": "Sometimes" } } }""", "" },
        { "bad-expression", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Variable", "value": "" } } }""", "" },
        { "unknown-syntax", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "JavaScript", "value": "1" } } }""", "" },
        { "unknown-syntax", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Liquid", "value": "{{ Variables.A }}" } } }""", "" },
        { "refused-syntax", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "CSharp", "value": "1" } } }""", "" },
        { "refused-syntax", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Python", "value": "1" } } }""", "" },
        { "dangling-connection", Fault, "fc", """{ "id": "a", "type": "Elsa.Start" }""", "a.Done>gone" },
        { "unknown-port", Fault, "fc:a", """{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Elsa.Start" }""", "a.Maybe>b a.Done>b" },
        { "unreachable-node", Fault, "fc:b", """{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Elsa.FlowJoin" }""", "" },
        { "endless-loop", Fault, "fc:b", """{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Test.Echo" }, { "id": "c", "type": "Test.Echo" }""", "a.Done>b b.Done>c c.Done>b" },
        { "busy-loop", Warning, "fc:b", """{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Test.Echo" }, { "id": "d", "type": "Elsa.FlowDecision" }""", "a.Done>b b.Done>d d.False>b" },
        { "duplicate-id", Fault, "fc:a~2", """{ "id": "a", "type": "Elsa.Start" }, { "id": "a", "type": "Elsa.Start" }""", "" },
        { "unknown-variable", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Variable", "value": { "id": "v9", "name": "Gone" } } } }""", "" },
        { "unknown-variable", Fault, "fc:e", """{ "id": "e", "type": "Test.Echo", "result": { "typeName": "Object", "memoryReference": { "id": "v9" } } }""", "" },
        { "unknown-variable", Fault, "fc:s", """{ "id": "s", "type": "Elsa.SetVariable", "variable": { "id": "v9", "name": "Gone" } }""", "" },
        { "unknown-input", Fault, "fc:w", """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Input", "value": { "name": "Gone" } } } }""", "" },
        { "bad-cron", Fault, "fc:c", """{ "id": "c", "type": "Elsa.Cron", "cronExpression": { "typeName": "String", "expression": { "type": "Literal", "value": "0 61 * * * *" } } }""", "" },
        { "bad-trigger", Fault, "fc:c", """{ "id": "c", "type": "Elsa.Event", "customProperties": { "canStartWorkflow": true }, "eventName": { "typeName": "String", "expression": { "type": "Variable", "value": { "id": "v9" } } } }""", "" },
        { "bad-trigger", Fault, "fc:c", """{ "id": "c", "type": "Test.Broken", "customProperties": { "canStartWorkflow": true } }""", "" },
        { "route-conflict", Fault, "fc:b", """{ "id": "a", "type": "Elsa.HttpEndpoint", "customProperties": { "canStartWorkflow": true }, "path": "orders/{id}" }, { "id": "b", "type": "Elsa.HttpEndpoint", "customProperties": { "canStartWorkflow": true }, "path": "/orders/{no}/" }""", "" },
        { "route-conflict", Fault, "fc:a", """{ "id": "a", "type": "Elsa.HttpEndpoint", "customProperties": { "canStartWorkflow": true }, "path": "taken" }""", "" },
        { "unsatisfiable-join", Warning, "fc:j", """{ "id": "d", "type": "Elsa.FlowDecision" }, { "id": "x", "type": "Test.Echo" }, { "id": "y", "type": "Test.Echo" }, { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" }""", "d.True>x d.False>y x.Done>j y.Done>j" },
        { "illegal-loop", Warning, "fc:c", """{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Elsa.Event", "eventName": "b" }, { "id": "c", "type": "Elsa.FlowDecision" }""", "a.Done>b a.Done>c b.Done>c c.False>b" },
        { "join-behind-loop", Warning, "fc:j", """{ "id": "a", "type": "Elsa.Start" }, { "id": "p", "type": "Elsa.Event", "eventName": "p" }, { "id": "d", "type": "Elsa.FlowDecision" }, { "id": "y", "type": "Test.Echo" }, { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" }""", "a.Done>p a.Done>y p.Done>d d.False>p d.True>j y.Done>j" },
        { "picky", Fault, "fc:p", """{ "id": "p", "type": "Test.Picky" }""", "" },
        { "check-failed", Fault, "fc:b", """{ "id": "b", "type": "Test.Broken" }""", "" },
        { "empty-workflow", Warning, "fc", "", "" },
        { "duplicate-variable", Fault, "fc:s", """{ "id": "s", "type": "Elsa.Sequence", "variables": [{ "id": "q", "name": "q" }, { "id": "q", "name": "q" }] }""", "" },
        { "bad-default", Fault, "fc:s", """{ "id": "s", "type": "Elsa.Sequence", "variables": [{ "id": "q", "name": "q", "typeName": "Int32", "value": "many" }] }""", "" },
        { "volatile-variable", Warning, "fc:s", """{ "id": "s", "type": "Elsa.Sequence", "variables": [{ "id": "q", "name": "q" }], "activities": [{ "id": "ev", "type": "Elsa.Event", "eventName": "x" }] }""", "" },
        { "ambiguous-duration", Warning, "fc:p", """{ "id": "p", "type": "Test.Picky", "count": 1, "wait": "72:00:00" }""", "" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Every_fault_has_its_code_and_names_its_node(string code, string severity, string node, string activities, string connections)
    {
        var validation = Validate(Samples.Flow(activities, connections.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        var fault = Assert.Single(validation.Faults, f => f.Code == code);
        Assert.Equal(($"Workflow1:{node}", severity), (fault.NodeId, fault.Severity.ToString()));
        Assert.NotEmpty(fault.Node);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", fault.Zh);
        Assert.NotEmpty(fault.En);
        Assert.Equal(severity == Warning, validation.IsPublishable);
    }

    [Fact]
    public void A_sound_definition_has_no_faults()
    {
        var validation = Validate(Samples.Flow("""
            { "id": "start", "type": "Elsa.Start" },
            { "id": "ev", "type": "Elsa.Event", "customProperties": { "canStartWorkflow": true }, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "Go" } }, "result": { "typeName": "Object", "memoryReference": { "id": "v1" } } },
            { "id": "d", "type": "Elsa.FlowDecision", "condition": { "typeName": "Boolean", "expression": { "type": "Variable", "value": "{\"id\":\"v1\",\"name\":\"Approved\"}" } } },
            { "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Input", "value": { "name": "OrderId" } } } }
            """, "start.Done>ev", "ev.Done>d", "d.True>w", "d.False>ev"));

        Assert.Empty(validation.Faults);
        Assert.Equal("ev", Assert.Single(validation.Triggers).ActivityId);
    }

    [Fact]
    public void A_join_after_a_fork_is_not_suspected()
    {
        var validation = Validate(Samples.Flow(
            """{ "id": "a", "type": "Elsa.Start" }, { "id": "x", "type": "Test.Echo" }, { "id": "y", "type": "Test.Echo" }, { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" }""",
            "a.Done>x", "a.Done>y", "x.Done>j", "y.Done>j"));

        Assert.Empty(validation.Faults);
    }

    [Theory]
    [InlineData("TokenBased", "a.Done>p a.Done>y p.Done>d d.False>p d.True>j y.Done>j")]
    [InlineData("CounterBased", "a.Done>p p.Done>d d.False>p d.True>x x.Done>j x.Done>y y.Done>j")]
    [InlineData("CounterBased", "a.Done>x x.Done>p x.Done>y p.Done>d d.False>x d.True>j y.Done>j")]
    public void A_loop_before_the_fork_or_around_it_or_with_tokens_is_not_suspected(string mode, string connections)
    {
        var text = Samples.Flow(
            """{ "id": "a", "type": "Elsa.Start" }, { "id": "p", "type": "Elsa.Event", "eventName": "p" }, { "id": "d", "type": "Elsa.FlowDecision" }, { "id": "x", "type": "Test.Echo" }, { "id": "y", "type": "Test.Echo" }, { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" }""",
            connections.Split(' '));

        Assert.DoesNotContain(
            Validate(text.Replace("\"id\": \"fc\",", "\"id\": \"fc\", \"customProperties\": { \"Flowchart:ExecutionMode\": \"" + mode + "\" },", StringComparison.Ordinal)).Faults,
            f => f.Code is "join-behind-loop" or "illegal-loop");
    }

    [Fact]
    public void Loop_variables_are_known_inside_a_loop_only()
    {
        const string Line = """{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Variable", "value": { "id": "CurrentValue", "name": "CurrentValue" } } } }""";

        Assert.Empty(Validate(Samples.Flow($$"""{ "id": "each", "type": "Elsa.Sequence", "body": {{Line}} }""")).Faults);
        Assert.Contains(Validate(Samples.Flow(Line)).Faults, f => f.Code == "unknown-variable");
    }

    private static Validation Validate(string text)
    {
        var document = Samples.Document(text);
        var graph = Samples.Graph(text, r => r.DefinitionId == "sample" ? document : null);
        return DefinitionValidator.Validate(graph, [new StoredTrigger("t", "foreign", "foreign-1", "Elsa.HttpEndpoint", "x", "h", new JsonObject { ["Path"] = "/taken", ["Method"] = "GET" })]);
    }
}
