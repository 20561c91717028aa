using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class StateMachineTests
{
    [Fact]
    public void The_first_trigger_whose_condition_holds_leads_on_and_the_others_are_cancelled()
    {
        var states = new JsonArray(
            new JsonObject { ["name"] = "open", ["entry"] = Line("enter-open"), ["exit"] = Line("exit-open") },
            new JsonObject { ["name"] = "closed", ["entry"] = Line("enter-closed") });
        var transitions = new JsonArray(
            new JsonObject { ["from"] = "open", ["to"] = "closed", ["trigger"] = Event("close"), ["condition"] = Condition("allowed"), ["action"] = Line("closing") },
            new JsonObject { ["from"] = "open", ["to"] = "open", ["trigger"] = Event("stay") });
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.StateMachine", "m", ("states", states), ("transitions", transitions)), Line("end"))).With("allowed", false, "Boolean"));
        run.Start();
        Assert.Equal("enter-open", run.Lines);

        run.Publish("close");
        Assert.Equal("enter-open", run.Lines);
        run.Publish("stay");
        Assert.Equal("enter-open exit-open enter-open", run.Lines);
        run.Instance.Executions[0].Variables!["allowed"] = true;
        run.Publish("close");

        Assert.Equal("enter-open exit-open enter-open closing exit-open enter-closed end", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    private static JsonObject Condition(string variable) =>
        new() { ["type"] = "Variable", ["value"] = new JsonObject { ["id"] = variable, ["name"] = variable, ["typeName"] = "Boolean" } };
}
