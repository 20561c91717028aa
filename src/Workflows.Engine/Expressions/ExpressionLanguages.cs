namespace Workflows.Engine.Expressions;

/// <summary>The expression syntaxes this host knows: the built-in ones and those added at registration.</summary>
public sealed class ExpressionLanguages
{
    private readonly Dictionary<string, ExpressionLanguage> _languages = new(StringComparer.Ordinal);

    public ExpressionLanguages(IEnumerable<ExpressionLanguage> added)
    {
        foreach (var language in new ExpressionLanguage[] { new LiteralLanguage(), new ObjectLanguage(), new VariableLanguage(), new InputLanguage() }.Concat(added))
            _languages[language.Type] = language;
    }

    /// <summary>Literal, Object, Variable and Input alone.</summary>
    public static ExpressionLanguages BuiltIn { get; } = new([]);

    public IReadOnlyCollection<ExpressionLanguage> All => _languages.Values;

    /// <summary>The language of a syntax name; null when unknown. "Json" is the old name of Object.</summary>
    public ExpressionLanguage? Find(string type) => _languages.GetValueOrDefault(type == "Json" ? "Object" : type);

    /// <summary>Makes an expression ready. Throws <see cref="ExpressionError"/> when it cannot be parsed or its syntax is not offered.</summary>
    public CompiledExpression Compile(Expression expression, Type? targetType) =>
        Find(expression.Type) is { } language ? language.Compile(expression, targetType) : throw new ExpressionError(Unknown(expression.Type));

    private static string Unknown(string type) => type switch
    {
        "CSharp" or "Python" => $"不支持 {type} 表达式：脚本会获得服务器的全部权限 ({type} expressions are refused: such a script has the server's full rights)",
        "Delegate" => "Delegate 表达式只存在于代码中 (a Delegate expression exists in code only)",
        _ => $"未知的表达式语法“{Shown(type)}” (unknown expression syntax)",
    };

    private static string Shown(string type) => type.Length > 60 ? type[..60] + "…" : type;
}
