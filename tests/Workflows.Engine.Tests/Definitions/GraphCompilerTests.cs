using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Tests.Definitions;

public sealed class GraphCompilerTests
{
    [Fact]
    public void Node_ids_are_paths_from_the_workflow()
    {
        var graph = Samples.Graph(Samples.Flow("""{ "id": "a", "type": "Elsa.Start" }, { "id": "i", "type": "Elsa.If", "then": { "id": "t", "type": "Elsa.Start" } }""", "a.Done>i"));

        Assert.Equal(["Workflow1", "Workflow1:fc", "Workflow1:fc:a", "Workflow1:fc:i", "Workflow1:fc:i:t"], graph.Nodes.Select(n => n.NodeId));
        Assert.Equal("t", graph.Find("Workflow1:fc:i")!.Branch("then")!.Id);
        Assert.Same(graph.Find("Workflow1:fc"), graph.Workflow.Branch("root"));
        Assert.Empty(graph.Faults);
    }

    [Fact]
    public void Embedded_cases_get_branches_and_expressions_named_by_their_place()
    {
        var graph = Samples.Graph(Samples.Flow("""
            { "id": "s", "type": "Elsa.Switch",
              "cases": [
                { "label": "big", "condition": { "type": "Literal", "value": "true" }, "activity": { "id": "x", "type": "Elsa.Start" } },
                { "label": "small", "condition": { "type": "Variable", "value": { "id": "v1" } }, "activity": null } ],
              "default": { "id": "d", "type": "Elsa.Start" } }
            """));

        var node = graph.Find("Workflow1:fc:s")!;
        Assert.Equal("x", node.Branch("cases[0].activity")!.Id);
        Assert.Equal("d", node.Branch("default")!.Id);
        Assert.Null(node.Branch("cases[1].activity"));
        Assert.Equal("Variable", node.Inputs["cases[1].condition"].Expression.Type);
        Assert.True(node.Inputs.ContainsKey("cases"));
    }

    [Fact]
    public void State_machines_keep_the_activities_of_states_and_transitions()
    {
        var graph = Samples.Graph("""
            { "name": "m", "root": { "id": "m", "type": "Elsa.Sequence",
                "states": [ { "name": "A", "entry": { "id": "in", "type": "Elsa.Start" }, "exit": { "id": "out", "type": "Elsa.Start" } } ],
                "transitions": [ { "from": "A", "to": "B", "trigger": { "id": "t", "type": "Elsa.Event" }, "condition": { "type": "Literal", "value": true }, "action": { "id": "act", "type": "Elsa.Start" } } ] } }
            """);

        var node = graph.Workflow.Branch("root")!;
        Assert.Equal(["states[0].entry", "states[0].exit", "transitions[0].trigger", "transitions[0].action"], node.Branches.Keys);
        Assert.True(node.Inputs.ContainsKey("transitions[0].condition"));
    }

