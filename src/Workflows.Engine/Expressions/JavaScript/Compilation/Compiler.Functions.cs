using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Functions and patterns.</summary>
internal sealed partial class Compiler
{
    /// <summary>Code that makes a function value.</summary>
    private Code Function(Function function)
    {
        var outer = _function;
        var scope = _names.ScopeOf(function);
        _function = scope.Function;
        var code = FunctionCode(function, scope);
        _function = outer;

        var captures = scope.Function.Captures
            .Select(c => (FromHere: c.Owner == outer, Index: c.Owner == outer ? c.Place : outer.Captures.IndexOf(c)))
            .ToArray();
        var isArrow = function.Kind == FunctionKind.Arrow;
        return f =>
        {
            f.E.Allocate(96 + (8 * captures.Length));
            var cells = captures.Length == 0 ? [] : new Cell[captures.Length];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = captures[i].FromHere ? f.Cells[captures[i].Index] : f.Captured[captures[i].Index];
            return new ScriptFunction(code, cells, isArrow ? f.This : default(JsValue?));
        };
    }

    private FunctionCode FunctionCode(Function function, Scope scope)
    {
        var enter = Enter(scope);
        var arguments = scope.Find("arguments") is { Kind: BindingKind.Arguments } all ? Initialise(all) : null;
        var ownName = scope.Find(function.Name) is { Kind: BindingKind.OwnName } own ? Initialise(own) : null;
        var parameters = function.Parameters.Select(p => Element(p, isDeclaration: true)).ToArray();
        var rest = function.Rest is null ? null : Pattern(function.Rest, isDeclaration: true);
        var body = Body(function.Body);
        var length = function.Parameters.TakeWhile(p => p.Default is null).Count();
        var simple = SimpleSlots(function, scope);

        return new FunctionCode(function.Name, length, scope.Function, Begin, body);

        void Begin(Frame f, (JsValue[] Arguments, JsFunction? Self) call)
        {
            enter(f);
            f.E.Allocate(64 + (16 * f.Slots.Length));
            ownName?.Invoke(f, call.Self!);
            if (arguments is not null)
            {
                f.E.AllocateElements(call.Arguments.Length);
                arguments(f, new JsArray([.. call.Arguments]));
            }

            if (simple is not null)
            {
                for (var i = 0; i < simple.Length && i < call.Arguments.Length; i++)
                    f.Slots[simple[i]] = call.Arguments[i];
                return;
            }

            for (var i = 0; i < parameters.Length; i++)
                parameters[i](f, i < call.Arguments.Length ? call.Arguments[i] : default);
            if (rest is not null)
            {
                var left = call.Arguments.Skip(parameters.Length).ToArray();
                f.E.AllocateElements(left.Length);
                rest(f, new JsArray(left));
            }
        }
    }

    /// <summary>Slots of the parameters when all are plain names that no inner function uses; null otherwise.</summary>
    private static int[]? SimpleSlots(Function function, Scope scope)
    {
        if (function.Rest is not null || function.Parameters.Any(p => p.Default is not null || p.Target is not IdentifierPattern))
            return null;
        var bindings = function.Parameters.Select(p => scope.Find(((IdentifierPattern)p.Target).Name)!).ToArray();
        return bindings.Any(b => b.IsCaptured || b.Kind != BindingKind.Parameter) ? null : [.. bindings.Select(b => b.Place)];
    }

    private Store Element(PatternElement element, bool isDeclaration)
    {
        var store = Pattern(element.Target, isDeclaration);
        if (element.Default is null)
            return store;
        var otherwise = Expression(element.Default);
        return (f, value) => store(f, value.IsUndefined ? otherwise(f) : value);
    }

