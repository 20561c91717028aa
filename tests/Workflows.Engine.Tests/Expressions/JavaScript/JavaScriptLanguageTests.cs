using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Scripts as definitions carry them: Elsa's names, data in and out, errors.</summary>
public sealed class JavaScriptLanguageTests
{
    private readonly ScriptScope _scope = new()
    {
        Variables =
        {
            ["order"] = JsonNode.Parse("""{"total":1288.5,"status":"paid","items":[{"sku":"A-1","qty":2},{"sku":"B-7","qty":1}]}"""),
            ["approved"] = JsonValue.Create(true),
            ["Items"] = JsonNode.Parse("""["a","b"]"""),
            ["尺寸"] = JsonValue.Create("大"),
        },
        Inputs = { ["Promotion"] = JsonValue.Create("双11"), ["limit"] = JsonValue.Create(50) },
        Outputs = { [("SendHttp", "statusCode")] = JsonValue.Create(404), [("SendHttp", "result")] = JsonValue.Create("no") },
        LastResult = JsonValue.Create("last"),
    };

    [Theory]
    [InlineData("variables.order.total > 500 && variables.order.status === 'paid' && variables.order.items.length < 10", "true")]
    [InlineData("getVariable('order').items.map(i => i.qty).reduce((a, b) => a + b, 0)", "3")]
    [InlineData("getOrder().items[1].sku", "\"B-7\"")]
    [InlineData("getApproved() ? '同意' : '拒绝'", "\"同意\"")]
    [InlineData("variables.尺寸 + getItems().length", "\"大2\"")]
    [InlineData("getInput('Promotion') + '/' + getPromotion() + '/' + getLimit()", "\"双11/双11/50\"")]
    [InlineData("getOutputFrom('SendHttp', 'statusCode') + getOutputFrom('SendHttp')", "\"404no\"")]
    [InlineData("getStatusCodeFromSendHttp()", "404")]
    [InlineData("getOutputFrom('Nobody') === undefined", "true")]
    [InlineData("getInput('nothing') === undefined", "true")]
    [InlineData("getLastResult()", "\"last\"")]
    [InlineData("[getWorkflowInstanceId(), getWorkflowDefinitionId(), getWorkflowDefinitionVersionId(), getWorkflowDefinitionVersion(), getCorrelationId(), getWorkflowInstanceName()]",
        """["instance-1","definition-1","definition-1:3",3,"order-7",null]""")]
    [InlineData("isNullOrEmpty('') && isNullOrEmpty(null) && isNullOrWhiteSpace(' \\t') && !isNullOrEmpty('x')", "true")]
    [InlineData("toJson(variables.order.items[0])", """"
        "{\"sku\":\"A-1\",\"qty\":2}"
        """")]
    [InlineData("fromJson('{\"a\":[1,2]}').a[1]", "2")]
    [InlineData("parseGuid('7D444840-9DC0-11D1-B245-5FFDCE74FAD2')", "\"7d444840-9dc0-11d1-b245-5ffdce74fad2\"")]
    [InlineData("newGuid().length + newGuidString().length + newShortGuid().length", "94")]
    [InlineData("newGuid() !== newGuid()", "true")]
    [InlineData("const total = variables.order.total; if (total > 1000) { return '大额'; } return '普通';", "\"大额\"")]
    [InlineData("new Date().toISOString()", "\"2026-11-22T07:04:05.000Z\"")]
    [InlineData("new Date().getHours()", "15")]
    [InlineData("({ order: variables.order, at: new Date(0), nothing: undefined, f: () => 1 })", """{"order":{"total":1288.5,"status":"paid","items":[{"sku":"A-1","qty":2},{"sku":"B-7","qty":1}]},"at":"1970-01-01T00:00:00.000Z"}""")]
    [InlineData("undefined", "null")]
    [InlineData("", "null")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("Object.keys(variables).length", "4")]
    public void A_script_sees_the_data_of_the_workflow(string script, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Run(script)), $"{script} gave {Run(script)?.ToJsonString() ?? "null"}");

    [Fact]
    public void Setting_a_variable_stores_it()
    {
        Run("setVariable('approved', false); variables.order = { total: 1 }; setItems(['c']); setCorrelationId('o-8'); setWorkflowInstanceName('改名')");

        Assert.Equal("false", _scope.Variables["approved"]!.ToJsonString());
        Assert.Equal("""{"total":1}""", _scope.Variables["order"]!.ToJsonString());
        Assert.Equal("""["c"]""", _scope.Variables["Items"]!.ToJsonString());
        Assert.Equal("o-8", _scope.CorrelationId);
        Assert.Equal("改名", _scope.InstanceName);
    }

    [Fact]
    public void A_variable_changed_from_inside_is_stored_and_the_data_given_stays_as_it_was()
    {
        var before = _scope.Variables["order"]!;
        var text = before.ToJsonString();

        Run("variables.order.items[0].qty = 5; getItems().push('c'); variables.order.items.length");

        Assert.Equal(text, before.ToJsonString());
        Assert.Equal("5", _scope.Variables["order"]!["items"]![0]!["qty"]!.ToJsonString());
        Assert.Equal("""["a","b","c"]""", _scope.Variables["Items"]!.ToJsonString());
    }

    [Fact]
    public void A_variable_only_read_is_not_stored_again()
    {
        var before = _scope.Variables["order"];

        Run("variables.order.items.filter(i => i.qty > 1).length");

        Assert.Same(before, _scope.Variables["order"]);
    }

    [Fact]
    public void Ids_are_the_same_in_every_run_of_the_same_burst()
    {
        var first = new ScriptScope();
        var second = new ScriptScope();

        Assert.Equal(Run("newGuid() + newShortGuid() + Math.random()", first)!.ToJsonString(), Run("newGuid() + newShortGuid() + Math.random()", second)!.ToJsonString());
    }

    [Theory]
    [InlineData("variables.ordr.total", "第 1 行第", "order")]
    [InlineData("getVariable('aproved')", "第 1 行", "approved")]
    [InlineData("getOrdr()", "第 1 行", "order")]
    [InlineData("variables.order.customer.name", "customer", "?.")]
    [InlineData("1;\n  null.x", "第 2 行第", "null")]
    [InlineData("variables.order.items.lenght()", "第 1 行", "不是函数")]
    [InlineData("variables.Items.fliter(x => x)", "第 1 行", "filter")]
    [InlineData("throw new Error('库存不足')", "第 1 行第 1 列", "库存不足")]
    [InlineData("while (true) {}", "上限", "limit")]
    [InlineData("(function f() { return f(); })()", "调用深度上限", "200")]
    [InlineData("let s = 'x'; while (true) s += s;", "上限", "limit")]
    public void An_error_names_place_cause_and_expression(string script, string first, string second)
    {
        var error = Assert.Throws<ExpressionError>(() => Run(script));

        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
        Assert.Contains(script[..2], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("getVarible('x')")]
    [InlineData("order.total > 5", "variables.order")]
    [InlineData("variabels.order", "variables")]
    [InlineData("console.log(1)", "console")]
    [InlineData("process.exit()", "process")]
    [InlineData("let a = ;", "第 1 行")]
    public void What_means_nothing_is_found_before_anything_runs(string script, string says = "")
    {
        if (says.Length == 0)
        {
            Assert.Contains(new JavaScriptLanguage().ReferencesOf(new Expression("JavaScript", script)), r => r.Name == "Varible");
            return;
        }

        var error = Assert.Throws<ExpressionError>(() => new JavaScriptLanguage().Compile(new Expression("JavaScript", script), null));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("[]", true)]
    [InlineData("null", null)]
    [InlineData("'true'", "true")]
    public void A_condition_takes_numbers_and_objects_for_what_they_are_in_the_language(string script, object? expected)
    {
        var result = new JavaScriptLanguage().Compile(new Expression("JavaScript", script), typeof(bool))(_scope);

        Assert.Equal(expected?.ToString()?.ToUpperInvariant(), result?.ToString().ToUpperInvariant());
    }

    [Fact]
    public void A_script_tells_which_values_it_names()
    {
        var references = new JavaScriptLanguage().ReferencesOf(new Expression("JavaScript",
            "const variables2 = 1; if (getVariable('a') > variables.b) { setVariable('c', getInput('d')); } getE(); [1].map(x => x.f); (variables => variables.g)({ g: 1 })"));

        Assert.Equal(
            [(ReferenceKind.Variable, "a"), (ReferenceKind.Variable, "b"), (ReferenceKind.Variable, "c"), (ReferenceKind.Input, "d"), (ReferenceKind.Value, "E")],
            references.Select(r => (r.Kind, r.Name)).Order());
    }

    private JsonNode? Run(string script, ScriptScope? scope = null) =>
        new JavaScriptLanguage().Compile(new Expression("JavaScript", script), null)(scope ?? _scope);
}
