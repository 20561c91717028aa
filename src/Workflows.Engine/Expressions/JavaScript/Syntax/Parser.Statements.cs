namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Statements.</summary>
internal sealed partial class Parser
{
    /// <param name="inList">In a block or script, where declarations may stand; false for the body of an if, loop or label.</param>
    private Statement ParseStatement(bool inList = false)
    {
        Deeper();
        var statement = ParseStatementOnce(inList);
        _depth--;
        return statement;
    }

    private Statement ParseStatementOnce(bool inList)
    {
        var at = Here;
        if (_token.Kind == TokenKind.Mark)
        {
            if (IsMark("{"))
                return ParseBlock();
            if (TakeMark(";"))
                return new Empty(at);
        }

        if (_token.Kind == TokenKind.Name)
        {
            if (ParseKeywordStatement(at, inList) is { } known)
                return known;
            if (!Reserved.Contains(_token.Text) && Peek() is { Kind: TokenKind.Mark, Text: ":" })
                return ParseLabelled(at);
        }

        var value = ParseExpression();
        EndStatement();
        return new ExpressionStatement(at, value);
    }

    private Statement? ParseKeywordStatement(Position at, bool inList)
    {
        switch (_token.Text)
        {
            case "var" or "let" or "const":
                if (!inList && _token.Text != "var")
                    throw Error(_token, $"{_token.Text} 声明须放在 {{ }} 中", $"a {_token.Text} declaration needs a block here");
                var declaration = ParseDeclaration();
                EndStatement();
                return declaration;
            case "function":
                if (!inList)
                    throw Error(_token, "函数声明须放在 { } 中", "a function declaration needs a block here");
                return ParseFunctionDeclaration(at);
            case "if":
                return ParseIf(at);
            case "for":
                return ParseFor(at);
            case "while":
                Advance();
                var condition = ParseCondition();
                return new While(at, condition, ParseLoopBody());
            case "do":
                return ParseDo(at);
            case "switch":
                return ParseSwitch(at);
            case "try":
                return ParseTry(at);
            case "throw":
                Advance();
                if (_token.AfterLineEnd)
                    throw Error(_token, "throw 后面的值须在同一行", "the value to throw must stand on the same line");
                var thrown = ParseExpression();
                EndStatement();
                return new Throw(at, thrown);
            case "return":
                Advance();
                var hasValue = !_token.AfterLineEnd && _token.Kind != TokenKind.End && !IsMark(";") && !IsMark("}");
                var value = hasValue ? ParseExpression() : null;
                EndStatement();
                return new Return(at, value);
            case "break" or "continue":
                var word = _token;
                Advance();
                var target = ParseJumpTarget(word.Text == "continue", word);
                EndStatement();
                return word.Text == "break" ? new Break(at, target) : new Continue(at, target);
            case "else":
                throw Error(_token, "else 前面没有对应的 if", "else without if");
            case "case" or "default":
                throw Error(_token, $"{_token.Text} 只能用在 switch 中", $"{_token.Text} outside of a switch");
            case "catch" or "finally":
                throw Error(_token, $"{_token.Text} 前面没有对应的 try", $"{_token.Text} without try");
            case "async" when Peek() is { Kind: TokenKind.Name, Text: "function", AfterLineEnd: false }:
                throw AsyncRefused(_token);
            default:
                return null;
        }
    }

    private Block ParseBlock()
    {
        _scope = new Scope(_scope, isFunction: false);
        var block = ParseBlockInScope();
        _scope = _scope.Outer!;
        return block;
    }

    /// <summary>Statements in braces, declared in the scope that is open.</summary>
    private Block ParseBlockInScope()
    {
        var (at, opening) = (Here, _token);
        Expect("{", "");
        var body = ParseStatementsUntilBrace();
        ExpectClosing("}", opening);
        return new Block(at, body);
    }

    private List<Statement> ParseStatementsUntilBrace()
    {
        List<Statement> body = [];
        while (_token.Kind != TokenKind.End && !IsMark("}"))
            body.Add(ParseStatement(inList: true));
        return body;
    }

    private Declaration ParseDeclaration()
    {
        var (at, kind) = (Here, ParseDeclarationKind());
        List<Declarator> declarators = [];
        do
        {
            declarators.Add(ParseDeclarator(kind, ParseDeclarationTarget(kind)));
        }
        while (TakeMark(","));
        return new Declaration(at, kind, declarators);
    }

    private DeclarationKind ParseDeclarationKind()
    {
        var kind = _token.Text switch { "var" => DeclarationKind.Var, "let" => DeclarationKind.Let, _ => DeclarationKind.Const };
        Advance();
        return kind;
    }

    private Pattern ParseDeclarationTarget(DeclarationKind kind)
    {
        var target = ParseBindingTarget();
        Declare(target, kind);
        return target;
    }

