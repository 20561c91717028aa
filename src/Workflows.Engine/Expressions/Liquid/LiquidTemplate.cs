using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>
/// A text with places to fill in, in Liquid: <c>{{ Variables.OrderNo | upcase }}</c>, <c>{% if Input.amount > 500 %}…{% endif %}</c>.
/// Immutable and thread safe; parse once, render often. A template sees JSON data only and can change nothing.
/// Unknown variables are empty; an unknown filter or tag, and anything that cannot be read, is refused when parsed.
/// Tags: if, unless, case, for, tablerow, break, continue, cycle, assign, capture, increment, decrement, echo, liquid, raw,
/// comment, #. Not include, render, layout, block: a template is one text. Filters: docs/expressions.md.
/// </summary>
public sealed class LiquidTemplate
{
    /// <summary>Longest text that is parsed, in characters.</summary>
    public const int LongestText = 500_000;

    private readonly Block _body;

    private LiquidTemplate(LiquidSource source, Block body, LiquidReferences references)
    {
        Source = source;
        _body = body;
        References = references;
    }

    /// <summary>The names it asks for, for checks before it runs.</summary>
    public LiquidReferences References { get; }

    private LiquidSource Source { get; }

    /// <summary>Reads a template. Throws <see cref="ExpressionError"/> with line and column for one that is wrong.</summary>
    public static LiquidTemplate Parse(string text)
    {
        var source = new LiquidSource(text);
        if (text.Length > LongestText)
            throw source.Error(0, $"模板太长，最多 {LongestText} 个字符", $"the template is longer than {LongestText} characters");
        var parser = new TemplateParser(source);
        var body = parser.ParseAll();
        return new LiquidTemplate(source, body, parser.References.Build());
    }

    /// <summary>Fills it in from the members of <paramref name="data"/>. Throws <see cref="ExpressionError"/> when a value does not fit or a limit is exceeded.</summary>
    public string Render(JsonObject? data, LiquidOptions? options = null) => Render(new JsonMap(data ?? []), options ?? LiquidOptions.Default);

    /// <summary>Fills it in from what an expression can see, under Elsa's names: Variables, Input, CorrelationId, WorkflowInstanceId, ...</summary>
    public string Render(IExpressionScope scope, LiquidOptions? options = null) =>
        Render(new ScopeMap(scope), (options ?? LiquidOptions.Default) is { Now: null } open ? open with { Now = scope.Now } : options!);

    private string Render(LiquidMap root, LiquidOptions options)
    {
        var context = new RenderContext(Source, root, options);
        _body.Render(context);
        return context.Finish();
    }
}

/// <summary>What a template names: a typo in one of these would silently render as nothing.</summary>
/// <param name="Variables">X of every <c>Variables.X</c>.</param>
/// <param name="Inputs">X of every <c>Input.X</c>.</param>
/// <param name="Roots">Every first name that the template does not itself assign ("Variables", "CorrelationId", ...).</param>
public sealed record LiquidReferences(IReadOnlyList<string> Variables, IReadOnlyList<string> Inputs, IReadOnlyList<string> Roots);
