using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript.Syntax;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Whatever the text, the parser answers with a tree or an <see cref="ExpressionError"/>, on a small stack.</summary>
public sealed class ParserLimitTests
{
    private const int StackBytes = 1024 * 1024;

    public static TheoryData<string, string> Repeats => new()
    {
        { "(", ")" }, { "[", "]" }, { "({a:", "})" }, { "f(", ")" }, { "a[", "]" }, { "(() => {", "})" }, { "x => ", "" }, { "{", "}" },
        { "if (a) ", "" }, { "for (;;) ", "" }, { "a: ", "" }, { "- ", "" }, { "! ", "" }, { "typeof ", "" }, { "a ? b : ", "" }, { "a ? ", " : b" },
        { "a ** ", "" }, { "a = ", "" }, { "new ", "" }, { "`${", "}`" }, { "function f() {", "}" }, { "({a() {", "}})" }, { "switch (a) { case 1:", "}" },
        { "try {", "} finally {}" }, { "if (a) b; else ", "" }, { "let [", "] = 1" }, { "([", "]) => 1" }, { "(a = ", ") => 1" }, { "((((a || b && ", "))))" },
        { "a + (b * (", "))" }, { "...", "" }, { "++", "" }, { "do ", " while (1)" },
    };

    [Theory]
    [MemberData(nameof(Repeats))]
    public void Deep_nesting_is_refused_on_a_small_stack(string open, string close)
    {
        foreach (var depth in new[] { 101, 1000, 5000 })
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            Assert.True(OnSmallStack(text) is ExpressionError, $"{open} × {depth} was accepted");
        }
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("f(", ")")]
    [InlineData("{", "}")]
    [InlineData("a ? b : ", "")]
    public void Ninety_levels_are_accepted(string open, string close) =>
        Assert.Null(OnSmallStack(string.Concat(Enumerable.Repeat(open, 90)) + "1" + string.Concat(Enumerable.Repeat(close, 90))));

    [Theory]
    [InlineData(" + a")]
    [InlineData(" && a")]
    [InlineData(".b")]
    [InlineData("()")]
    [InlineData("[0]")]
    [InlineData("?.b")]
    public void Long_operator_chains_are_refused_with_the_limit(string link)
    {
        Assert.Null(OnSmallStack("a" + string.Concat(Enumerable.Repeat(link, 250))));

        var error = Assert.IsType<ExpressionError>(OnSmallStack("a" + string.Concat(Enumerable.Repeat(link, 10_000))));
        Assert.Contains("300", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_are_no_chain()
    {
        Assert.Null(OnSmallStack("[" + string.Join(",", Enumerable.Range(0, 10_000)) + "]"));
        Assert.Null(OnSmallStack(string.Join(";", Enumerable.Repeat("a()", 10_000))));
        Assert.Null(OnSmallStack("`" + string.Concat(Enumerable.Repeat("${a}", 10_000)) + "`"));
    }

    [Fact]
    public void A_script_longer_than_64_KB_is_refused()
    {
        Assert.Null(OnSmallStack(new string(' ', Parser.MaxLength)));
        Assert.Contains("64 KB", OnSmallStack(new string(' ', Parser.MaxLength + 1))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutilated_programs_never_fail_in_another_way()
    {
        foreach (var (text, round) in MutilatedPrograms.Of(2000).Select((text, i) => (text, i)))
        {
            var failure = Record.Exception(() => Parser.Parse(text));
            Assert.True(failure is null or ExpressionError, $"round {round}: {failure}\n{text}");
        }
    }

    private static Exception? OnSmallStack(string text)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Parser.Parse(text)), StackBytes);
        thread.Start();
        thread.Join();
        Assert.True(failure is null or ExpressionError, failure?.ToString());
        return failure;
    }
}
