namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>
/// Reads a script: the expression-sized part of ES2020, always in strict mode. What is not supported (classes, async,
/// generators, modules, with, accessors, tagged templates, BigInt, ...) is refused by name.
/// </summary>
/// <remarks>
/// A Pratt parser: operators carry a binding power, see Parser.Expressions.cs. Patterns are first read as expressions and
/// turned into patterns once "=" or "=>" shows what they are, see Parser.Patterns.cs. Recursion is bounded by
/// <see cref="MaxDepth"/> and the height of the whole tree by <see cref="MaxHeight"/>, so that neither this parser nor whoever
/// walks the tree recursively can run out of stack.
/// </remarks>
internal sealed partial class Parser
{
    /// <summary>Longest script, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Brackets, blocks, functions and operators inside each other.</summary>
    public const int MaxDepth = 100;

    /// <summary>Height of the tree; a chain such as a + b + c + ... or a.b.c... is as high as it is long.</summary>
    public const int MaxHeight = 300;

    private static readonly HashSet<string> Reserved =
    [
        "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export",
        "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new",
        "null", "package", "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try",
        "typeof", "var", "void", "while", "with", "yield",
    ];

    private static readonly Dictionary<string, (string Zh, string En)> Unsupported = new()
    {
        ["class"] = ("不支持类 class", "classes are not supported"),
        ["extends"] = ("不支持类 class", "classes are not supported"),
        ["super"] = ("不支持 super", "super is not supported"),
        ["await"] = ("不支持 await；表达式总是同步执行", "await is not supported"),
        ["yield"] = ("不支持生成器 yield", "generators are not supported"),
        ["import"] = ("不支持导入 import", "import is not supported"),
        ["export"] = ("不支持导出 export", "export is not supported"),
        ["with"] = ("不支持 with 语句", "with is not supported"),
        ["debugger"] = ("不支持 debugger", "debugger is not supported"),
    };

    // What people write who think in another language.
    private static readonly Dictionary<string, (string Zh, string En)> OtherTongues = new()
    {
        ["and"] = ("“并且”请写 &&", "write && for and"),
        ["or"] = ("“或者”请写 ||", "write || for or"),
        ["not"] = ("“非”请写 !", "write ! for not"),
        ["elif"] = ("请写 else if", "write else if"),
        ["elseif"] = ("请写 else if", "write else if"),
        ["then"] = ("if 语句不用 then，请写 if (条件) { … }", "write if (condition) { ... }"),
        ["is"] = ("比较请写 ===", "write === to compare"),
    };

    private readonly SourceText _source;
    private readonly Lexer _lexer;
    private Token _token;
    private int _previousEnd;
    private int _depth;

    private Parser(SourceText source)
    {
        _source = source;
        _lexer = new Lexer(source);
        Advance();
    }

