namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>The three kinds of for.</summary>
internal sealed partial class Parser
{
    // In the head of a for, "in" ends the first part instead of being an operator.
    private bool _inForHead;

    private Statement ParseFor(Position at)
    {
        Advance();
        if (IsWord("await"))
            throw Error(_token, "不支持 for await", "for await is not supported");
        var opening = _token;
        Expect("(", "for ");
        _scope = new Scope(_scope, isFunction: false);
        var loop = ParseForHead(at, opening);
        _scope = _scope.Outer!;
        return loop;
    }

    private Statement ParseForHead(Position at, Token opening)
    {
        var start = Here;
        if (TakeMark(";"))
            return ParseForParts(at, null, opening);

        _inForHead = true;
        if (_token is { Kind: TokenKind.Name, Text: "var" or "let" or "const" })
        {
            var kind = ParseDeclarationKind();
            var target = ParseDeclarationTarget(kind);
            if (IsWord("of") || IsWord("in"))
                return ParseForEach(at, kind, target, opening);
            List<Declarator> declarators = [ParseDeclarator(kind, target)];
            if (IsWord("of") || IsWord("in"))
                throw Error(_token, $"for-{_token.Text} 的变量不能有初始值", $"the variable of for-{_token.Text} has no initial value");
            while (TakeMark(","))
                declarators.Add(ParseDeclarator(kind, ParseDeclarationTarget(kind)));
            _inForHead = false;
            Expect(";", "for ");
            return ParseForParts(at, new Declaration(start, kind, declarators), opening);
        }

        var first = ParseExpression();
        if (IsWord("of") || IsWord("in"))
            return ParseForEach(at, null, ToTarget(first), opening);
        _inForHead = false;
        Expect(";", "for ");
        return ParseForParts(at, new ExpressionStatement(start, first), opening);
    }

    private For ParseForParts(Position at, Statement? initial, Token opening)
    {
        var condition = IsMark(";") ? null : ParseExpression();
        Expect(";", "for ");
        var step = IsMark(")") ? null : ParseExpression();
        ExpectClosing(")", opening);
        return new For(at, initial, condition, step, ParseLoopBody());
    }

    private ForEach ParseForEach(Position at, DeclarationKind? kind, Pattern target, Token opening)
    {
        _inForHead = false;
        var isOf = _token.Text == "of";
        Advance();
        var source = isOf ? ParseAssignment() : ParseExpression();
        ExpectClosing(")", opening);
        return new ForEach(at, kind, target, source, isOf, ParseLoopBody());
    }
}
