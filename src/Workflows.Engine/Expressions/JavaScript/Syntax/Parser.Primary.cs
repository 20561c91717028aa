using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Literals, names, parentheses.</summary>
internal sealed partial class Parser
{
    /// <summary>What stood in parentheses before "=>"; never part of a finished tree.</summary>
    private sealed record ArrowHead(Position At, IReadOnlyList<Expr> Items) : Expr(At);

    private Expr ParsePrimary()
    {
        var (at, token) = (Here, _token);
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return new NumberLiteral(at, token.Number);
            case TokenKind.String:
                Advance();
                return new StringLiteral(at, token.Text);
            case TokenKind.Template:
                return ParseTemplate(at, token);
            case TokenKind.Name:
                return ParseName(at);
            case TokenKind.Mark when token.Text == "(":
                return ParseParentheses(at);
            case TokenKind.Mark when token.Text == "[":
                return ParseArray(at);
            case TokenKind.Mark when token.Text == "{":
                return ParseObject(at);
            case TokenKind.Mark when token.Text is "/" or "/=":
                var (pattern, flags) = _lexer.ReadRegex(token.Start);
                if (RegexTranslation.FaultOf(pattern, flags) is { } fault)
                    throw SourceText.Error(at, fault.Chinese, fault.English);
                Advance();
                return new RegexLiteral(at, pattern, flags);
            default:
                throw Unexpected();
        }
    }

    private Expr ParseName(Position at)
    {
        var word = _token.Text;
        switch (word)
        {
            case "true" or "false":
                Advance();
                return new Constant(at, word == "true");
            case "null":
                Advance();
                return new Constant(at, null);
            case "this":
                Advance();
                return new This(at);
            case "function":
                return ParseFunctionExpression(at);
        }

        if (Reserved.Contains(word))
            throw Hint() ?? Error(_token, $"“{word}”是保留字，不能用在此处", $"'{word}' is a reserved word");
        if (word == "async" && Peek() is { AfterLineEnd: false, Kind: TokenKind.Name } next && (next.Text == "function" || !Reserved.Contains(next.Text)) && next.Text != "of")
            throw AsyncRefused(_token);
        Advance();
        return new Identifier(at, word);
    }

    private ExpressionError AsyncRefused(Token at) => Error(at, "不支持 async；表达式总是同步执行", "async functions are not supported");

    private Expr ParseParentheses(Position at)
    {
        var opening = _token;
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        List<Expr> items = [];
        Token? onlyForArrow = null;
        while (!IsMark(")"))
        {
            if (IsMark("..."))
                onlyForArrow = _token;
            items.Add(ParseSpreadOrAssignment());
            var comma = _token;
            if (!TakeMark(","))
                break;
            if (IsMark(")"))
                onlyForArrow = comma;
        }

        var empty = items.Count == 0;
        var closing = _token;
        _inForHead = inHead;
        ExpectClosing(")", opening);
        if (IsMark("=>") && !_token.AfterLineEnd)
            return new ArrowHead(at, items);
        if (empty)
            throw Error(closing, "圆括号中缺少表达式", "nothing in these parentheses");
        if (onlyForArrow is { } wrong)
            throw Error(wrong, $"此处不能出现“{wrong.Text}”", $"unexpected '{wrong.Text}'");
        var value = items.Count == 1 ? items[0] : new Sequence(items[0].At, items);
        _parenthesised.Add(value);
        return value;
    }

    private TemplateLiteral ParseTemplate(Position at, Token opening)
    {
        List<string> texts = [];
        List<Expr> parts = [];
        var inHead = _inForHead;
        _inForHead = false;
        while (true)
        {
            texts.Add(_lexer.ReadTemplatePiece(opening.Start, out var isLast));
            if (isLast)
                break;
            var brace = opening with { Start = _lexer.Offset - 2 };
            Advance();
            parts.Add(ParseExpression());
            if (!IsMark("}"))
                ExpectClosing("}", brace);
        }

        _inForHead = inHead;
        Advance();
        return new TemplateLiteral(at, texts, parts);
    }

    private ArrayLiteral ParseArray(Position at)
    {
        var opening = _token;
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        List<Expr?> elements = [];
        var restNotLast = false;
        while (!IsMark("]"))
        {
            if (TakeMark(","))
            {
                elements.Add(null);
                continue;
            }

            elements.Add(ParseSpreadOrAssignment());
            if (IsMark("]"))
                break;
            restNotLast |= elements[^1] is Spread;
            if (!IsMark(","))
                ExpectClosing("]", opening);
            Advance();
        }

        _inForHead = inHead;
        ExpectClosing("]", opening);
        var array = new ArrayLiteral(at, elements);
        if (restNotLast)
            _restNotLast.Add(array);
        return array;
    }

    private ObjectLiteral ParseObject(Position at)
    {
        var opening = _token;
        Advance();
        var inHead = _inForHead;
        _inForHead = false;
        List<ObjectMember> members = [];
        while (!IsMark("}"))
        {
            members.Add(ParseObjectMember());
            if (!TakeMark(","))
                break;
        }

        _inForHead = inHead;
        ExpectClosing("}", opening);
        return new ObjectLiteral(at, members);
    }

    private ObjectMember ParseObjectMember()
    {
        var (at, token) = (Here, _token);
        if (TakeMark("..."))
            return new ObjectMember(null, ParseAssignment());
        if (IsMark("*"))
            throw Error(_token, "不支持生成器", "generators are not supported");

        var key = ParsePropertyKey();
        if (token is { Kind: TokenKind.Name, Text: "get" or "set" or "async" } && !_token.AfterLineEnd && (StartsKey() || (token.Text == "async" && IsMark("*"))))
        {
            throw token.Text == "async" ? AsyncRefused(token)
                : Error(token, $"不支持 {token.Text} 访问器", $"{(token.Text == "get" ? "getters" : "setters")} are not supported");
        }

        if (IsMark("("))
            return new ObjectMember(key, new FunctionExpression(at, ParseFunctionRest(at, FunctionKind.Method, key.Name ?? "")));
        if (TakeMark(":"))
        {
            if (key.Name == "__proto__")
                throw Error(token, "不支持 __proto__", "__proto__ is not supported");
            var value = ParseAssignment();
            return new ObjectMember(key, key.Name is { } name ? Named(value, name) : value);
        }

        if (token.Kind != TokenKind.Name)
            throw Error(_token, $"属性后面应为“:”，却是{Shown}", $"expected ':' but found {ShownEn}");
        if (Reserved.Contains(token.Text))
            throw Error(token, $"“{token.Text}”是保留字，不能单独作为属性，请写 {token.Text}: 值", $"'{token.Text}' is a reserved word");
        var shorthand = new Identifier(at, token.Text);
        return new ObjectMember(key, IsMark("=") ? ParseOpenDefault(shorthand) : shorthand);
    }

    private bool StartsKey() => _token.Kind is TokenKind.Name or TokenKind.String or TokenKind.Number || IsMark("[");

    private PropertyKey ParsePropertyKey()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Name or TokenKind.String:
                Advance();
                return new PropertyKey(token.Text, null);
            case TokenKind.Number:
                Advance();
                return new PropertyKey(NumberText.Of(token.Number), null);
            case TokenKind.Mark when TakeMark("["):
                var key = ParseAssignment();
                ExpectClosing("]", token);
                return key is StringLiteral text ? new PropertyKey(text.Value, null) : new PropertyKey(null, key);
            default:
                throw Error(_token, $"此处应为属性名或“}}”，却是{Shown}", $"expected a property name but found {ShownEn}");
        }
    }
}