    private Store Pattern(Pattern pattern, bool isDeclaration)
    {
        switch (pattern)
        {
            case IdentifierPattern identifier:
                if (_names.BindingOf(identifier) is { } binding)
                    return isDeclaration ? Initialise(binding) : Assignment(binding, identifier.At);
                return UnknownAssignment(identifier);
            case MemberPattern { Target: var member }:
                return MemberStore(member);
            case ArrayPattern list:
                return ListPattern(list, isDeclaration);
            case ObjectPattern held:
                return HeldPattern(held, isDeclaration);
            default:
                throw new System.Diagnostics.UnreachableException(pattern.GetType().Name);
        }
    }

    private Store UnknownAssignment(IdentifierPattern identifier)
    {
        var (name, at) = (identifier.Name, identifier.At);
        if (_outside.Find(name) is not null || Library.Globals.All.FindOrHole(name) is { IsHole: false })
            return (f, _) => throw f.E.Placed(at).TypeError($"“{name}”不能赋值 ('{name}' cannot be assigned)");
        _unknown.Add((name, at));
        return (f, _) => throw f.E.Placed(at).ReferenceError($"变量“{name}”没有声明，请先写 let {name} ('{name}' is not defined)");
    }

    private Store MemberStore(Member member)
    {
        var (target, at, words) = (Expression(member.Target), member.At, Words(member.Target));
        if (member.Name is { } name)
        {
            return (f, value) =>
            {
                var held = Held(f, target(f), words, name, at);
                Access.Set(f.E.Placed(at), held, name, value);
            };
        }

        var computed = Expression(member.Computed!);
        return (f, value) =>
        {
            var (holder, key) = (target(f), computed(f));
            Access.Set(f.E.Placed(at), Held(f, holder, words, "[…]", at), key, value);
        };
    }

    private Store ListPattern(ArrayPattern pattern, bool isDeclaration)
    {
        var elements = pattern.Elements.Select(p => p is null ? null : Element(p, isDeclaration)).ToArray();
        var rest = pattern.Rest is null ? null : Pattern(pattern.Rest, isDeclaration);
        var at = pattern.At;
        return (f, value) =>
        {
            var values = Library.Iteration.ToList(f.E.Placed(at), value);
            for (var i = 0; i < elements.Length; i++)
                elements[i]?.Invoke(f, i < values.Length ? values[i] : default);
            if (rest is null)
                return;
            var left = values.Skip(elements.Length).ToArray();
            f.E.AllocateElements(left.Length);
            rest(f, new JsArray(left));
        };
    }

    private Store HeldPattern(ObjectPattern pattern, bool isDeclaration)
    {
        var properties = pattern.Properties.Select(p => (p.Key.Name, Computed: p.Key.Computed is null ? null : Expression(p.Key.Computed), Store: Element(p.Value, isDeclaration))).ToArray();
        var rest = pattern.Rest is null ? null : Pattern(pattern.Rest, isDeclaration);
        var at = pattern.At;
        return (f, value) =>
        {
            if (value.IsNullish)
                throw f.E.Placed(at).TypeError("不能解构空值 (cannot destructure null or undefined)");
            var taken = rest is null ? null : new HashSet<string>();
            foreach (var (fixedName, computed, store) in properties)
            {
                var name = fixedName ?? Conversion.ToKey(f.E, computed!(f));
                taken?.Add(name);
                store(f, Access.Get(f.E, value, name));
            }

            if (rest is null)
                return;
            var left = new JsObject();
            CopyInto(f.E, left, value, taken);
            rest(f, left);
        };
    }

    /// <summary>Copies own properties, as {...value} does.</summary>
    private static void CopyInto(Evaluation e, JsObject target, JsValue value, HashSet<string>? except)
    {
        if (value.Text is { } text)
        {
            e.Step(text.Length);
            for (var i = 0; i < text.Length; i++)
                target.Set(e, NumberText.Of(i), text[i].ToString());
            return;
        }

        if (value.Object is not { } source)
            return;
        foreach (var key in source.OwnKeys())
        {
            e.Step();
            if (except?.Contains(key) != true && source.TryGetOwn(key, out var member))
                target.Set(e, key, member);
        }
    }
}
