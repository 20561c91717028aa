using System.Text.Json.Nodes;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>Liquid in the inputs of activities, as Elsa Studio writes it.</summary>
public sealed class LiquidMessageTests
{
    private static JsonNode Order => JsonNode.Parse("""{"no":"T20260302-001","total":1234.5,"customer":{"name":"张三","phone":"13812341234"},"items":[{"name":"茶杯","qty":2},{"name":"茶壶","qty":1}]}""")!;

    [Fact]
    public void Titles_and_messages_are_filled_in_from_variables_and_inputs()
    {
        var run = Run(new Flow(Sequence("s",
            Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor"))), ("title", Liquid("退款审批 {{ Variables.order.no }}（{{ Input.amount | money }}）"))),
            Step("Notify.Message", "m", ("users", Json(new JsonArray("cs_agent_1"))), ("channels", Json(new JsonArray("site"))),
                ("subject", Liquid("{{ Variables.order.no }} 已{% if Input.amount > 500 %}由主管{% endif %}批准")),
                ("body", Liquid("""
                    客户：{{ Variables.order.customer.name | mask: 1, 0 }}（{{ Variables.order.customer.phone | mask }}）
                    {%- for item in Variables.order.items %}
                    {{ forloop.index }}. {{ item.name }} × {{ item.qty }}
                    {%- endfor %}
                    {{ 'now' | date: "%Y年%m月%d日 %A %H:%M" }}，流程 {{ WorkflowInstanceId }}{{ CorrelationId }}
                    """))))).With("order", Order).WithInput("amount"))
            .WithInput("amount", 888);
        run.Start();

        Assert.Equal("退款审批 T20260302-001（¥888.00）", run.OpenTask.Title);
        run.Act("supervisor", "approve");

        var message = run.Effects.Single(e => e.Kind == "notify.site" && (string?)e.Payload!["user"] == "cs_agent_1").Payload!;
        Assert.Equal("T20260302-001 已由主管批准", (string?)message["subject"]);
        Assert.Equal("客户：张*（138****1234）\n1. 茶杯 × 2\n2. 茶壶 × 1\n2026年03月02日 星期一 17:00，流程 i1", ((string?)message["body"])!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Decisions_loops_and_waits_take_liquid_too()
    {
        var run = Run(new Flow(Sequence("s",
            Step("Elsa.If", "if", ("condition", Liquid("{{ Variables.order.total > 1000 }}", "Boolean")), ("then", Line("large")), ("else", Line("small"))),
            Step("Elsa.ForEach", "each", ("items", Liquid("{{ Variables.order.items | map: 'name' | json }}", "Object")),
                ("body", Step("Elsa.WriteLine", "line", ("text", Liquid("{{ Variables.CurrentValue }}"))))),
            Step("Elsa.Delay", "wait", ("timeSpan", Liquid("00:{{ Variables.order.items.size | times: 15 }}:00", "TimeSpan"))),
            Line("after"))).With("order", Order));
        run.Start();

        Assert.Equal("large 茶杯 茶壶", run.Lines);
        Assert.Equal(run.Now + TimeSpan.FromMinutes(30), run.Instance.Timers.Single().DueAt);
    }

    [Fact]
    public void A_value_that_does_not_fit_becomes_an_incident_that_names_input_line_and_column()
    {
        var run = Run(new Flow(Step("Elsa.WriteLine", "w", ("text", Liquid("合计\n{{ Variables.order.no | money }}")))).With("order", Order));
        run.Start();

        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
        Assert.Contains("输入“text”: 第 2 行第 25 列：“T20260302-001”不是金额", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_without_end_becomes_an_incident_and_the_engine_lives_on()
    {
        var run = Run(new Flow(Step("Elsa.WriteLine", "w", ("text", Liquid("{% for i in (1..1000000000) %}x{% endfor %}")))));
        run.Start();

        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
        Assert.Contains("模板超出限制", run.Instance.Incidents.Single().Message, StringComparison.Ordinal);
    }

    private static InMemoryRun Run(Flow flow) => new(flow.Compile([new LiquidLanguage()]), People.Shop);

    private static JsonObject Liquid(string template, string typeName = "String") =>
        new() { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = "Liquid", ["value"] = template } };
}
