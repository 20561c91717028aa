using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Expressions;

public sealed class BuiltInLanguagesTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public enum Colour
    {
        Red,
        Green,
    }

    /// <summary>Literal as JSON, target type, expected JSON.</summary>
    public static TheoryData<string, Type, string> Literals => new()
    {
        { "\"5\"", typeof(int), "5" },
        { "5", typeof(int), "5" },
        { "\"5\"", typeof(string), "\"5\"" },
        { "5", typeof(string), "5" },
        { "\" 12 \"", typeof(long), "12" },
        { "\"1.50\"", typeof(decimal), "1.50" },
        { "\"2.5e2\"", typeof(double), "250" },
        { "\"True\"", typeof(bool), "true" },
        { "\"false\"", typeof(bool?), "false" },
        { "true", typeof(bool), "true" },
        { "\"2.00:00:00\"", typeof(TimeSpan), "\"2.00:00:00\"" },
        { "\"00:05\"", typeof(TimeSpan), "\"00:05:00\"" },
        { "\"P1DT2H\"", typeof(TimeSpan), "\"1.02:00:00\"" },
        { "\"2026-03-01T08:00:00+08:00\"", typeof(DateTimeOffset), "\"2026-03-01T08:00:00.0000000+08:00\"" },
        { "\"green\"", typeof(Colour), "\"Green\"" },
        { "\"1\"", typeof(Colour), "\"Green\"" },
        { "\"one\"", typeof(string[]), "[\"one\"]" },
        { "\"[\\\"a\\\",\\\"b\\\"]\"", typeof(string[]), "[\"a\",\"b\"]" },
        { "[\"a\"]", typeof(List<string>), "[\"a\"]" },
        { "\"{\\\"a\\\":1}\"", typeof(JsonObject), "{\"a\":1}" },
        { "\"text\"", typeof(JsonNode), "\"text\"" },
        { "\"text\"", typeof(object), "\"text\"" },
        { "\"\"", typeof(int), "null" },
        { "\"  \"", typeof(TimeSpan), "null" },
        { "\"\"", typeof(string), "\"\"" },
        { "null", typeof(int), "null" },
        { "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"", typeof(Guid), "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"" },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void A_literal_becomes_the_type_it_is_for(string literal, Type type, string expected) =>
        Assert.Equal(expected, Evaluate("Literal", JsonNode.Parse(literal), type)?.ToJsonString(Plain) ?? "null");

    [Theory]
    [InlineData("many", typeof(int))]
    [InlineData("1e400", typeof(double))]
    [InlineData("1e400", typeof(decimal))]
    [InlineData("99999999999", typeof(int))]
    [InlineData("1.5", typeof(int))]
    [InlineData("yes", typeof(bool))]
    [InlineData("soon", typeof(TimeSpan))]
    [InlineData("Blue", typeof(Colour))]
    [InlineData("7", typeof(Colour))]
    [InlineData("{", typeof(JsonObject))]
    public void A_literal_of_the_wrong_kind_is_refused_before_it_runs(string literal, Type type)
    {
        var error = Assert.Throws<ExpressionError>(() => ExpressionLanguages.BuiltIn.Compile(new Expression("Literal", literal), type));

        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", error.Message);
    }

    [Theory]
    [InlineData("Object")]
    [InlineData("Json")]
    public void An_object_is_json_as_text_or_as_data(string syntax)
    {
        Assert.Equal("[1,{\"a\":null}]", Evaluate(syntax, "[1, {\"a\": null}]", typeof(JsonNode))!.ToJsonString());
        Assert.Equal("[1]", Evaluate(syntax, new JsonArray(1), typeof(JsonNode))!.ToJsonString());
        Assert.Null(Evaluate(syntax, " ", typeof(JsonNode)));
        Assert.Equal("\"{\"", Evaluate(syntax, "{", typeof(string))!.ToJsonString());
        Assert.Throws<ExpressionError>(() => Evaluate(syntax, "{\"a\":1,\"a\":2}", typeof(JsonNode)));
    }

    [Theory]
    [InlineData("""{ "id": "v1", "name": "Other" }""")]
    [InlineData("""{ "name": "Total" }""")]
    [InlineData("""{ "id": "gone", "name": "Total" }""")]
    [InlineData("""  "{\"id\":\"v1\",\"name\":\"Total\"}"  """)]
    [InlineData(""" "v1" """)]
    [InlineData(""" "Total" """)]
    public void A_variable_is_found_by_id_then_by_name(string reference) =>
        Assert.Equal(7, (int)Evaluate("Variable", JsonNode.Parse(reference), null)!);

    [Fact]
    public void A_variable_that_is_not_there_is_an_error_that_names_it()
    {
        Assert.Contains("Gone", Assert.Throws<ExpressionError>(() => Evaluate("Variable", new JsonObject { ["name"] = "Gone" }, null)).Message, StringComparison.Ordinal);
        Assert.Throws<ExpressionError>(() => Evaluate("Variable", null, null));
        Assert.Throws<ExpressionError>(() => Evaluate("Variable", "{{ Variables.X }}", null));
    }

    [Fact]
    public void An_input_is_found_by_its_definition_and_null_when_not_given()
    {
        Assert.Equal("A-1", (string?)Evaluate("Input", "{\"name\":\"OrderId\",\"type\":\"String\"}", null));
        Assert.Equal("A-1", (string?)Evaluate("Input", new JsonObject { ["name"] = "OrderId" }, null));
        Assert.Null(Evaluate("Input", new JsonObject { ["name"] = "Else" }, null));
    }

    [Theory]
    [InlineData("CSharp")]
    [InlineData("Python")]
    [InlineData("JavaScript")]
    [InlineData("Delegate")]
    [InlineData("Nonsense")]
    public void Other_syntaxes_are_refused_by_name(string syntax) =>
        Assert.Contains(syntax, Assert.Throws<ExpressionError>(() => Evaluate(syntax, "1", null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_registered_syntax_is_used()
    {
        var languages = new ExpressionLanguages([new Shouting()]);

        Assert.Equal("HI", (string?)languages.Compile(new Expression("Shout", "hi"), null)(NoScope.Instance));
    }

    [Theory]
    [InlineData("String", typeof(string))]
    [InlineData("Boolean", typeof(bool))]
    [InlineData("System.Int32, System.Private.CoreLib", typeof(int))]
    [InlineData("System.TimeSpan", typeof(TimeSpan))]
    [InlineData("String[]", typeof(JsonArray))]
    [InlineData("Object", null)]
    [InlineData("Acme.Thing, Acme", null)]
    [InlineData(null, null)]
    public void Type_names_are_aliases_or_full_names(string? name, Type? type) => Assert.Equal(type, TypeNames.Find(name));

    private static JsonNode? Evaluate(string syntax, JsonNode? value, Type? type) =>
        ExpressionLanguages.BuiltIn.Compile(new Expression(syntax, value), type)(new Scope());

    private sealed class Shouting : ExpressionLanguage
    {
        public override string Type => "Shout";

        public override CompiledExpression Compile(Expression expression, Type? targetType)
        {
            var text = ValueConverter.Text(expression.Value)!.ToUpper(CultureInfo.InvariantCulture);
            return _ => text;
        }
    }

    /// <summary>One variable v1 "Total" = 7, one input "OrderId" = "A-1".</summary>
    private sealed class Scope : IExpressionScope
    {
        public JsonNode? LastResult => null;

        public string InstanceId => "i";

        public string DefinitionId => "d";

        public string DefinitionVersionId => "d-1";

        public int DefinitionVersion => 1;

        public string? CorrelationId { get; set; }

        public string? InstanceName { get; set; }

        public DateTimeOffset Now => default;

        public IEnumerable<string> Names => ["Total", "OrderId"];

        public bool TryGetVariableById(string id, out JsonNode? value) => Get(id == "v1", 7, out value);

        public bool TryGetVariable(string name, out JsonNode? value) => Get(name == "Total", 7, out value);

        public bool TrySetVariable(string name, JsonNode? value) => false;

        public bool TryGetInput(string name, out JsonNode? value) => Get(name == "OrderId", "A-1", out value);

        public bool TryGetOutput(string activity, string? output, out JsonNode? value) => Get(false, null, out value);

        public string NewId() => "n";

        private static bool Get(bool found, JsonNode? content, out JsonNode? value)
        {
            value = found ? content : null;
            return found;
        }
    }
}
