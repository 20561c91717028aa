using Workflows.Activities;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Definitions;

/// <summary>The compiler and the validator against the activities that are shipped.</summary>
public sealed class RealActivitiesTests
{
    private static readonly ActivityCatalogue Catalogue = ActivityRegistration.Catalogue();

    [Fact]
    public void Every_documented_container_is_known_and_its_nested_activities_are_compiled()
    {
        var graph = Compile(GoldenFiles.Text("elsa-containers.json"));

        Assert.DoesNotContain(graph.Faults, f => f.Code == "unknown-activity");
        Assert.Superset(new HashSet<string> { "t", "wb", "eb", "pb", "b1", "b2", "c1", "d", "ok", "um", "en", "tr", "ac" }, graph.Nodes.Select(n => n.Id).ToHashSet());
    }

    [Theory]
    [InlineData("Elsa.Delay", true)]
    [InlineData("Elsa.Timer", true)]
    [InlineData("Elsa.Cron", true)]
    [InlineData("Elsa.StartAt", true)]
    [InlineData("Elsa.Event", true)]
    [InlineData("Elsa.HttpEndpoint", true)]
    [InlineData("Elsa.RunTask", true)]
    [InlineData("Elsa.FlowSendHttpRequest", true)]
    [InlineData("Elsa.DispatchWorkflow", true)]
    [InlineData("Human.Approval", true)]
    [InlineData("Human.Task", true)]
    [InlineData("Elsa.FlowDecision", false)]
    [InlineData("Elsa.FlowSwitch", false)]
    [InlineData("Elsa.FlowFork", false)]
    [InlineData("Elsa.FlowJoin", false)]
    [InlineData("Elsa.SetVariable", false)]
    [InlineData("Elsa.WriteLine", false)]
    [InlineData("Elsa.Start", false)]
    [InlineData("Elsa.Correlate", false)]
    [InlineData("Elsa.SetOutput", false)]
    [InlineData("Elsa.PublishEvent", false)]
    public void The_validator_knows_where_a_run_may_rest(string type, bool mayWait)
    {
        var node = Compile($$"""{ "root": { "id": "x", "type": "{{type}}" } }""").Find("Workflow1:x")!;

        Assert.NotEqual(typeof(NotFoundActivity), node.ActivityType.ClrType);
        Assert.Equal(mayWait, FlowGraph.MayWait(node));
    }

    [Fact]
    public void Bad_cron_and_conflicting_routes_are_refused()
    {
        var validation = DefinitionValidator.Validate(Compile("""
            { "definitionId": "d", "id": "d-1", "root": { "id": "fc", "type": "Elsa.Flowchart", "activities": [
                { "id": "c", "type": "Elsa.Cron", "customProperties": { "canStartWorkflow": true }, "cronExpression": "0 61 * * * *" },
                { "id": "a", "type": "Elsa.HttpEndpoint", "customProperties": { "canStartWorkflow": true }, "path": "orders/{id}" },
                { "id": "b", "type": "Elsa.HttpEndpoint", "customProperties": { "canStartWorkflow": true }, "path": "/orders/{no}" } ] } }
            """));

        Assert.Equal([("bad-cron", "Workflow1:fc:c"), ("route-conflict", "Workflow1:fc:b")], validation.Faults.Select(f => (f.Code, f.NodeId)));
    }

    private static WorkflowGraph Compile(string text) => GraphCompiler.Compile(Samples.Document(text), Catalogue, ExpressionLanguages.BuiltIn);
}
