using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;
using UnreachableException = System.Diagnostics.UnreachableException;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Expressions without calls and members.</summary>
internal sealed partial class Compiler
{
    private Code Expression(Expr expression)
    {
        switch (expression)
        {
            case NumberLiteral number:
                return Always(number.Value);
            case StringLiteral text:
                return Always(text.Value);
            case Constant constant:
                return Always(constant.Value is { } flag ? flag : JsValue.Null);
            case RegexLiteral regex:
                var pattern = RegexTranslation.Prepare(regex.Source, regex.Flags);
                return f => new JsRegex(f.E, pattern);
            case Identifier identifier:
                return Name(identifier);
            case This:
                return f => f.This;
            case TemplateLiteral template:
                return Template(template);
            case ArrayLiteral list:
                return List(list);
            case ObjectLiteral held:
                return Held(held);
            case FunctionExpression function:
                return Function(function.Function);
            case Unary unary:
                return Unary(unary);
            case Delete delete:
                return Delete(delete);
            case Update update:
                return Update(update);
            case Binary binary:
                return Binary(binary);
            case Logical logical:
                return Logical(logical.Operator, Expression(logical.Left), Expression(logical.Right));
            case Conditional conditional:
                var (condition, then, otherwise) = (Condition(conditional.Condition), Expression(conditional.Then), Expression(conditional.Else));
                return f => condition(f) ? then(f) : otherwise(f);
            case Assign assign:
                return Assign(assign);
            case Member member:
                return Member(member);
            case Call call:
                return Call(call);
            case Chain chain:
                var inner = Expression(chain.Value);
                return f => inner(f) is var value && value.IsHole ? JsValue.Undefined : value;
            case New made:
                return New(made);
            case Sequence sequence:
                return Sequence(sequence);
            default:
                throw new UnreachableException(expression.GetType().Name);
        }
    }

    private static Code Always(JsValue value) => _ => value;

    /// <summary>An expression asked only whether it holds.</summary>
    private Func<Frame, bool> Condition(Expr expression)
    {
        switch (expression)
        {
            case Unary { Operator: "!" } not:
                var negated = Condition(not.Value);
                return f => !negated(f);
            case Logical { Operator: "&&" } both:
                var (left, right) = (Condition(both.Left), Condition(both.Right));
                return f => left(f) && right(f);
            case Logical { Operator: "||" } either:
                var (first, second) = (Condition(either.Left), Condition(either.Right));
                return f => first(f) || second(f);
            default:
                var code = Expression(expression);
                return f => Conversion.ToBoolean(code(f));
        }
    }

    private Code Name(Identifier identifier)
    {
        var (name, at) = (identifier.Name, identifier.At);
        if (_names.BindingOf(identifier) is { } binding)
            return Read(binding, at);
        if (_outside.Find(name) is { } outside)
            return f => outside(f.E.Placed(at));
        var global = Globals.All.FindOrHole(name);
        if (!global.IsHole)
            return Always(global);

        _unknown.Add((name, at));
        var message = _outside.Unknown(name);
        return f => throw f.E.Placed(at).ReferenceError(message);
    }

    private Code Template(TemplateLiteral template)
    {
        var parts = template.Parts.Select(Expression).ToArray();
        return f =>
        {
            JsValue text = template.Texts[0];
            for (var i = 0; i < parts.Length; i++)
            {
                text = Operators.Join(f.E, text, Conversion.ToText(f.E, parts[i](f)));
                if (template.Texts[i + 1].Length > 0)
                    text = Operators.Join(f.E, text, template.Texts[i + 1]);
            }

            return text;
        };
    }

    private Code List(ArrayLiteral list)
    {
        if (list.Elements.Any(e => e is Spread))
        {
            var gather = Gather(list.Elements);
            return f => new JsArray(gather(f));
        }

        var elements = list.Elements.Select(e => e is null ? Always(JsValue.Hole) : Expression(e)).ToArray();
        return f =>
        {
            f.E.AllocateElements(elements.Length + 4L);
            var items = new JsValue[elements.Length];
            for (var i = 0; i < items.Length; i++)
                items[i] = elements[i](f);
            return new JsArray(items);
        };
    }

    /// <summary>Elements or arguments, some of them spread.</summary>
    private Func<Frame, JsValue[]> Gather(IReadOnlyList<Expr?> expressions)
    {
        var parts = expressions.Select(e => e is Spread spread ? (IsSpread: true, Code: Expression(spread.Value), spread.At) : (false, e is null ? Always(JsValue.Hole) : Expression(e), default)).ToArray();
        return f =>
        {
            var items = new List<JsValue>();
            foreach (var (isSpread, code, at) in parts)
            {
                var value = code(f);
                if (isSpread)
                {
                    var poured = Iteration.ToList(f.E.Placed(at), value);
                    f.E.AllocateElements(poured.Length);
                    items.AddRange(poured);
                }
                else
                {
                    f.E.AllocateElements(1);
                    items.Add(value);
                }
            }

            return [.. items];
        };
    }

