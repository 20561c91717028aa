namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Turns what was read as an expression into the pattern it proved to be.</summary>
internal sealed partial class Parser
{
    // { a = 1 } is a pattern only; where such a default is still open at the end, it was meant as an object.
    private readonly HashSet<OpenDefault> _openDefaults = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<ArrayLiteral> _restNotLast = new(ReferenceEqualityComparer.Instance);

    private sealed record OpenDefault(Position At, Identifier Name, Expr Value) : Expr(At);

    private OpenDefault ParseOpenDefault(Identifier name)
    {
        var at = Here;
        Advance();
        var open = new OpenDefault(at, name, Named(ParseAssignment(), name.Name));
        _openDefaults.Add(open);
        return open;
    }

    private void RefuseOpenDefaults()
    {
        if (_openDefaults.MinBy(o => (o.At.Line, o.At.Column)) is { } first)
            throw SourceText.Error(first.At, "对象的属性应写“名称: 值”，不能写“=”", "write ':' rather than '=' in an object");
    }

    /// <summary>A name or pattern after var, let, const or catch.</summary>
    private Pattern ParseBindingTarget()
    {
        var at = Here;
        if (!IsMark("[") && !IsMark("{"))
            return new IdentifierPattern(at, ParseBindingName());
        Deeper();
        var literal = IsMark("[") ? (Expr)ParseArray(at) : ParseObject(at);
        _depth--;
        return ToPattern(literal, binding: true);
    }

    private string ParseBindingName()
    {
        if (_token.Kind != TokenKind.Name)
            throw Error(_token, $"此处应为名称，却是{Shown}", $"expected a name but found {ShownEn}");
        if (Reserved.Contains(_token.Text))
            throw Error(_token, $"“{_token.Text}”是保留字，不能作为名称", $"'{_token.Text}' is a reserved word");
        RefuseSpecialName(_token.Text, Here);
        var name = _token.Text;
        Advance();
        return name;
    }

    private static void RefuseSpecialName(string name, Position at)
    {
        if (name is "eval" or "arguments")
            throw SourceText.Error(at, $"不能给“{name}”赋值，也不能以它为名", $"'{name}' cannot be declared or assigned");
    }

    /// <summary>Left side of "=": a variable, a member, or a pattern of them.</summary>
    private Pattern ToTarget(Expr value) => ToPattern(value, binding: false);

    /// <summary>What += and ++ work on: a variable or a member.</summary>
    private Pattern ToSimpleTarget(Expr value) => value is Identifier or Member ? ToPattern(value, binding: false) : throw NoTarget(value, binding: false);

    private Pattern ToPattern(Expr value, bool binding)
    {
        switch (value)
        {
            case Identifier name when !binding || !_parenthesised.Contains(name):
                RefuseSpecialName(name.Name, name.At);
                return new IdentifierPattern(name.At, name.Name);
            case Member member when !binding:
                return new MemberPattern(member.At, member);
            case ArrayLiteral array when !_parenthesised.Contains(array):
                return ToArrayPattern(array, binding);
            case ObjectLiteral members when !_parenthesised.Contains(members):
                return ToObjectPattern(members, binding);
            default:
                throw NoTarget(value, binding);
        }
    }

    private ArrayPattern ToArrayPattern(ArrayLiteral array, bool binding)
    {
        List<PatternElement?> elements = [];
        Pattern? rest = null;
        for (var i = 0; i < array.Elements.Count; i++)
        {
            if (array.Elements[i] is not Spread last)
                elements.Add(array.Elements[i] is { } element ? ToElement(element, binding) : null);
            else if (i == array.Elements.Count - 1 && !_restNotLast.Contains(array))
                rest = ToPattern(last.Value, binding);
            else
                throw RestNotLast(last.At);
        }

        return new ArrayPattern(array.At, elements, rest);
    }

    private ObjectPattern ToObjectPattern(ObjectLiteral members, bool binding)
    {
        List<PatternProperty> properties = [];
        for (var i = 0; i < members.Members.Count; i++)
        {
            var (key, value) = members.Members[i];
            if (key is not null)
                properties.Add(new PatternProperty(key, ToElement(value, binding)));
            else if (i < members.Members.Count - 1)
                throw RestNotLast(value.At);
            else if (value is Identifier or Member)
                return new ObjectPattern(members.At, properties, ToPattern(value, binding));
            else
                throw NoTarget(value, binding);
        }

        return new ObjectPattern(members.At, properties, null);
    }

    private PatternElement ToElement(Expr value, bool binding)
    {
        switch (value)
        {
            case Assign { Operator: "" } assign when !_parenthesised.Contains(assign):
                if (binding)
                    _ = NamesOf(assign.Target);
                return new PatternElement(assign.Target, assign.Value);
            case OpenDefault open:
                _openDefaults.Remove(open);
                return new PatternElement(ToPattern(open.Name, binding), open.Value);
            default:
                return new PatternElement(ToPattern(value, binding), null);
        }
    }

    private static ExpressionError RestNotLast(Position at) => SourceText.Error(at, "“...”必须是最后一个", "'...' must come last");

    private static ExpressionError NoTarget(Expr value, bool binding)
    {
        if (binding)
            return SourceText.Error(value.At, "此处应为名称或解构模式", "expected a name or a pattern");
        return value switch
        {
            Call => SourceText.Error(value.At, "不能给函数调用的结果赋值", "cannot assign to the result of a call"),
            Chain => SourceText.Error(value.At, "不能给可选链 ?. 赋值", "cannot assign to an optional chain"),
            Binary { Operator: "==" or "===" } or Logical => SourceText.Error(value.At, "不能给这个表达式赋值；比较请写 ===", "cannot assign to this; write === to compare"),
            _ => SourceText.Error(value.At, "不能给这个表达式赋值", "cannot assign to this"),
        };
    }
}
