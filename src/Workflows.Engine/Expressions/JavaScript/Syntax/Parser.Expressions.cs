namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Operators, from the comma down to members and calls.</summary>
internal sealed partial class Parser
{
    // Binding power of the operators between two operands; ** alone binds to the right.
    private static readonly Dictionary<string, int> Powers = new()
    {
        ["??"] = 1,
        ["||"] = 2,
        ["&&"] = 3,
        ["|"] = 4,
        ["^"] = 5,
        ["&"] = 6,
        ["=="] = 7,
        ["!="] = 7,
        ["==="] = 7,
        ["!=="] = 7,
        ["<"] = 8,
        [">"] = 8,
        ["<="] = 8,
        [">="] = 8,
        ["in"] = 8,
        ["instanceof"] = 8,
        ["<<"] = 9,
        [">>"] = 9,
        [">>>"] = 9,
        ["+"] = 10,
        ["-"] = 10,
        ["*"] = 11,
        ["/"] = 11,
        ["%"] = 11,
        ["**"] = 12,
    };

    private static readonly HashSet<string> Assignments =
        ["=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??="];

    // Expressions that stood in parentheses of their own: ((a)) may be assigned to, ({a}) may not, (a && b) ?? c is allowed.
    private readonly HashSet<Expr> _parenthesised = new(ReferenceEqualityComparer.Instance);

    /// <summary>An expression with commas.</summary>
    private Expr ParseExpression()
    {
        var at = Here;
        var first = ParseAssignment();
        if (!IsMark(","))
            return first;
        List<Expr> values = [first];
        while (TakeMark(","))
            values.Add(ParseAssignment());
        return new Sequence(at, values);
    }

    /// <summary>An expression without commas: what stands in an argument list.</summary>
    private Expr ParseAssignment()
    {
        Deeper();
        var value = ParseAssignmentOnce();
        _depth--;
        return value;
    }

    private Expr ParseAssignmentOnce()
    {
        var (at, start) = (Here, _token);
        var left = ParseConditional();
        if (_token.Kind == TokenKind.Mark)
        {
            if (IsMark("=>") && ArrowParameters(left, start) is { } parameters)
                return ParseArrow(at, parameters);
            if (Assignments.Contains(_token.Text))
                return ParseAssignmentTo(left, at);
        }

        return left;
    }

    private Assign ParseAssignmentTo(Expr left, Position at)
    {
        var mark = _token.Text[..^1];
        var target = mark.Length == 0 ? ToTarget(left) : ToSimpleTarget(left);
        Advance();
        var value = ParseAssignment();
        return new Assign(at, mark, target, mark is "" or "&&" or "||" or "??" ? Named(value, target) : value);
    }

    private Expr ParseConditional()
    {
        var at = Here;
        var condition = ParseBinary(0);
        if (!IsMark("?"))
            return condition;
        var question = _token;
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        var then = ParseAssignment();
        _inForHead = inHead;
        if (!IsMark(":"))
            throw Hint() ?? Error(_token, $"条件表达式缺少“:”（第 {_source.At(question.Start).Line} 行第 {_source.At(question.Start).Column} 列的“?”）", "missing ':' of a conditional");
        Advance();
        return new Conditional(at, condition, then, ParseAssignment());
    }

    private Expr ParseBinary(int power)
    {
        var at = Here;
        var left = ParseUnary();
        while (_token.Kind is TokenKind.Mark or TokenKind.Name && Powers.TryGetValue(_token.Text, out var next) && next > power)
        {
            var mark = _token;
            if (mark.Kind == TokenKind.Name && mark.Text == "in" && _inForHead)
                break;
            Advance();
            Expr right;
            if (mark.Text == "**")
            {
                Deeper();
                right = ParseBinary(next - 1);
                _depth--;
            }
            else
            {
                right = ParseBinary(next);
            }

            left = mark.Text is "&&" or "||" or "??"
                ? Combine(at, mark, left, right)
                : new Binary(at, mark.Text, left, right);
        }

        return left;
    }

    private Logical Combine(Position at, Token mark, Expr left, Expr right)
    {
        if (Mixes(left) || Mixes(right))
            throw Error(mark, "?? 与 && 或 || 混用时必须加圆括号", "?? mixed with && or || needs parentheses");
        return new Logical(at, mark.Text, left, right);

        bool Mixes(Expr side) => side is Logical inner && (inner.Operator == "??") != (mark.Text == "??") && !_parenthesised.Contains(side);
    }

