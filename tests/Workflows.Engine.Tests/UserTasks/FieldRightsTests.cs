using System.Text.Json.Nodes;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Tests.UserTasks;

public sealed class FieldRightsTests
{
    private static readonly JsonNode Form = JsonNode.Parse("""
        {"type":"object","required":["a","c"],"properties":{"a":{"type":"number","default":1},"b":{"type":"string"},"c":{"type":"string"},"d":{"type":"string"}}}
        """)!;

    [Theory]
    [InlineData("""{"b":"x","d":"y"}""", "")]
    [InlineData("""{"a":1,"d":"y"}""", "")]
    [InlineData("""{"a":2,"d":"y"}""", "a:此项只读，不能修改")]
    [InlineData("""{"c":"z","d":"y"}""", "c:表单中没有此项")]
    [InlineData("""{"b":"x"}""", "d:此项必填")]
    public void What_is_hidden_read_only_or_required_is_enforced_whatever_a_browser_sends(string sent, string errors)
    {
        var schema = FieldRights.ToForm(Form, JsonNode.Parse("""{"a":"read","b":"edit","c":"hide","d":"required"}"""));

        var found = FormRules.Check(schema, JsonNode.Parse(sent));

        Assert.Equal(errors, string.Join(' ', found.Select(e => $"{e.Key}:{e.Value.Zh}")));
        Assert.NotNull(Form["properties"]!["c"]);
    }

    [Fact]
    public void A_content_hash_does_not_depend_on_the_order_of_members()
    {
        UserTask Task(string content) => new() { Id = "t", Execution = 1, NodeId = "n", Kind = UserTaskKind.Approval, Title = "t", Content = JsonNode.Parse(content) };

        Assert.Equal(TaskContent.HashOf(Task("""{"a":1,"b":{"c":2,"d":3}}""")), TaskContent.HashOf(Task("""{"b":{"d":3,"c":2},"a":1}""")));
        Assert.NotEqual(TaskContent.HashOf(Task("""{"a":1}""")), TaskContent.HashOf(Task("""{"a":2}""")));
    }
}