    private Declarator ParseDeclarator(DeclarationKind kind, Pattern target)
    {
        if (TakeMark("="))
            return new Declarator(target, Named(ParseAssignment(), target));
        if (kind == DeclarationKind.Const)
            throw Error(_token, "const 声明必须有初始值", "const needs a value");
        if (target is not IdentifierPattern)
            throw Error(_token, "解构声明必须有初始值", "destructuring needs a value");
        return new Declarator(target, null);
    }

    private FunctionDeclaration ParseFunctionDeclaration(Position at)
    {
        Advance();
        RefuseGenerator();
        var nameAt = Here;
        var name = ParseBindingName();
        DeclareFunction(name, nameAt);
        return new FunctionDeclaration(at, ParseFunctionRest(at, FunctionKind.Function, name));
    }

    private Expr ParseCondition()
    {
        var opening = _token;
        Expect("(", "");
        var condition = ParseExpression();
        ExpectClosing(")", opening);
        return condition;
    }

    private If ParseIf(Position at)
    {
        Advance();
        var condition = ParseCondition();
        var then = ParseStatement();
        var otherwise = TakeWord("else") ? ParseStatement() : null;
        return new If(at, condition, then, otherwise);
    }

    private DoWhile ParseDo(Position at)
    {
        Advance();
        var body = ParseLoopBody();
        if (!TakeWord("while"))
            throw Error(_token, "do 循环缺少 while (条件)", "do without while");
        var condition = ParseCondition();
        TakeMark(";");
        return new DoWhile(at, body, condition);
    }

    private Statement ParseLoopBody()
    {
        _jumps.Loops++;
        var body = ParseStatement();
        _jumps.Loops--;
        return body;
    }

    private Labelled ParseLabelled(Position at)
    {
        var label = _token.Text;
        if (_jumps.Labels.Exists(l => l.Name == label))
            throw Error(_token, $"标签“{label}”重复", $"label '{label}' is given twice");
        Advance();
        Advance();

        // A label of a label of a loop is one of the loop, too.
        var offset = _lexer.Offset;
        var token = _token;
        while (_token.Kind == TokenKind.Name && !Reserved.Contains(_token.Text) && Peek() is { Kind: TokenKind.Mark, Text: ":" })
        {
            Advance();
            Advance();
        }

        var isLoop = _token is { Kind: TokenKind.Name, Text: "for" or "while" or "do" };
        (_lexer.Offset, _token) = (offset, token);

        _jumps.Labels.Add((label, isLoop));
        var body = ParseStatement();
        _jumps.Labels.RemoveAt(_jumps.Labels.Count - 1);
        return new Labelled(at, label, body);
    }

    private Switch ParseSwitch(Position at)
    {
        Advance();
        var value = ParseCondition();
        var opening = _token;
        Expect("{", "switch ");
        _scope = new Scope(_scope, isFunction: false);
        _jumps.Switches++;
        List<SwitchCase> cases = [];
        while (!IsMark("}") && _token.Kind != TokenKind.End)
        {
            Expr? test = null;
            if (TakeWord("case"))
                test = ParseExpression();
            else if (!IsWord("default"))
                throw Error(_token, $"switch 中此处应为 case 或 default，却是{Shown}", $"expected case or default but found {ShownEn}");
            else if (cases.Exists(c => c.Test is null))
                throw Error(_token, "switch 只能有一个 default", "a switch has one default only");
            else
                Advance();
            Expect(":", "case ");
            List<Statement> body = [];
            while (_token.Kind != TokenKind.End && !IsMark("}") && !IsWord("case") && !IsWord("default"))
                body.Add(ParseStatement(inList: true));
            cases.Add(new SwitchCase(test, body));
        }

        ExpectClosing("}", opening);
        _jumps.Switches--;
        _scope = _scope.Outer!;
        return new Switch(at, value, cases);
    }

    private Try ParseTry(Position at)
    {
        Advance();
        var body = ParseBlock();
        Pattern? caught = null;
        Block? handler = null;
        if (TakeWord("catch"))
        {
            _scope = new Scope(_scope, isFunction: false);
            var opening = _token;
            if (TakeMark("("))
            {
                caught = ParseBindingTarget();
                DeclareParameters(caught);
                _scope.Caught = (caught as IdentifierPattern)?.Name;
                ExpectClosing(")", opening);
            }

            handler = ParseBlockInScope();
            _scope = _scope.Outer!;
        }

        var last = TakeWord("finally") ? ParseBlock() : null;
        if (handler is null && last is null)
            throw Error(_token, "try 后面缺少 catch 或 finally", "try without catch or finally");
        return new Try(at, body, caught, handler, last);
    }
}
