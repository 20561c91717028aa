using System.Text.Json.Nodes;
using Workflows.Engine.Fields;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Tests.UserTasks;

/// <summary>A refused field says what is wrong and what is expected, in both languages.</summary>
public sealed class FormRulesTests
{
    private static readonly OrganisationSnapshot People = new([new Person("wang", "王芳", null, null, null, ["clerk"]), new Person("li", "李雷", null, null, null, ["clerk"])]);

    [Theory]
    [InlineData("""{"type":"string"}""", "5", "wrong-type", "应为文字", "must be text")]
    [InlineData("""{"type":"integer"}""", "1.5", "wrong-type", "应为整数", "a whole number")]
    [InlineData("""{"type":["number","null"]}""", "\"x\"", "wrong-type", "应为数字", "a number")]
    [InlineData("""{"type":"boolean"}""", "\"yes\"", "wrong-type", "是或否", "yes or no")]
    [InlineData("""{"type":"array"}""", "{}", "wrong-type", "列表", "a list")]
    [InlineData("""{"type":"string","minLength":5}""", "\"短\"", "too-short", "至少 5 个字", "at least 5 characters")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"太长了\"", "too-long", "最多 2 个字", "at most 2 characters")]
    [InlineData("""{"type":"number","minimum":1}""", "0", "too-small", "不能小于 1", "1 or more")]
    [InlineData("""{"type":"number","maximum":9}""", "10", "too-large", "不能大于 9", "9 or less")]
    [InlineData("""{"type":"number","minimum":1,"maximum":9}""", "10", "out-of-range", "1 到 9 之间", "between 1 and 9")]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0", "too-small", "大于 0", "more than 0")]
    [InlineData("""{"type":"string","enum":["a","b"],"x-enumLabels":["甲","乙"]}""", "\"c\"", "not-a-choice", "可选：甲、乙", "choices: 甲, 乙")]
    [InlineData("""{"type":"string","const":"P-1"}""", "\"P-2\"", "mismatch", "逐字", "letter by letter")]
    [InlineData("""{"type":"string","const":"P-1","x-mismatch":"与编号不一致","x-mismatch-en":"not the number"}""", "\"P-2\"", "mismatch", "与编号不一致", "not the number")]
    [InlineData("""{"type":"string","pattern":"^[A-Z]{2}[0-9]{6}$"}""", "\"abc\"", "pattern", "^[A-Z]{2}[0-9]{6}$", "^[A-Z]{2}[0-9]{6}$")]
    [InlineData("""{"type":"string","pattern":"^[A-Z]+$","x-patternHint":"只填大写字母","x-patternHint-en":"capital letters only"}""", "\"abc\"", "pattern", "只填大写字母", "capital letters only")]
    [InlineData("""{"type":"string","format":"date"}""", "\"27.11.2026\"", "format", "如 2026-11-27", "for example 2026-11-27")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-11-27\"", "format", "日期和时间", "a date with a time")]
    [InlineData("""{"type":"string","format":"email"}""", "\"a.b\"", "bad-email", "name@example.com", "name@example.com")]
    [InlineData("""{"type":"string","x-widget":"person"}""", "\"zhao\"", "unknown-person", "没有在职人员“zhao”", "no active person zhao")]
    [InlineData("""{"type":"array","x-widget":"people"}""", """["wang","zhao"]""", "unknown-person", "没有在职人员“zhao”", "no active person zhao")]
    [InlineData("""{"type":"array","x-widget":"people"}""", """["wang","wang"]""", "repeated", "不能选两次", "named twice")]
    [InlineData("""{"type":"array","x-widget":"people"}""", "[1]", "wrong-type", "人员名单", "a list of people")]
    [InlineData("""{"type":"array","minItems":2}""", "[1]", "too-few", "至少 2 项", "at least 2 entries")]
    [InlineData("""{"type":"array","maxItems":1}""", "[1,2]", "too-many", "最多 1 项", "at most 1 entries")]
    [InlineData("""{"type":"array","items":{"type":"string","enum":["急"]}}""", """["急","缓"]""", "not-a-choice", "第 2 项：", "entry 2: ")]
    [InlineData("""{"type":"string","readOnly":true,"default":"甲"}""", "\"乙\"", "read-only", "只读", "read-only")]
    public void A_refused_field_says_what_is_expected(string rule, string value, string code, string zh, string en)
    {
        var reason = Assert.Single(Check($$$"""{"properties":{"f":{{{rule}}}}}""", $$$"""{"f":{{{value}}}}""")).Value;

        Assert.Equal(code, reason.Code);
        Assert.Contains(zh, reason.Zh, StringComparison.Ordinal);
        Assert.Contains(en, reason.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"^[A-Z]{2}[0-9]{6}$"}""", "\"DZ202611\"")]
    [InlineData("""{"type":"string","pattern":"("}""", "\"a pattern nobody can read asks for nothing\"")]
    [InlineData("""{"type":"string","pattern":"^a$","minLength":0}""", "\"\"")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-11-27T14:30:00+08:00\"")]
    [InlineData("""{"type":"array","format":"people"}""", """["wang","li"]""")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer"}}}}""", """[{"n":1},{}]""")]
    public void What_fits_is_taken(string rule, string value) => Assert.Empty(Check($$$"""{"properties":{"f":{{{rule}}}}}""", $$$"""{"f":{{{value}}}}"""));

    [Fact]
    public void Cells_of_a_table_are_refused_each_by_its_place()
    {
        var errors = Check(
            """{"required":["rows","who"],"properties":{"rows":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"count":{"type":"integer","minimum":1}}}},"who":{"type":"array"}}}""",
            """{"rows":[{"name":"衬衫","count":1},{"count":0},{"name":"帽","size":1}],"who":[]}""");

        Assert.Equal(["rows.1.count", "rows.1.name", "rows.2.size", "who"], errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(FieldReason.Missing, errors["rows.1.name"]);
        Assert.Equal(FieldReason.Missing, errors["who"]);
    }

    [Fact]
    public void A_pattern_that_would_never_end_is_not_met()
    {
        var text = new string('a', 5_000) + "!";

        Assert.Single(Check("""{"properties":{"f":{"type":"string","pattern":"^(a+)+\\1$"}}}""", $$"""{"f":"{{text}}"}"""));
    }

    private static IReadOnlyDictionary<string, FieldReason> Check(string schema, string form) => FormRules.Check(JsonNode.Parse(schema), JsonNode.Parse(form), People);
}
