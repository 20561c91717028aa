namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Functions and arrows.</summary>
internal sealed partial class Parser
{
    private FunctionExpression ParseFunctionExpression(Position at)
    {
        Advance();
        RefuseGenerator();
        var name = _token.Kind == TokenKind.Name ? ParseBindingName() : "";
        return new FunctionExpression(at, ParseFunctionRest(at, FunctionKind.Function, name)) { BindsOwnName = name.Length > 0 };
    }

    private void RefuseGenerator()
    {
        if (IsMark("*"))
            throw Error(_token, "不支持生成器 function*", "generators are not supported");
    }

    /// <summary>Parameters and body, after the name.</summary>
    private Function ParseFunctionRest(Position at, FunctionKind kind, string name)
    {
        var opening = _token;
        Expect("(", "");
        var inHead = _inForHead;
        _inForHead = false;
        List<Expr> items = [];
        while (!IsMark(")"))
        {
            items.Add(ParseSpreadOrAssignment());
            if (items[^1] is Spread && IsMark(","))
                throw RestNotLast(items[^1].At);
            if (!TakeMark(","))
                break;
        }

        ExpectClosing(")", opening);
        var (parameters, rest) = ToParameters(items);
        EnterFunction(parameters, rest);
        var brace = _token;
        Expect("{", "函数体");
        var body = ParseStatementsUntilBrace();
        LeaveFunction();
        _inForHead = inHead;
        ExpectClosing("}", brace);
        return new Function(at, kind, name, parameters, rest, body);
    }

    /// <summary>What can stand before "=>", as parameters; null when it cannot be that.</summary>
    private IReadOnlyList<Expr>? ArrowParameters(Expr left, Token start)
    {
        if (_token.AfterLineEnd)
            return null;
        if (left is Call { Callee: Identifier { Name: "async" } })
            throw AsyncRefused(start);
        return left switch
        {
            ArrowHead head => head.Items,
            Identifier name when !_parenthesised.Contains(name) => [name],
            _ => null,
        };
    }

    private FunctionExpression ParseArrow(Position at, IReadOnlyList<Expr> items)
    {
        var (parameters, rest) = ToParameters(items);
        Advance();
        EnterFunction(parameters, rest);
        IReadOnlyList<Statement> body;
        var opening = _token;
        if (TakeMark("{"))
        {
            var inHead = _inForHead;
            _inForHead = false;
            body = ParseStatementsUntilBrace();
            _inForHead = inHead;
            LeaveFunction();
            ExpectClosing("}", opening);
        }
        else
        {
            var value = ParseAssignment();
            body = [new Return(value.At, value)];
            LeaveFunction();
        }

        return new FunctionExpression(at, new Function(at, FunctionKind.Arrow, "", parameters, rest, body));
    }

    private (IReadOnlyList<PatternElement> Parameters, Pattern? Remaining) ToParameters(IReadOnlyList<Expr> items)
    {
        List<PatternElement> parameters = [];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not Spread last)
                parameters.Add(ToElement(items[i], binding: true));
            else if (i == items.Count - 1)
                return (parameters, ToPattern(last.Value, binding: true));
            else
                throw RestNotLast(last.At);
        }

        return (parameters, null);
    }

    private void EnterFunction(IReadOnlyList<PatternElement> parameters, Pattern? rest)
    {
        _scope = new Scope(_scope, isFunction: true);
        _jumps = new Jumps(_jumps);
        foreach (var parameter in parameters)
            DeclareParameters(parameter.Target);
        if (rest is not null)
            DeclareParameters(rest);
    }

    private void LeaveFunction()
    {
        _scope = _scope.Outer!;
        _jumps = _jumps.Outer!;
    }

    /// <summary>A function without a name takes that of the variable it is given to.</summary>
    private static Expr Named(Expr value, Pattern target) => target is IdentifierPattern identifier ? Named(value, identifier.Name) : value;

    private static Expr Named(Expr value, string name) => value is FunctionExpression { Function.Name: "" } anonymous
        ? anonymous with { Function = anonymous.Function with { Name = name } }
        : value;
}
