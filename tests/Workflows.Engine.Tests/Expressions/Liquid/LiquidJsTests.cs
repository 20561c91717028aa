using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>Templates compared with liquidjs 10.30.1, which is the definition of right except where a difference is listed with its reason.</summary>
public sealed class LiquidJsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Workflows.Engine.Tests", "Expressions", "Liquid");

    private static readonly JsonObject Data = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "data.json")))!.AsObject();

    [Fact]
    public void The_templates_of_the_list_render_as_in_liquidjs()
    {
        var templates = File.ReadAllText(Path.Combine(Folder, "same-as-liquidjs.txt")).TrimEnd('\n').Split("\n---\n");
        Assert.True(templates.Length >= 150, $"only {templates.Length}");

        Compare([.. templates.Select(t => (t, false))]);
    }

    [Fact]
    public void The_same_templates_render_as_in_liquidjs_with_html_escaping()
    {
        // What is captured is markup here and stays so; liquidjs escapes it again. Filters that escape are not escaped twice.
        var templates = File.ReadAllText(Path.Combine(Folder, "same-as-liquidjs.txt")).TrimEnd('\n').Split("\n---\n")
            .Where(t => !t.Contains("capture", StringComparison.Ordinal) && !t.Contains("escape", StringComparison.Ordinal)).ToList();
        Assert.True(templates.Count >= 130, $"only {templates.Count}");

        Compare([.. templates.Select(t => (t, true))]);
    }

    [Fact]
    public void Generated_templates_render_as_in_liquidjs()
    {
        var generator = new TemplateGenerator(20260302);
        Compare([.. Enumerable.Range(0, 10_000).Select(_ => (generator.Next(), false))]);
    }

    [Fact]
    public void Every_difference_from_liquidjs_is_on_purpose()
    {
        var differences = LiquidDifferences.All;
        var theirs = LiquidOracle.Render(Data, [.. differences.Select(d => (d.Template, d.IsHtml))]);

        var wrong = differences.Zip(theirs, (difference, their) => (difference, their, ours: Ours(difference.Template, difference.IsHtml)))
            .Where(row => !Is(row.their, row.difference.Theirs) || !Is(row.ours, row.difference.Ours) || row.their == row.ours);

        Assert.Empty(wrong.Select(row => $"{row.difference.Template}: liquidjs made {row.their}, we made {row.ours}"));

        static bool Is(string result, string expected) => result == expected || (expected == "ERROR" && result.StartsWith("ERROR", StringComparison.Ordinal));
    }

    private static void Compare(IReadOnlyList<(string Template, bool IsHtml)> cases)
    {
        var theirs = LiquidOracle.Render(Data, cases);
        var report = new StringBuilder();
        var count = 0;
        for (var i = 0; i < cases.Count; i++)
        {
            var ours = Ours(cases[i].Template, cases[i].IsHtml);
            if (ours == theirs[i])
                continue;
            count++;
            if (count <= 40)
                report.Append("\ntemplate: ").Append(cases[i].Template).Append("\nliquidjs: ").Append(theirs[i]).Append("\nours:     ").Append(ours).Append('\n');
        }

        Assert.True(count == 0, $"{count} of {cases.Count} differ{report}");
    }

    private static string Ours(string template, bool isHtml)
    {
        try
        {
            return LiquidTemplate.Parse(template).Render(Data, new LiquidOptions { Escaping = isHtml ? LiquidEscaping.Html : LiquidEscaping.None });
        }
        catch (ExpressionError error)
        {
            return $"ERROR: {error.Message}";
        }
    }
}