    private Code Held(ObjectLiteral held)
    {
        var members = held.Members.Select(m => (m.Key?.Name, Computed: m.Key?.Computed is null ? null : Expression(m.Key.Computed), IsSpread: m.Key is null, Value: Expression(m.Value))).ToArray();
        return f =>
        {
            f.E.Allocate(64);
            var made = new JsObject();
            foreach (var (fixedName, computed, isSpread, value) in members)
            {
                if (isSpread)
                {
                    CopyInto(f.E, made, value(f), null);
                    continue;
                }

                var name = fixedName ?? Conversion.ToKey(f.E, computed!(f));
                made.Set(f.E, name, value(f));
            }

            return made;
        };
    }

    private Code Unary(Unary unary)
    {
        if (unary is { Operator: "typeof", Value: Identifier name } && _names.BindingOf(name) is null && _outside.Find(name.Name) is null && Globals.All.FindOrHole(name.Name).IsHole)
            return Always("undefined");
        if (unary is { Operator: "-", Value: NumberLiteral number })
            return Always(-number.Value);
        if (unary.Operator == "!")
        {
            var condition = Condition(unary.Value);
            return f => !condition(f);
        }

        var (value, at) = (Expression(unary.Value), unary.At);
        return unary.Operator switch
        {
            "-" => f => value(f) is var v && v.IsNumber ? -v.Number : -Conversion.ToNumber(f.E.Placed(at), v),
            "+" => f => value(f) is var v && v.IsNumber ? v : Conversion.ToNumber(f.E.Placed(at), v),
            "~" => f => ~Conversion.ToInt32(f.E.Placed(at), value(f)),
            "typeof" => f => Conversion.TypeOf(value(f)),
            "void" => f => Nothing(value(f)),
            _ => throw new UnreachableException(unary.Operator),
        };
    }

    private static JsValue Nothing(JsValue _) => JsValue.Undefined;

    private Code Delete(Delete delete)
    {
        var (target, at, words) = (Expression(delete.Target.Target), delete.At, Words(delete.Target.Target));
        var key = delete.Target.Name is { } name ? Always(name) : Expression(delete.Target.Computed!);
        var isOptional = delete.Target.IsOptional;
        return f =>
        {
            var (holder, member) = (target(f), key(f));
            if (holder.IsHole || (isOptional && holder.IsNullish))
                return true;
            holder = Held(f, holder, words, "delete", at);
            return holder.Object is not { } held || held.Delete(f.E.Placed(at), Conversion.ToKey(f.E, member))
                ? true
                : throw f.E.TypeError("这个属性不能删除 (cannot delete property)");
        };
    }

