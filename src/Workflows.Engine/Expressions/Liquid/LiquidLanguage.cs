using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>
/// Liquid as an expression: the text it renders, without escaping, converted to the type of the input. Templates are parsed
/// once and kept.
/// </summary>
/// <param name="zone">The shop's time zone; China's when null.</param>
public sealed class LiquidLanguage(TimeZoneInfo? zone = null) : ExpressionLanguage
{
    // More than the templates of all published definitions; beyond it the cache starts anew.
    private const int MostKept = 4_096;

    private readonly LiquidOptions _options = new() { TimeZone = zone };
    private readonly ConcurrentDictionary<string, LiquidTemplate> _templates = new(StringComparer.Ordinal);

    public override string Type => "Liquid";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var template = Parse(TextOf(expression));
        return scope => LiteralLanguage.Convert(JsonValue.Create(template.Render(scope, _options)), targetType);
    }

    public override IReadOnlyList<ExpressionReference> ReferencesOf(Expression expression)
    {
        try
        {
            var used = Parse(TextOf(expression)).References;
            return
            [
                .. used.Variables.Select(name => new ExpressionReference(ReferenceKind.Variable, name)),
                .. used.Inputs.Select(name => new ExpressionReference(ReferenceKind.Input, name)),
                .. used.Roots.Except(ScopeMap.Names).Select(name => new ExpressionReference(ReferenceKind.Nothing, name) { Meant = NearestName.Of(name, ScopeMap.Names) }),
            ];
        }
        catch (ExpressionError)
        {
            // Compile has said so.
            return [];
        }
    }

    private static string TextOf(Expression expression) => ValueConverter.Text(expression.Value) ?? "";

    private LiquidTemplate Parse(string text)
    {
        if (_templates.TryGetValue(text, out var known))
            return known;
        var template = LiquidTemplate.Parse(text);
        if (_templates.Count >= MostKept)
            _templates.Clear();
        return _templates.GetOrAdd(text, template);
    }
}
