namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Reads what stands inside one tag or output.</summary>
internal sealed class ExpressionParser(Lexer lexer, ReferenceCollector references)
{
    // Brackets within brackets; more is no template anybody wrote.
    private const int DeepestNesting = 30;

    private static readonly string[] Signs = ["==", "!=", "<>", "<", ">", "<=", ">="];

    private int _depth;

    public Lexer Lexer => lexer;

    /// <summary>A value with filters, up to the end of the tag.</summary>
    public FilteredTerm ParseFiltered()
    {
        var first = ParseCondition();
        var filters = new List<FilterUse>();
        while (lexer.Skip("|"))
            filters.Add(ParseFilter());
        lexer.ExpectEnd();
        return new FilteredTerm(first, filters);
    }

    /// <summary>A condition: values, comparisons, and, or, not.</summary>
    public Term ParseCondition()
    {
        var operands = new List<Term> { ParseComparison() };
        var isAnd = new List<bool>();
        while (lexer.IsName("and") || lexer.IsName("or"))
        {
            isAnd.Add(lexer.Take().Text == "and");
            operands.Add(ParseComparison());
        }

        return operands.Count == 1 ? operands[0] : new LogicTerm(operands, isAnd);
    }

    public Term ParseValue()
    {
        var token = lexer.Next;
        switch (token.Kind)
        {
            case TokenKind.Text:
                lexer.Take();
                return new ConstantTerm(LiquidValue.Of(token.Text));
            case TokenKind.Number:
                lexer.Take();
                return new ConstantTerm(LiquidNumbers.Parse(token.Text) ?? throw lexer.Error(token.Offset, "不是数字", "not a number"));
            case TokenKind.Name:
                return ParseNamed(lexer.Take());
            case TokenKind.Symbol when token.Text == "(":
                return ParseRange();
            default:
                throw lexer.Unexpected("应为一个值", "expected a value");
        }
    }

    private static LiquidValue? Word(string name) => name switch
    {
        "true" => LiquidValue.True,
        "false" => LiquidValue.False,
        "nil" or "null" => LiquidValue.Nil,
        "empty" => LiquidValue.Empty,
        "blank" => LiquidValue.Blank,
        _ => null,
    };

    private Term ParseComparison()
    {
        var isNegated = false;
        while (lexer.IsName("not"))
        {
            lexer.Take();
            isNegated = !isNegated;
        }

        var left = ParseValue();
        var isSign = lexer.Next.Kind == TokenKind.Symbol && Signs.Contains(lexer.Next.Text);
        if (!isSign && !lexer.IsName("contains"))
            return isNegated ? new ComparisonTerm(true, left, null, null) : left;
        var sign = lexer.Take().Text;
        return new ComparisonTerm(isNegated, left, sign, ParseValue());
    }

    private Term ParseNamed(Token name) =>
        Word(name.Text) is { } word && !lexer.IsSymbol(".") && !lexer.IsSymbol("[") ? new ConstantTerm(word) : ParsePath(name);

    private PathTerm ParsePath(Token root)
    {
        var keys = new List<Term>();
        while (true)
        {
            if (lexer.Skip("."))
            {
                var name = lexer.Next.Kind is TokenKind.Name or TokenKind.Number ? lexer.Take().Text : throw lexer.Unexpected("应为名称", "expected a name");
                keys.Add(new ConstantTerm(LiquidValue.Of(name)));
            }
            else if (lexer.Skip("["))
            {
                Deeper();
                keys.Add(ParseValue());
                _depth--;
                lexer.Expect("]");
            }
            else
            {
                references.Use(root.Text, keys.Count > 0 && keys[0] is ConstantTerm { Value: { Kind: LiquidKind.Text } first } ? first.Text : null);
                return new PathTerm(root.Text, keys);
            }
        }
    }

    private RangeTerm ParseRange()
    {
        Deeper();
        lexer.Expect("(");
        var first = ParseValue();
        lexer.Expect("..");
        var last = ParseValue();
        lexer.Expect(")");
        _depth--;
        return new RangeTerm(first, last);
    }

    private FilterUse ParseFilter()
    {
        var offset = lexer.Next.Offset;
        var name = lexer.ExpectName("过滤器名称", "a filter name");
        if (FilterTable.Find(name) is not { } filter)
            throw references.Source.Unknown(offset, "过滤器", "filter", name, FilterTable.Names);
        var arguments = new List<Term>();
        var named = new List<(string, Term)>();
        if (lexer.Skip(":"))
        {
            do
            {
                if (lexer.Next.Kind != TokenKind.Name)
                    arguments.Add(ParseValue());
                else if (lexer.Take() is var word && lexer.Skip(":"))
                    named.Add((word.Text, ParseValue()));
                else
                    arguments.Add(ParseNamed(word));
            }
            while (lexer.Skip(","));
        }

        if (arguments.Count < filter.Least || arguments.Count > filter.Most)
        {
            var (zh, en) = filter.Least == filter.Most ? ($"{filter.Least}", $"{filter.Least}") : ($"{filter.Least} 到 {filter.Most}", $"{filter.Least} to {filter.Most}");
            throw lexer.Error(offset, $"过滤器“{name}”需要 {zh} 个参数，这里有 {arguments.Count} 个", $"filter {name} takes {en} arguments, not {arguments.Count}");
        }

        return new FilterUse(filter, arguments, named, offset);
    }

    private void Deeper()
    {
        if (++_depth > DeepestNesting)
            throw lexer.Error(lexer.Next.Offset, $"模板超出限制：括号嵌套不得超过 {DeepestNesting} 层", $"the template exceeds the limit on nested brackets, {DeepestNesting}");
    }
}

/// <summary>Gathers the names a template uses and those it makes itself.</summary>
internal sealed class ReferenceCollector(LiquidSource source)
{
    private readonly HashSet<string> _variables = [];
    private readonly HashSet<string> _inputs = [];
    private readonly HashSet<string> _roots = [];
    private readonly HashSet<string> _made = ["forloop", "tablerowloop"];

    public LiquidSource Source => source;

    public void Use(string root, string? member)
    {
        _roots.Add(root);
        if (member is not null && root == ScopeMap.Variables)
            _variables.Add(member);
        else if (member is not null && root == ScopeMap.Input)
            _inputs.Add(member);
    }

    /// <summary>A name assigned, captured, counted or looped over.</summary>
    public void Make(string name) => _made.Add(name);

    public LiquidReferences Build()
    {
        // A template that reuses a root name for itself says nothing about the workflow's.
        var variables = _made.Contains(ScopeMap.Variables) ? [] : _variables;
        var inputs = _made.Contains(ScopeMap.Input) ? [] : _inputs;
        return new LiquidReferences([.. variables.Order(StringComparer.Ordinal)], [.. inputs.Order(StringComparer.Ordinal)], [.. _roots.Except(_made).Order(StringComparer.Ordinal)]);
    }
}