    private Code Binary(Binary binary)
    {
        var (left, right, at) = (Expression(binary.Left), Expression(binary.Right), binary.At);
        switch (binary.Operator)
        {
            case "+":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number + b.Number : Operators.Add(f.E.Placed(at), a, b);
                };
            case "-":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number - b.Number : Operators.Arithmetic(f.E.Placed(at), '-', a, b);
                };
            case "*":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number * b.Number : Operators.Arithmetic(f.E.Placed(at), '*', a, b);
                };
            case "/":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number / b.Number : Operators.Arithmetic(f.E.Placed(at), '/', a, b);
                };
            case "%" or "**":
                var sign = binary.Operator == "%" ? '%' : '^';
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return Operators.Arithmetic(f.E.Placed(at), sign, a, b);
                };
            case "===":
                return f => Conversion.StrictEquals(f.E, left(f), right(f));
            case "!==":
                return f => !Conversion.StrictEquals(f.E, left(f), right(f));
            case "==":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return Conversion.LooseEquals(f.E.Placed(at), a, b);
                };
            case "!=":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return !Conversion.LooseEquals(f.E.Placed(at), a, b);
                };
            case "<":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number < b.Number : Operators.Less(f.E.Placed(at), a, b, leftFirst: true) == true;
                };
            case ">":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number > b.Number : Operators.Less(f.E.Placed(at), b, a, leftFirst: false) == true;
                };
            case "<=":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number <= b.Number : Operators.Less(f.E.Placed(at), b, a, leftFirst: false) == false;
                };
            case ">=":
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return a.IsNumber && b.IsNumber ? a.Number >= b.Number : Operators.Less(f.E.Placed(at), a, b, leftFirst: true) == false;
                };
            case "in":
                return f =>
                {
                    var (key, held) = (left(f), right(f));
                    return Operators.In(f.E.Placed(at), key, held);
                };
            case "instanceof":
                return f =>
                {
                    var (value, constructor) = (left(f), right(f));
                    return Operators.InstanceOf(f.E.Placed(at), value, constructor);
                };
            default:
                var operation = binary.Operator;
                return f =>
                {
                    var (a, b) = (left(f), right(f));
                    return Operators.Bitwise(f.E.Placed(at), operation, a, b);
                };
        }
    }

    private static Code Logical(string operation, Code left, Code right) => operation switch
    {
        "&&" => f => left(f) is var value && Conversion.ToBoolean(value) ? right(f) : value,
        "||" => f => left(f) is var value && Conversion.ToBoolean(value) ? value : right(f),
        _ => f => left(f) is var value && value.IsNullish ? right(f) : value,
    };

    private Code Sequence(Sequence sequence)
    {
        var codes = sequence.Values.Select(Expression).ToArray();
        return f =>
        {
            for (var i = 0; i < codes.Length - 1; i++)
                codes[i](f);
            return codes[^1](f);
        };
    }

    /// <summary>The result of an operator that also assigns: +=, ??=, ++.</summary>
    private static Func<Frame, JsValue, JsValue, JsValue> Combine(string operation, Position at) => operation switch
    {
        "+" => (f, a, b) => Operators.Add(f.E.Placed(at), a, b),
        "-" or "*" or "/" or "%" => (f, a, b) => Operators.Arithmetic(f.E.Placed(at), operation[0], a, b),
        "**" => (f, a, b) => Operators.Arithmetic(f.E.Placed(at), '^', a, b),
        _ => (f, a, b) => Operators.Bitwise(f.E.Placed(at), operation, a, b),
    };

    private Code Assign(Assign assign)
    {
        var value = Expression(assign.Value);
        if (assign.Operator.Length == 0)
        {
            if (assign.Target is MemberPattern { Target: var member })
                return MemberAssignment(member, (f, _) => value(f), readsFirst: false);
            var store = Pattern(assign.Target, isDeclaration: false);
            return f =>
            {
                var result = value(f);
                store(f, result);
                return result;
            };
        }

        if (assign.Operator is "&&" or "||" or "??")
            return LogicalAssign(assign, value);

        var combine = Combine(assign.Operator, assign.At);
        if (assign.Target is MemberPattern held)
            return MemberAssignment(held.Target, (f, old) => combine(f, old, value(f)), readsFirst: true);
        var (read, write) = ReadAndWrite((IdentifierPattern)assign.Target);
        return f =>
        {
            var result = combine(f, read(f), value(f));
            write(f, result);
            return result;
        };
    }

    private Code LogicalAssign(Assign assign, Code value)
    {
        // Evaluates to a hole when nothing is to be assigned.
        Func<JsValue, bool> keeps = assign.Operator switch
        {
            "&&" => old => !Conversion.ToBoolean(old),
            "||" => Conversion.ToBoolean,
            _ => old => !old.IsNullish,
        };
        if (assign.Target is MemberPattern held)
            return MemberAssignment(held.Target, (f, old) => value(f), readsFirst: true, keeps);
        var (read, write) = ReadAndWrite((IdentifierPattern)assign.Target);
        return f =>
        {
            var old = read(f);
            if (keeps(old))
                return old;
            var result = value(f);
            write(f, result);
            return result;
        };
    }

    private Code Update(Update update)
    {
        var (by, isPrefix, at) = (update.By, update.IsPrefix, update.At);
        if (update.Target is MemberPattern held)
        {
            return MemberAssignment(held.Target, (f, old) => Conversion.ToNumber(f.E.Placed(at), old) + by, readsFirst: true, givesOld: !isPrefix);
        }

        var (read, write) = ReadAndWrite((IdentifierPattern)update.Target);
        return f =>
        {
            var old = read(f) is var value && value.IsNumber ? value.Number : Conversion.ToNumber(f.E.Placed(at), value);
            write(f, old + by);
            return isPrefix ? old + by : old;
        };
    }

    private (Code Read, Store Write) ReadAndWrite(IdentifierPattern target)
    {
        if (_names.BindingOf(target) is { } binding)
            return (Read(binding, target.At), Assignment(binding, target.At));
        return (Name(new Identifier(target.At, target.Name)), UnknownAssignment(target));
    }
}