    [Fact]
    public void An_unknown_type_is_kept_and_fails_only_when_it_runs()
    {
        var graph = Samples.Graph(Samples.Flow("""{ "id": "u", "type": "Acme.Teleport", "beam": { "up": [1, null] } }"""));

        var node = graph.Find("Workflow1:fc:u")!;
        Assert.Equal("Acme.Teleport", node.Type);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "up": [1, null] }"""), node.Json["beam"]));
        Assert.Equal("unknown-activity", Assert.Single(graph.Faults).Code);

        var (instance, _) = Run(graph);
        var incident = Assert.Single(instance.Incidents);
        Assert.Equal(("unknown-activity", "Acme.Teleport"), (incident.Kind, incident.ActivityType));
    }

    [Fact]
    public void A_bad_expression_is_noted_at_its_node_and_fails_only_when_it_runs()
    {
        var graph = Samples.Graph(Samples.Flow("""{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "CSharp", "value": "1" } } }"""));

        var fault = Assert.Single(graph.Faults);
        Assert.Equal(("refused-syntax", "Workflow1:fc:w", "text"), (fault.Code, fault.NodeId, fault.Input));
        Assert.Single(Run(graph).Instance.Incidents);
    }

    [Fact]
    public void Equal_ids_do_not_stop_the_compiler()
    {
        var graph = Samples.Graph(Samples.Flow("""{ "id": "a", "type": "Elsa.Start" }, { "id": "a", "type": "Elsa.Start" }"""));

        Assert.Equal(["Workflow1:fc:a", "Workflow1:fc:a~2"], graph.Workflow.Branch("root")!.Children.Select(n => n.NodeId));
    }

    [Fact]
    public void Options_are_read_by_their_short_names()
    {
        var options = Samples.Graph("""
            { "name": "o", "root": { "type": "Elsa.Start" }, "customProperties": { "Flowchart:ExecutionMode": "TokenBased" },
              "options": { "activationStrategyType": "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime",
                           "incidentStrategyType": "Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", "commitStrategyName": "ActivityExecuted" } }
            """).Options;

        Assert.Equal(new WorkflowOptions { ActivationStrategy = "Singleton", IncidentStrategy = "ContinueWithIncidents", CommitStrategy = "ActivityExecuted", FlowchartMode = "TokenBased" }, options);
    }

    [Fact]
    public void Variables_follow_the_storage_driver_and_their_type()
    {
        var variables = Samples.Graph("""
            { "name": "v", "root": { "type": "Elsa.Start" }, "variables": [
              { "id": "1", "name": "a", "typeName": "Boolean", "value": "true", "storageDriverTypeName": "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" },
              { "id": "2", "name": "b", "typeName": "Int32", "value": "7", "storageDriverTypeName": "Elsa.Workflows.MemoryStorageDriver, Elsa.Workflows.Core" },
              { "id": "3", "name": "c", "typeName": "String", "isArray": true, "value": "[\"x\"]", "storageDriverTypeName": "Elsa.Workflows.WorkflowStorageDriver, Elsa.Workflows.Core" },
              { "id": "4", "name": "d", "typeName": "String" } ] }
            """).Workflow.Variables;

        Assert.Equal([true, false, true, false], variables.Select(v => v.IsPersisted));
        Assert.Equal(["true", "7", "[\"x\"]", null], variables.Select(v => v.Default?.ToJsonString()));
    }

    [Fact]
    public void A_workflow_used_as_activity_has_its_own_scope_and_node_ids_per_place()
    {
        var called = Samples.Document("""
            { "definitionId": "greet", "id": "greet-1", "name": "Greet",
              "variables": [{ "id": "v1", "name": "Approved", "typeName": "String", "value": "inner", "storageDriverTypeName": "WorkflowInstance" }],
              "inputs": [{ "name": "Who", "type": "String" }], "outputs": [{ "name": "Said", "type": "String" }, { "name": "Bound", "type": "String" }],
              "root": { "id": "seq", "type": "Elsa.Sequence", "activities": [
                { "id": "so", "type": "Elsa.SetOutput", "outputName": { "typeName": "String", "expression": { "type": "Literal", "value": "Said" } },
                  "outputValue": { "typeName": "Object", "expression": { "type": "Input", "value": { "name": "Who" } } } },
                { "id": "e", "type": "Test.Echo", "value": { "typeName": "Object", "expression": { "type": "Variable", "value": { "id": "v1" } } }, "result": { "typeName": "Object", "memoryReference": { "id": "Bound" } } },
                { "id": "c", "type": "Elsa.Complete", "outcome": { "typeName": "String", "expression": { "type": "Literal", "value": "Polite" } } } ] } }
            """);
        var graph = Samples.Graph("""
            { "definitionId": "outer", "id": "outer-1", "name": "Outer",
              "variables": [{ "id": "v1", "name": "Approved", "typeName": "String", "value": "outer", "storageDriverTypeName": "WorkflowInstance" },
                            { "id": "v2", "name": "Answer", "typeName": "String", "storageDriverTypeName": "WorkflowInstance" },
                            { "id": "v3", "name": "Other", "typeName": "String", "storageDriverTypeName": "WorkflowInstance" }],
              "root": { "id": "seq", "type": "Elsa.Sequence", "activities": [
                { "id": "one", "type": "Greet", "workflowDefinitionId": "greet", "workflowDefinitionVersionId": "greet-1",
                  "who": { "typeName": "String", "expression": { "type": "Variable", "value": { "id": "v1" } } },
                  "said": { "typeName": "String", "memoryReference": { "id": "v2" } }, "bound": { "typeName": "String", "memoryReference": { "id": "v3" } } },
                { "id": "two", "type": "Greet", "workflowDefinitionId": "greet", "workflowDefinitionVersionId": "greet-1" } ] } }
            """, r => r.VersionId == "greet-1" ? called : null);

        Assert.Empty(graph.Faults);
        Assert.NotNull(graph.Find("Workflow1:seq:one:Workflow1:seq:so"));
        Assert.NotNull(graph.Find("Workflow1:seq:two:Workflow1:seq:so"));

        var (instance, result) = Run(graph);
        Assert.Equal(WorkflowSubStatus.Finished, instance.SubStatus);
        Assert.Equal(("outer", "inner"), ((string?)instance.Executions[0].Variables!["v2"], (string?)instance.Executions[0].Variables!["v3"]));
        Assert.Contains(result.Changes.Journal, j => j.NodeId == "Workflow1:seq:one" && j.Event == "Completed" && j.Payload!.ToJsonString().Contains("Polite", StringComparison.Ordinal));
        Assert.Empty(instance.Output);
    }

    [Fact]
    public void A_workflow_that_contains_itself_is_noted_not_followed()
    {
        var text = """{ "definitionId": "loop", "id": "loop-1", "name": "Loop", "root": { "id": "me", "type": "Loop", "workflowDefinitionId": "loop" } }""";
        var document = Samples.Document(text);

        Assert.Equal("recursive-workflow", Assert.Single(Samples.Graph(text, _ => document).Faults).Code);
        Assert.Equal("unknown-workflow", Assert.Single(Samples.Graph(text).Faults).Code);
    }

    private static (WorkflowInstance Instance, BurstResult.Changed Result) Run(WorkflowGraph graph)
    {
        var now = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        var instance = new WorkflowInstance { Id = "i", DefinitionId = graph.DefinitionId, DefinitionVersionId = graph.VersionId, CreatedAt = now };
        var result = Interpreter.Run(new BurstRequest { Graph = graph, Instance = instance, Stimulus = new Stimulus.Start(), Now = now });
        return (instance, Assert.IsType<BurstResult.Changed>(result));
    }
}
