using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;

namespace Workflows.Activities.Tests;

public sealed class CatalogueTests
{
    private static readonly ActivityCatalogue Catalogue = ActivityRegistration.Catalogue();

    public static TheoryData<string> Types => [.. Catalogue.Types.Select(t => t.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_activity_has_labels_in_both_languages_a_category_and_can_be_made(string typeName)
    {
        var type = Catalogue.Find(typeName)!;
        Assert.All([type.Info.Zh, type.Info.En, type.Info.Category], Assert.NotEmpty);
        Assert.All(type.Inputs, i => Assert.False(string.IsNullOrEmpty(i.Info.Zh) || string.IsNullOrEmpty(i.Info.En), i.Name));
        Assert.All(type.Outputs, o => Assert.False(string.IsNullOrEmpty(o.Info.Zh) || string.IsNullOrEmpty(o.Info.En), o.Name));
        Assert.All(type.Branches, b => Assert.False(string.IsNullOrEmpty(b.Info.Zh) || string.IsNullOrEmpty(b.Info.En), b.Name));
        Assert.All(type.Outcomes, o => Assert.False(string.IsNullOrEmpty(o.Zh) || string.IsNullOrEmpty(o.En), o.Name));
        Assert.Equal(type.Inputs.Count, type.Inputs.Select(i => i.Name).Union(type.Branches.Select(b => b.Name)).Count() - type.Branches.Count());

        var node = new ActivityNode { Id = "n", NodeId = "n", Type = typeName, Json = new JsonObject { ["id"] = "n", ["type"] = typeName }, ActivityType = type };
        Assert.Equal(type.ClrType, type.Create(node).GetType());
        Assert.NotEmpty(type.OutcomesOf(node));
    }

    [Theory]
    [InlineData("Sequence Flowchart Parallel Fork If Switch While For ForEach ForEach`1 ParallelForEach ParallelForEach`1 Break Start End Finish Complete Fault Workflow")]
    [InlineData("FlowFork FlowJoin FlowDecision FlowSwitch SetVariable SetOutput Correlate SetName WriteLine StateMachine Event PublishEvent RunTask")]
    [InlineData("Delay Timer Cron StartAt HttpEndpoint WriteHttpResponse SendHttpRequest FlowSendHttpRequest DispatchWorkflow ExecuteWorkflow BulkDispatchWorkflows SendEmail")]
    public void Elsas_activities_are_there_under_their_names(string names) =>
        Assert.All(names.Split(' '), name => Assert.NotNull(Catalogue.Find("Elsa." + name)));
}
