using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Every JavaScript example of docs/expressions.md gives the result the page says.</summary>
public sealed partial class ExpressionPageTests
{
    [Fact]
    public void Every_example_of_the_page_gives_the_result_it_says()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "expressions.md"));
        var section = page[page.IndexOf("## 条件与计算", StringComparison.Ordinal)..page.IndexOf("## 消息模板", StringComparison.Ordinal)];
        var data = JsonNode.Parse(Data().Match(section).Groups[1].Value)!;
        var examples = Example().Matches(section);

        foreach (Match example in examples)
        {
            var scope = new ScriptScope();
            foreach (var (name, value) in data["variables"]!.AsObject())
                scope.Variables[name] = value?.DeepClone();
            foreach (var (name, value) in data["inputs"]!.AsObject())
                scope.Inputs[name] = value?.DeepClone();

            var result = new JavaScriptLanguage().Compile(new Expression("JavaScript", example.Groups[1].Value), null)(scope);

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(example.Groups[2].Value), result), $"{example.Groups[1].Value} gave {result?.ToJsonString() ?? "null"}");
        }

        Assert.True(examples.Count >= 12, $"only {examples.Count} examples found");
    }

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex(@"```js\n(.*?)\n// → ([^\n]*)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
