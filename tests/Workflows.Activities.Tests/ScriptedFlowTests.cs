using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>Definitions whose decisions, loops and texts are JavaScript, as users of Elsa write them.</summary>
public sealed class ScriptedFlowTests
{
    [Theory]
    [InlineData(1288.5, "paid", "ship")]
    [InlineData(1288.5, "refunded", "hold")]
    [InlineData(99, "paid", "hold")]
    public void A_decision_leaves_by_what_its_script_says(double total, string status, string expected)
    {
        var run = Run(Order(total, status), Chart(
            [Step("Elsa.FlowDecision", "d", ("condition", Script("variables.order.total > 500 && variables.order.status === 'paid'", "Boolean"))), Line("ship"), Line("hold")],
            "d:True->ship", "d:False->hold"));

        Assert.Equal(expected, run.Lines);
    }

    [Theory]
    [InlineData(50, "小额")]
    [InlineData(500, "中额")]
    [InlineData(5000, "default")]
    public void A_switch_takes_the_first_case_whose_script_holds(double total, string expected)
    {
        var cases = new JsonArray(Case("小额", "getOrder().total < 100"), Case("中额", "getVariable('order').total < 1000"));
        var run = Run(Order(total, "paid"), Chart(
            [Step("Elsa.FlowSwitch", "sw", ("cases", cases)), Line("小额"), Line("中额"), Line("default")],
            "sw:小额->小额", "sw:中额->中额", "sw:Default->default"));

        Assert.Equal(expected, run.Lines);
    }

    [Fact]
    public void A_loop_counts_with_setVariable_and_walks_over_a_computed_list()
    {
        var run = Run(Order(5, "paid"), Sequence("s",
            Step("Elsa.While", "w", ("condition", Script("variables.n < 3", "Boolean")), ("body", Sequence("b", Text("line", "`第 ${variables.n + 1} 次`"), Set("add", "n", Script("variables.n + 1"))))),
            Step("Elsa.ForEach", "each", ("items", Script("variables.order.items.filter(i => i.qty > 1).map(i => i.sku)")), ("body", Text("item", "'SKU ' + getVariable('CurrentValue')")))));

        Assert.Equal("第 1 次 第 2 次 第 3 次 SKU A-1 SKU C-3", run.Lines);
    }

    [Fact]
    public void The_last_result_and_an_activitys_output_can_be_read()
    {
        var run = Run(Order(5, "paid"), Sequence("s", Event("scored"), Text("read", "`${getOutputFrom('scored').points} ${getLastResult().points} ${getResultFromScored().points}`")));
        run.Publish("scored", new JsonObject { ["points"] = 30 });

        Assert.Equal("30 30 30", run.Lines);
    }

    [Fact]
    public void A_script_that_changes_a_variable_is_remembered_over_a_wait()
    {
        var run = Run(Order(5, "paid"), Sequence("s",
            Text("change", "variables.order.items.push({ sku: 'D-4', qty: 9 }), variables.order.note = '加急', 'changed'"),
            Event("go"),
            Text("read", "variables.order.note + variables.order.items.length")));
        run.Publish("go");

        Assert.Equal("changed 加急4", run.Lines);
    }

    [Fact]
    public void A_failing_script_is_an_incident_that_names_activity_input_place_and_the_nearest_name()
    {
        var run = Run(Order(5, "paid"), Sequence("s", Text("bad", "1 +\n  variables[`ordr`].total")));

        var incident = Assert.Single(run.Instance.Incidents);
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
        Assert.EndsWith("bad", incident.NodeId, StringComparison.Ordinal);
        Assert.Contains("“text”", incident.Message, StringComparison.Ordinal);
        Assert.Contains("第 2 行", incident.Message, StringComparison.Ordinal);
        Assert.Contains("“order”", incident.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) {}")]
    [InlineData("'x'.repeat(1e8)")]
    [InlineData("(() => { const f = () => f(); return f(); })()")]
    public void A_script_without_end_faults_its_instance_and_nothing_else(string script)
    {
        var run = Run(Order(5, "paid"), Sequence("s", Text("bad", script)));

        Assert.Contains("上限", Assert.Single(run.Instance.Incidents).Message, StringComparison.Ordinal);
    }

    private static JsonObject Order(double total, string status) => new()
    {
        ["total"] = total,
        ["status"] = status,
        ["items"] = new JsonArray(Item("A-1", 2), Item("B-2", 1), Item("C-3", 3)),
    };

    private static JsonObject Item(string sku, int quantity) => new() { ["sku"] = sku, ["qty"] = quantity };

    private static JsonObject Text(string id, string script) => Step("Elsa.WriteLine", id, ("text", Script(script, "String")));

    private static JsonObject Case(string label, string condition) => new()
    {
        ["label"] = label,
        ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = condition },
    };

    private static InMemoryRun Run(JsonObject order, JsonObject root)
    {
        var run = InMemoryRun.Of(new Flow(root).With("order", order).With("n", 0));
        run.Start();
        return run;
    }
}