    /// <summary>Reads a script. Throws <see cref="ExpressionError"/> with line and column for one that is wrong or too large.</summary>
    public static Program Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new ExpressionError($"脚本超过 {MaxLength / 1024} KB (the script is longer than {MaxLength / 1024} KB)");
        try
        {
            return ParseWhole(text);
        }
        catch (ExpressionError wrong) when (text.AsSpan().TrimStart() is ['{', ..] && IsObject(text))
        {
            throw new ExpressionError(wrong.Message + "；若要写对象，请加圆括号：({ … }) (to write an object, put it in parentheses)");
        }
    }

    private static Program ParseWhole(string text)
    {
        var source = new SourceText(text);
        var parser = new Parser(source);
        var program = parser.ParseProgram();
        if (TreeHeight.FirstTooHigh(program, MaxHeight) is { } at)
            throw SourceText.Error(at, $"运算太长：连接或嵌套的运算超过 {MaxHeight} 层，请拆成几步或用 join", $"an expression is deeper than {MaxHeight} operations");
        return program;
    }

    private static bool IsObject(string text)
    {
        try
        {
            return ParseWhole("(" + text.AsSpan().TrimEnd("; \t\r\n").ToString() + ")").Body is [ExpressionStatement { Value: ObjectLiteral }];
        }
        catch (ExpressionError)
        {
            return false;
        }
    }

    private Program ParseProgram()
    {
        _scope = new Scope(null, isFunction: true);
        _jumps = new Jumps(null);
        List<Statement> body = [];
        while (_token.Kind != TokenKind.End)
            body.Add(ParseStatement(inList: true));
        RefuseOpenDefaults();
        return new Program(new Position(1, 1), body);
    }

    // ---- tokens

    private Position Here => _source.At(_token.Start);

    private void Advance()
    {
        _previousEnd = _token.End;
        _token = _lexer.Next();
    }

    /// <summary>The token after the current one.</summary>
    private Token Peek()
    {
        var offset = _lexer.Offset;
        var next = _lexer.Next();
        _lexer.Offset = offset;
        return next;
    }

    private bool IsMark(string mark) => _token.Kind == TokenKind.Mark && _token.Text == mark;

    private bool IsWord(string word) => _token.Kind == TokenKind.Name && _token.Text == word;

    private bool TakeMark(string mark)
    {
        if (!IsMark(mark))
            return false;
        Advance();
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!IsWord(word))
            return false;
        Advance();
        return true;
    }

    private void Expect(string mark, string where)
    {
        if (TakeMark(mark))
            return;
        throw Hint() ?? (_token.Kind == TokenKind.End
            ? Error(_token, $"{where}缺少“{mark}”", $"missing '{mark}'")
            : Error(_token, $"{where}此处应为“{mark}”，却是{Shown}", $"expected '{mark}' but found {ShownEn}"));
    }

    /// <summary>The bracket that closes the one opened before; a forgotten one is reported with the place of its partner.</summary>
    private void ExpectClosing(string mark, Token opening)
    {
        if (TakeMark(mark))
            return;
        var at = _source.At(opening.Start);
        var partner = opening.Kind == TokenKind.Template ? "${" : opening.Text;
        throw Hint() ?? (_token.Kind == TokenKind.End
            ? Error(_token, $"缺少“{mark}”：第 {at.Line} 行第 {at.Column} 列的“{partner}”没有结束", $"missing '{mark}' for '{partner}' at line {at.Line}, column {at.Column}")
            : Error(_token, $"此处应为“{mark}”（第 {at.Line} 行第 {at.Column} 列的“{partner}”尚未结束），却是{Shown}", $"expected '{mark}' for '{partner}' at line {at.Line}, column {at.Column} but found {ShownEn}"));
    }

    /// <summary>End of a statement: a semicolon, or a place where the standard puts one.</summary>
    private void EndStatement()
    {
        if (TakeMark(";") || IsMark("}") || _token.Kind == TokenKind.End || _token.AfterLineEnd)
            return;
        throw Unexpected();
    }

    // ---- errors

    private ExpressionError Error(Token at, string zh, string en) => _source.Error(at.Start, zh, en);

    private string Shown => _token.Kind switch
    {
        TokenKind.End => "结尾",
        TokenKind.String => "一段文本",
        TokenKind.Template => "模板文本",
        _ => $"“{Short(_token.Text)}”",
    };

    private string ShownEn => _token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.String => "a text",
        TokenKind.Template => "a template",
        _ => $"'{Short(_token.Text)}'",
    };

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private ExpressionError? Hint()
    {
        if (_token.Kind != TokenKind.Name)
            return null;
        if (Unsupported.TryGetValue(_token.Text, out var refused))
            return Error(_token, refused.Zh, refused.En);
        return OtherTongues.TryGetValue(_token.Text, out var hint) ? Error(_token, $"此处不能出现“{_token.Text}”；{hint.Zh}", hint.En) : null;
    }

    private ExpressionError Unexpected()
    {
        if (Hint() is { } hint)
            return hint;
        if (_token.Kind == TokenKind.End)
            return Error(_token, "表达式不完整，在此处中断", "unexpected end");
        if (_token is { Kind: TokenKind.Mark, Text: ")" or "]" or "}" })
            return Error(_token, $"此处不能出现“{_token.Text}”，可能多写了一个，或前面缺少内容", $"unexpected '{_token.Text}'");
        if (_token is { Kind: TokenKind.Mark, Text: "=>" })
            return Error(_token, "“=>”前面应为参数，例如 x => … 或 (a, b) => …", "unexpected '=>'");
        return Error(_token, $"此处不能出现{Shown}，可能缺少运算符、逗号或分号", $"unexpected {ShownEn}");
    }

    // ---- depth

    /// <summary>Called at the head of everything that can contain itself; the caller counts down again.</summary>
    private void Deeper()
    {
        if (++_depth > MaxDepth)
            throw Error(_token, $"嵌套太深：超过 {MaxDepth} 层", $"nested deeper than {MaxDepth} levels");
    }
}
