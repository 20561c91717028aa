using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>docs/expressions.md says what is true: its Liquid examples are run as they stand, and its lists are complete.</summary>
public sealed partial class ExpressionsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "expressions.md")).ReplaceLineEndings("\n");

    // From its heading to the next of the same level.
    private static readonly string Section = Page[Page.IndexOf("## 消息模板：Liquid", StringComparison.Ordinal)..].Split("\n## ")[0];

    private static readonly LiquidOptions Options = new() { Now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero) };

    public static TheoryData<string, string, string> Examples => new(ExampleBlocks().Matches(Section).Select(m => (m.Groups["liquid"].Value, m.Groups["json"].Value, m.Groups["result"].Value)));

    public static TheoryData<string, string> TableExamples => new(Rows().Matches(Section)
        .Where(m => m.Groups["result"].Value.Trim().Length > 0)
        .Select(m => (m.Groups["liquid"].Value.Replace("\\|", "|", StringComparison.Ordinal), m.Groups["result"].Value.Trim())));

    public static TheoryData<string, string> InlineExamples => new(Inline().Matches(Section).Select(m => (m.Groups["liquid"].Value, m.Groups["result"].Value)));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_gives_the_result_beside_it(string template, string data, string result) =>
        Assert.Equal(result, LiquidTemplate.Parse(template).Render(JsonNode.Parse(data)!.AsObject(), Options));

    [Theory]
    [MemberData(nameof(TableExamples))]
    [MemberData(nameof(InlineExamples))]
    public void Every_short_example_gives_the_result_beside_it(string template, string result) =>
        Assert.Equal(result, LiquidTemplate.Parse(template).Render([], Options));

    [Fact]
    public void No_block_is_left_out()
    {
        Assert.Equal(Fences().Count(Section), 3 * Examples.Count);
        Assert.True(Examples.Count >= 10, $"only {Examples.Count}");
        Assert.True(TableExamples.Count >= 12, $"only {TableExamples.Count}");
        Assert.NotEmpty(InlineExamples);
    }

    [Fact]
    public void Every_filter_is_named()
    {
        Assert.DoesNotContain(FilterTable.Names, name => !Section.Contains($"`{name}`", StringComparison.Ordinal));
        Assert.All(Names().Matches(Section[Section.IndexOf("其余过滤器", StringComparison.Ordinal)..].Split("\n\n")[0]), m => Assert.NotNull(FilterTable.Find(m.Groups["name"].Value)));
    }

    [Fact]
    public void The_limits_are_those_of_the_code()
    {
        var limits = LiquidLimits.Default;
        Assert.Contains($"{limits.Time.TotalMilliseconds} 毫秒、{limits.Steps:N0} 步，输出 {limits.OutputLength:N0} 字，中间数据 {limits.Memory * 4 / 1_000_000} MB", Section, StringComparison.Ordinal);
        Assert.Contains($"模板本身 {LiquidTemplate.LongestText:N0} 字", Section, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"```liquid\n(?<liquid>.*?)\n```\n\n```json\n(?<json>.*?)\n```\n\n```result\n(?<result>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex ExampleBlocks();

    [GeneratedRegex(@"^\|[^|\n]*\|[^|\n]*\| `(?<liquid>\{\{.*?\}\})` \|(?<result>[^|\n]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"`(?<liquid>\{\{[^`]*\}\})` 得到 (?<result>[^\s。，；]+)")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^```\w+$", RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"`(?<name>[a-z_0-9]+)`")]
    private static partial Regex Names();
}
