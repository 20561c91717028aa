using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Engine.Tests.Definitions;

namespace Workflows.Engine.Tests.Expressions.Liquid;

public sealed class LiquidLanguageTests
{
    [Theory]
    [InlineData("{{ Variables.Total }}/{{ Input.OrderId }}/{{ Variables.Missing }}", "7/A-1/")]
    [InlineData("{{ CorrelationId }} {{ WorkflowInstanceId }} {{ WorkflowDefinitionId }} {{ WorkflowDefinitionVersionId }} {{ WorkflowDefinitionVersion }} {{ WorkflowInstanceName }}", "c i d d-1 1 Sale")]
    [InlineData("{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2026-03-02 09:00")]
    [InlineData("{{ Variables | keys | join: ',' }} {{ Input | json }}", "Total {\"OrderId\":\"A-1\"}")]
    [InlineData("{{ '<b>' }}", "<b>")]
    public void An_expression_sees_what_it_sees_in_Elsa(string template, string text) =>
        Assert.Equal(text, (string?)Evaluate(template, typeof(string)));

    [Theory]
    [InlineData("{{ Variables.Total }}", typeof(int), "7")]
    [InlineData(" {{ Variables.Total | plus: 0.5 }} ", typeof(decimal), "7.5")]
    [InlineData("{% if Variables.Total > 5 %}true{% else %}false{% endif %}", typeof(bool), "true")]
    [InlineData("{{ Variables.Total > 5 }}", typeof(bool), "true")]
    [InlineData("0{{ Variables.Total }}:00:00", typeof(TimeSpan), "\"07:00:00\"")]
    [InlineData("[\"{{ Input.OrderId }}\"]", typeof(JsonArray), "[\"A-1\"]")]
    [InlineData("{ \"id\": {{ Input.OrderId | json }} }", typeof(JsonObject), "{\"id\":\"A-1\"}")]
    [InlineData("{{ Variables.Missing }}", typeof(int), "null")]
    [InlineData("{{ Variables.Missing }}", typeof(string), "\"\"")]
    [InlineData("{{ Variables.Total }}", null, "\"7\"")]
    public void The_text_becomes_the_type_of_the_input(string template, Type? type, string json) =>
        Assert.Equal(json, Evaluate(template, type)?.ToJsonString() ?? "null");

    [Fact]
    public void Text_that_does_not_fit_the_type_is_an_expression_error() =>
        Assert.Contains("不是有效的", Assert.Throws<ExpressionError>(() => Evaluate("{{ Input.OrderId }}", typeof(int))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ Variables.Aproved }}", "unknown-variable", FaultSeverity.Fault, "，是不是“Approved”？", "did you mean Approved?")]
    [InlineData("{{ Variables.Zebra }}", "unknown-variable", FaultSeverity.Fault, "变量“Zebra”不存在", "uses variable Zebra")]
    [InlineData("{{ Input.orderId }}", "unknown-input", FaultSeverity.Fault, "，是不是“OrderId”？", "did you mean OrderId?")]
    [InlineData("{{ Variable.Approved }}", "unknown-name", FaultSeverity.Warning, "，是不是“Variables”？", "did you mean Variables?")]
    [InlineData("{{ Variables.Approved | upcas }}", "bad-expression", FaultSeverity.Fault, "是不是“upcase”", "did you mean upcase?")]
    public void Publication_finds_names_that_do_not_exist(string template, string code, FaultSeverity severity, string zh, string en)
    {
        var fault = Assert.Single(Validate(template));

        Assert.Equal((code, severity, "text"), (fault.Code, fault.Severity, fault.Input));
        Assert.Contains(zh, fault.Zh, StringComparison.Ordinal);
        Assert.Contains(en, fault.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ Variables.Approved }}{{ Input.OrderId }}{{ CorrelationId }}{% for i in Variables.Approved %}{{ i.x }}{{ forloop.index }}{% endfor %}")]
    [InlineData("{% assign y = Input.OrderId %}{{ y }}")]
    public void Publication_is_content_with_names_that_exist(string template) => Assert.Empty(Validate(template));

    [Fact]
    public void Dates_are_in_the_zone_of_the_shop()
    {
        var tokyo = TimeZoneInfo.CreateCustomTimeZone("Tokyo", TimeSpan.FromHours(9), null, null);

        Assert.Equal("10:00", (string?)new LiquidLanguage(tokyo).Compile(new Expression("Liquid", "{{ 'now' | date: '%H:%M' }}"), typeof(string))(new Scope()));
    }

    private static IReadOnlyList<DefinitionFault> Validate(string template)
    {
        var value = JsonValue.Create(template).ToJsonString();
        var json = Samples.Flow($$"""{ "id": "w", "type": "Elsa.WriteLine", "text": { "typeName": "String", "expression": { "type": "Liquid", "value": {{value}} } } }""");
        return DefinitionValidator.Validate(GraphCompiler.Compile(Samples.Document(json), Samples.Catalogue, new ExpressionLanguages([new LiquidLanguage()]))).Faults;
    }

    private static JsonNode? Evaluate(string template, Type? type) => new LiquidLanguage().Compile(new Expression("Liquid", template), type)(new Scope());

    private sealed class Scope : IExpressionScope
    {
        public JsonNode? LastResult => null;

        public string InstanceId => "i";

        public string DefinitionId => "d";

        public string DefinitionVersionId => "d-1";

        public int DefinitionVersion => 1;

        public string? CorrelationId { get; set; } = "c";

        public string? InstanceName { get; set; } = "Sale";

        public DateTimeOffset Now => new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

        public IEnumerable<string> Names => ["Total", "OrderId", "Total"];

        public bool TryGetVariableById(string id, out JsonNode? value) => TryGetVariable(id, out value);

        public bool TryGetVariable(string name, out JsonNode? value) => (value = name == "Total" ? 7 : null) is not null;

        public bool TrySetVariable(string name, JsonNode? value) => false;

        public bool TryGetInput(string name, out JsonNode? value) => (value = name == "OrderId" ? "A-1" : null) is not null;

        public bool TryGetOutput(string activity, string? output, out JsonNode? value)
        {
            value = null;
            return false;
        }

        public string NewId() => "n";
    }
}
