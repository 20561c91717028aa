using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Members, calls and new.</summary>
internal sealed partial class Compiler
{
    private Code Member(Member member)
    {
        var (target, at, words, isOptional) = (Expression(member.Target), member.At, Words(member.Target), member.IsOptional);
        if (member.Name is { } name)
        {
            return f =>
            {
                var held = target(f);
                return held.Object is { } known ? known.Get(name) : Rare(f, held, name);
            };
        }

        var computed = Expression(member.Computed!);
        return f =>
        {
            var held = target(f);
            if (held.IsHole || (isOptional && held.IsNullish))
                return JsValue.Hole;
            var key = computed(f);
            return Access.Get(f.E.Placed(at), Held(f, held, words, key, at), key);
        };

        JsValue Rare(Frame f, JsValue held, string key) =>
            held.IsHole || (isOptional && held.IsNullish) ? JsValue.Hole : Access.Get(f.E, Held(f, held, words, key, at), key);
    }

    /// <summary>The value, if it can have members. Throws a TypeError for null and undefined.</summary>
    private static JsValue Held(Frame f, JsValue value, string words, JsValue key, Position at)
    {
        if (!value.IsNullish)
            return value;
        var empty = value.IsNull ? "null" : "undefined";
        var member = key.IsText || key.IsNumber ? Conversion.ToText(f.E, key) : "…";
        throw f.E.Placed(at).TypeError($"“{words}”是空值 {empty}，不能读取“{member}”；可写 {words}?.{member} (cannot read '{member}' of {empty})");
    }

    /// <summary>target.member = result, where the result may depend on the old value; target and key are evaluated once.</summary>
    /// <param name="member">Where to.</param>
    /// <param name="result">The new value from the old one.</param>
    /// <param name="readsFirst">Whether the old value is needed.</param>
    /// <param name="keeps">Whether the old value stays as it is.</param>
    /// <param name="givesOld">Whether the old value, as a number, is the result of the expression (x.n++).</param>
    private Code MemberAssignment(Member member, Func<Frame, JsValue, JsValue> result, bool readsFirst, Func<JsValue, bool>? keeps = null, bool givesOld = false)
    {
        var (target, at, words) = (Expression(member.Target), member.At, Words(member.Target));
        var key = member.Name is { } name ? Always(name) : Expression(member.Computed!);
        return f =>
        {
            var (holder, of) = (target(f), key(f));
            holder = readsFirst ? Held(f, holder, words, of, at) : holder;
            if (!of.IsNumber)
                of = Conversion.ToKey(f.E, of);
            var old = readsFirst ? Access.Get(f.E.Placed(at), holder, of) : default;
            if (keeps?.Invoke(old) == true)
                return old;
            var value = result(f, old);
            Access.Set(f.E.Placed(at), Held(f, holder, words, of, at), of, value);
            return givesOld ? Conversion.ToNumber(f.E, old) : value;
        };
    }

    private Code Call(Call call)
    {
        var arguments = Arguments(call.Arguments);
        var (at, words, isOptional) = (call.At, Words(call.Callee), call.IsOptional);
        if (call.Callee is Member member)
        {
            var (target, held) = (Expression(member.Target), Words(member.Target));
            var key = member.Name is { } name ? Always(name) : Expression(member.Computed!);
            var memberIsOptional = member.IsOptional;
            return f =>
            {
                var self = target(f);
                if (self.IsHole || (memberIsOptional && self.IsNullish))
                    return JsValue.Hole;
                var of = key(f);
                var method = Access.Get(f.E.Placed(at), Held(f, self, held, of, at), of);
                if (isOptional && method.IsNullish)
                    return JsValue.Hole;

                // Arguments come first, even where there is nothing to call.
                var values = arguments(f);
                return method.Object is JsFunction function
                    ? f.E.Call(function, self, values, at)
                    : throw f.E.Placed(at).TypeError(NotCallable(words, self, of));
            };
        }

        // (a.b)() and a?.b() differ: a chain that ended inside parentheses is undefined.
        var callee = Expression(call.Callee);
        return f =>
        {
            var value = callee(f);
            if (value.IsHole || (isOptional && value.IsNullish))
                return JsValue.Hole;
            var values = arguments(f);
            return value.Object is JsFunction function
                ? f.E.Call(function, default, values, at)
                : throw f.E.Placed(at).TypeError($"{words} 不是函数 ({words} is not a function)");
        };
    }

    private static string NotCallable(string words, JsValue self, JsValue key)
    {
        var near = key.Text is { } name ? NearestName.Of(name, Members.Of(self).Names) : null;
        return near is null ? $"{words} 不是函数 ({words} is not a function)" : $"{words} 不是函数，是否要写 {near}？ ({words} is not a function; did you mean {near}?)";
    }

    private Func<Frame, JsValue[]> Arguments(IReadOnlyList<Expr> arguments)
    {
        if (arguments.Any(a => a is Spread))
            return Gather(arguments);
        var codes = arguments.Select(Expression).ToArray();
        if (codes.Length == 0)
            return _ => [];
        return f =>
        {
            var values = new JsValue[codes.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = codes[i](f);
            return values;
        };
    }

    private Code New(New made)
    {
        var (callee, arguments, at, words) = (Expression(made.Callee), Arguments(made.Arguments), made.At, Words(made.Callee));
        return f =>
        {
            var constructor = callee(f);
            var values = arguments(f);
            return constructor.Object is JsFunction function
                ? f.E.Placed(at).Construct(function, values)
                : throw f.E.Placed(at).TypeError($"{words} 不是构造函数 ({words} is not a constructor)");
        };
    }
}
