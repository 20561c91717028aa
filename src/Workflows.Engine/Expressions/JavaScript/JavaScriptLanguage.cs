using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions.JavaScript.Workflow;

namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>
/// JavaScript as workflow expressions need it: an ES2020 subset in strict mode, without modules, eval, classes, generators,
/// async, getters or prototypes. The value is that of the last expression, or of return. What it sees is JSON data: no .NET
/// object can be reached. Limits are those of <see cref="ScriptLimits"/>.
/// </summary>
/// <remarks>Supported: docs/expressions.md, with examples; what is refused is refused at publication with its place.</remarks>
public sealed class JavaScriptLanguage : ExpressionLanguage
{
    // More texts than all processes of a shop hold; beyond it the cache starts anew rather than grow.
    private const int MostCached = 20_000;

    private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);
    private readonly TimeZoneInfo _zone;
    private readonly ScriptLimits _limits;

    /// <param name="zone">The shop's time zone; China's when null.</param>
    /// <param name="limits">Limits of one evaluation.</param>
    public JavaScriptLanguage(TimeZoneInfo? zone = null, ScriptLimits? limits = null)
    {
        _zone = zone ?? ShopTime.China;
        _limits = limits ?? ScriptLimits.Default;
    }

    public override string Type => "JavaScript";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        if (expression.Value is null)
            return _ => null;
        var script = ScriptOf(expression);
        if (script.Unknown is [var (name, at), ..])
            throw new ExpressionError($"第 {at.Line} 行第 {at.Column} 列：{WorkflowNames.Instance.Unknown(name)}");

        var wantsFlag = targetType == typeof(bool) || targetType == typeof(bool?);
        return scope => script.Evaluate(new Evaluation(scope, _limits, _zone), wantsFlag);
    }

    public override IReadOnlyList<ExpressionReference> ReferencesOf(Expression expression)
    {
        try
        {
            return expression.Value is null ? [] : ScriptOf(expression).References;
        }
        catch (ExpressionError)
        {
            // Told already, when it was compiled.
            return [];
        }
    }

    private Script ScriptOf(Expression expression)
    {
        if (expression.Value is not JsonValue value || !value.TryGetValue(out string? text))
            throw new ExpressionError("JavaScript 表达式必须是文字 (a JavaScript expression must be text)");
        if (_scripts.TryGetValue(text, out var known))
            return known;
        if (_scripts.Count >= MostCached)
            _scripts.Clear();
        return _scripts[text] = Script.Compile(text, WorkflowNames.Instance);
    }
}