    private Expr ParseUnary()
    {
        var (at, mark) = (Here, _token);
        var isUnary = mark.Kind == TokenKind.Mark
            ? mark.Text is "-" or "+" or "!" or "~"
            : mark.Kind == TokenKind.Name && mark.Text is "typeof" or "void" or "delete";
        if (isUnary)
        {
            Advance();
            Deeper();
            var value = ParseUnary();
            _depth--;
            if (IsMark("**"))
                throw Error(_token, $"{mark.Text} 与 ** 连用时必须加圆括号，例如 ({mark.Text}a) ** b", $"{mark.Text} before ** needs parentheses");
            return mark.Text == "delete" ? MakeDelete(at, value, mark) : new Unary(at, mark.Text, value);
        }

        if (mark.Kind == TokenKind.Mark && mark.Text is "++" or "--")
        {
            Advance();
            Deeper();
            var target = ToSimpleTarget(ParseUnary());
            _depth--;
            return new Update(at, target, mark.Text == "++" ? 1 : -1, IsPrefix: true);
        }

        var operand = ParseMembers();
        if (_token is { Kind: TokenKind.Mark, Text: "++" or "--", AfterLineEnd: false })
        {
            var target = ToSimpleTarget(operand);
            operand = new Update(at, target, _token.Text == "++" ? 1 : -1, IsPrefix: false);
            Advance();
        }

        return operand;
    }

    private Expr MakeDelete(Position at, Expr value, Token word) => value switch
    {
        Member member => new Delete(at, member),

        // delete a?.b is true when there is nothing to delete.
        Chain { Value: Member member } => new Logical(at, "??", new Chain(at, new Delete(at, member)), new Constant(at, true)),
        _ => throw Error(word, "delete 只能用于对象的属性", "delete needs a property of an object"),
    };

    /// <summary>An operand with the members and calls that follow it.</summary>
    private Expr ParseMembers()
    {
        var start = Here;
        var value = IsWord("new") ? ParseNew() : ParsePrimary();
        var isChain = false;
        while (true)
        {
            if (_token.Kind == TokenKind.Template)
                throw Error(_token, "不支持带标签的模板文本 tag`…`", "tagged templates are not supported");
            if (_token.Kind != TokenKind.Mark)
                break;
            if (IsMark("?."))
            {
                isChain = true;
                Advance();
                value = IsMark("(") ? new Call(value.At, value, ParseArguments(), IsOptional: true)
                    : IsMark("[") ? ParseComputedMember(value, isOptional: true)
                    : ParseNamedMember(value, isOptional: true);
            }
            else if (IsMark("("))
            {
                value = new Call(value.At, value, ParseArguments(), IsOptional: false);
            }
            else if (ParseMember(value) is { } member)
            {
                value = member;
            }
            else
            {
                break;
            }
        }

        return isChain ? new Chain(start, value) : value;
    }

    private Member? ParseMember(Expr target)
    {
        if (IsMark("["))
            return ParseComputedMember(target, isOptional: false);
        return TakeMark(".") ? ParseNamedMember(target, isOptional: false) : null;
    }

    private Member ParseComputedMember(Expr target, bool isOptional)
    {
        var (at, opening) = (Here, _token);
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        var key = ParseExpression();
        _inForHead = inHead;
        ExpectClosing("]", opening);
        return key is StringLiteral text
            ? new Member(at, target, text.Value, null, isOptional)
            : new Member(at, target, null, key, isOptional);
    }

    private Member ParseNamedMember(Expr target, bool isOptional)
    {
        if (_token.Kind != TokenKind.Name)
            throw _token.Kind == TokenKind.Template ? Error(_token, "不支持带标签的模板文本 tag`…`", "tagged templates are not supported")
                : Error(_token, $"“.”后面应为属性名，却是{Shown}", $"expected a property name but found {ShownEn}");
        var member = new Member(Here, target, _token.Text, null, isOptional);
        Advance();
        return member;
    }

    private List<Expr> ParseArguments()
    {
        var opening = _token;
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        List<Expr> arguments = [];
        while (!IsMark(")"))
        {
            arguments.Add(ParseSpreadOrAssignment());
            if (!TakeMark(","))
                break;
        }

        _inForHead = inHead;
        ExpectClosing(")", opening);
        return arguments;
    }

    private Expr ParseSpreadOrAssignment()
    {
        var at = Here;
        return TakeMark("...") ? new Spread(at, ParseAssignment()) : ParseAssignment();
    }

    private New ParseNew()
    {
        var at = Here;
        Advance();
        if (IsMark("."))
            throw Error(_token, "不支持 new.target", "new.target is not supported");
        Deeper();
        var callee = IsWord("new") ? ParseNew() : ParsePrimary();
        _depth--;
        while (ParseMember(callee) is { } member)
            callee = member;
        if (IsMark("?."))
            throw Error(_token, "new 后面不能用 ?.", "?. is not allowed after new");
        return new New(at, callee, IsMark("(") ? ParseArguments() : []);
    }
}
