using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript.Syntax;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>The parser accepts what Node accepts and refuses what Node refuses, except for what it refuses by name.</summary>
public sealed class SyntaxComparisonTests(NodeProcess node) : IClassFixture<NodeProcess>
{
    // Node finds out only when it runs that the result of a call cannot be assigned to, and lets delete work on anything.
    private static readonly string[] StricterThanNode = ["不支持", "delete 只能用于", "函数调用的结果"];

    [Fact]
    public async Task Node_and_the_parser_agree_on_what_is_a_program()
    {
        var programs = MutilatedPrograms.Of(20_000).ToList();

        var expected = await node.AnswersAsync(programs, syntaxOnly: true);

        var differences = programs.Zip(expected)
            .Select(p => (Text: p.First, Node: p.Second, Ours: Parse(p.First)))
            .Where(p => p.Node != (p.Ours is null ? "ok" : "error") && !IsStricter(p.Ours))
            .Select(p => $"{p.Text}\n  Node: {p.Node}\n  ours: {p.Ours ?? "ok"}")
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {programs.Count}\n{string.Join("\n", differences.Take(40))}");
    }

    private static bool IsStricter(string? message) =>
        message is not null && Array.Exists(StricterThanNode, words => message.Contains(words, StringComparison.Ordinal));

    private static string? Parse(string text)
    {
        try
        {
            Parser.Parse(text);
            return null;
        }
        catch (ExpressionError error)
        {
            return error.Message;
        }
    }
}
