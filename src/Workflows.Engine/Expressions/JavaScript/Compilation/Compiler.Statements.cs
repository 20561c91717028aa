using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;
using UnreachableException = System.Diagnostics.UnreachableException;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Statements.</summary>
internal sealed partial class Compiler
{
    /// <summary>Statements of a function or script: function declarations first, then the rest in order.</summary>
    private Act Body(IReadOnlyList<Statement> body)
    {
        var functions = body.OfType<FunctionDeclaration>().Select(Declare);
        return InOrder([.. functions, .. body.Where(s => s is not (FunctionDeclaration or Empty)).Select(Statement)]);
    }

    private Act Declare(FunctionDeclaration declaration)
    {
        var (store, make) = (Initialise(_names.BindingOf(declaration)!), Function(declaration.Function));
        return f =>
        {
            store(f, make(f));
            return Signal.Normal;
        };
    }

    private static Act InOrder(Act[] acts)
    {
        switch (acts)
        {
            case []:
                return _ => Signal.Normal;
            case [var only]:
                return only;
            case [var first, var second]:
                return f => first(f) is var signal && signal != Signal.Normal ? signal : second(f);
            default:
                return f =>
                {
                    foreach (var act in acts)
                    {
                        if (act(f) is var signal && signal != Signal.Normal)
                            return signal;
                    }

                    return Signal.Normal;
                };
        }
    }

    /// <summary>A statement with a result of its own: the script's result is undefined until something in it says more.</summary>
    private Act WithResult(Act act) => !IsOutermost ? act : f =>
    {
        f.Result = default;
        return act(f);
    };

    private Act Statement(Statement statement)
    {
        switch (statement)
        {
            case ExpressionStatement expression:
                return ExpressionStatement(expression);
            case Declaration declaration:
                return InOrder([.. declaration.Declarators.Select(d => Declarator(declaration.Kind, d)).OfType<Act>()]);
            case Block block:
                return Block(block);
            case If branch:
                return WithResult(If(branch));
            case For loop:
                return WithResult(For(loop, []));
            case ForEach loop:
                return WithResult(ForEach(loop, []));
            case While loop:
                return WithResult(While(loop, []));
            case DoWhile loop:
                return WithResult(DoWhile(loop, []));
            case Labelled labelled:
                return Labelled(labelled);
            case Switch choice:
                return WithResult(Switch(choice));
            case Try attempt:
                return WithResult(Try(attempt));
            case Throw thrown:
                return Throw(thrown);
            case Return result:
                return Return(result);
            case Break { Label: var label }:
                return f =>
                {
                    f.Label = label;
                    return Signal.Break;
                };
            case Continue { Label: var label }:
                return f =>
                {
                    f.Label = label;
                    return Signal.Continue;
                };
            case Empty:
                return _ => Signal.Normal;
            case FunctionDeclaration:
                // Alone as the body of an if: the language forbids it in strict mode.
                throw new ExpressionError($"第 {statement.At.Line} 行第 {statement.At.Column} 列：函数声明只能放在语句块里 (a function declaration must stand in a block)");
            default:
                throw new UnreachableException(statement.GetType().Name);
        }
    }

    private Act ExpressionStatement(ExpressionStatement statement)
    {
        var code = Expression(statement.Value);
        if (IsOutermost)
        {
            return f =>
            {
                f.Result = code(f);
                return Signal.Normal;
            };
        }

        return f =>
        {
            code(f);
            return Signal.Normal;
        };
    }

    private Act? Declarator(DeclarationKind kind, Declarator declarator)
    {
        if (declarator.Value is null && kind == DeclarationKind.Var)
            return null;
        var store = Pattern(declarator.Target, isDeclaration: true);
        var value = declarator.Value is null ? _ => JsValue.Undefined : Expression(declarator.Value);
        return f =>
        {
            store(f, value(f));
            return Signal.Normal;
        };
    }

    private Act Block(Block block)
    {
        var scope = _names.ScopeOf(block);
        var enter = Enter(scope);
        var body = Body(block.Body);
        if (!NeedsEntering(scope))
            return body;
        return f =>
        {
            enter(f);
            return body(f);
        };
    }

    private Act If(If branch)
    {
        var (condition, then) = (Condition(branch.Condition), Statement(branch.Then));
        if (branch.Else is null)
            return f => condition(f) ? then(f) : Signal.Normal;
        var otherwise = Statement(branch.Else);
        return f => condition(f) ? then(f) : otherwise(f);
    }

    private Act Labelled(Labelled labelled)
    {
        var labels = new List<string>();
        Statement inner = labelled;
        while (inner is Labelled next)
        {
            labels.Add(next.Label);
            inner = next.Body;
        }

        var body = inner switch
        {
            For loop => WithResult(For(loop, labels)),
            ForEach loop => WithResult(ForEach(loop, labels)),
            While loop => WithResult(While(loop, labels)),
            DoWhile loop => WithResult(DoWhile(loop, labels)),
            _ => Statement(inner),
        };
        return f =>
        {
            var signal = body(f);
            if (signal == Signal.Break && f.Label is { } label && labels.Contains(label))
            {
                f.Label = null;
                return Signal.Normal;
            }

            return signal;
        };
    }

    /// <summary>What a loop does with the way its body ended: null to go on.</summary>
    private static Signal? After(Frame f, Signal signal, List<string> labels)
    {
        switch (signal)
        {
            case Signal.Normal:
                return null;
            case Signal.Break when f.Label is null:
                return Signal.Normal;
            case Signal.Continue when f.Label is null || labels.Contains(f.Label):
                f.Label = null;
                return null;
            default:
                return signal;
        }
    }

    private Act While(While loop, List<string> labels)
    {
        var (condition, body) = (Condition(loop.Condition), Statement(loop.Body));
        return f =>
        {
            while (condition(f))
            {
                f.E.Step();
                if (After(f, body(f), labels) is { } end)
                    return end;
            }

            return Signal.Normal;
        };
    }

    private Act DoWhile(DoWhile loop, List<string> labels)
    {
        var (condition, body) = (Condition(loop.Condition), Statement(loop.Body));
        return f =>
        {
            do
            {
                f.E.Step();
                if (After(f, body(f), labels) is { } end)
                    return end;
            }
            while (condition(f));
            return Signal.Normal;
        };
    }

    private Act For(For loop, List<string> labels)
    {
        var scope = _names.ScopeOf(loop);
        var enter = Enter(scope);
        var initial = loop.Initial is null ? _ => Signal.Normal : loop.Initial is ExpressionStatement first ? Quiet(first.Value) : Statement(loop.Initial);
        var condition = loop.Condition is null ? _ => true : Condition(loop.Condition);
        var step = loop.Step is null ? _ => Signal.Normal : Quiet(loop.Step);
        var body = Statement(loop.Body);

        // A function made in one round keeps the names of that round.
        var perRound = scope.Bindings.Where(b => b.IsCaptured).Select(b => b.Place).ToArray();
        return f =>
        {
            enter(f);
            initial(f);
            NextRound(f);
            for (; condition(f); NextRound(f), step(f))
            {
                f.E.Step();
                if (After(f, body(f), labels) is { } end)
                    return end;
            }

            return Signal.Normal;
        };

        void NextRound(Frame f)
        {
            foreach (var place in perRound)
                f.Cells[place] = new Cell(f.Cells[place].Value);
        }
    }

    private Act Quiet(Expr expression)
    {
        var code = Expression(expression);
        return f =>
        {
            code(f);
            return Signal.Normal;
        };
    }

    private Act ForEach(ForEach loop, List<string> labels)
    {
        var source = Expression(loop.Source);
        var scope = _names.ScopeOf(loop);
        var enter = Enter(scope);
        var store = Pattern(loop.Target, isDeclaration: loop.Declares is not null);
        var body = Statement(loop.Body);
        var at = loop.Source.At;
        if (!loop.IsOf)
        {
            return f =>
            {
                var value = source(f);
                foreach (var key in Keys(f.E, value))
                {
                    if (value.Object is { } held && !held.TryGetOwn(key, out _))
                        continue;
                    if (Round(f, key) is { } end)
                        return end;
                }

                return Signal.Normal;
            };
        }

        return f =>
        {
            var value = source(f);
            if (value.Object is JsArray list)
            {
                // A list may grow and shrink while it is walked through.
                for (var i = 0; i < list.Length; i++)
                {
                    if (Round(f, list[i]) is { } end)
                        return end;
                }

                return Signal.Normal;
            }

            foreach (var item in Iteration.Live(f.E.Placed(at), value))
            {
                if (Round(f, item) is { } end)
                    return end;
            }

            return Signal.Normal;
        };

        Signal? Round(Frame f, JsValue item)
        {
            f.E.Step();
            enter(f);
            store(f, item);
            return After(f, body(f), labels);
        }
    }

    private static IReadOnlyList<string> Keys(Evaluation e, JsValue value)
    {
        if (value.Object is { } held)
        {
            e.AllocateElements((held as JsArray)?.Length ?? 0);
            return held.OwnKeys();
        }

        var length = value.TextLength;
        e.AllocateElements(length);
        return [.. Enumerable.Range(0, length).Select(i => NumberText.Of(i))];
    }

    private Act Switch(Switch choice)
    {
        var value = Expression(choice.Value);
        var scope = _names.ScopeOf(choice);
        var enter = Enter(scope);
        var functions = InOrder([.. choice.Cases.SelectMany(c => c.Body).OfType<FunctionDeclaration>().Select(Declare)]);
        var tests = choice.Cases.Select(c => c.Test is null ? null : Expression(c.Test)).ToArray();
        var bodies = choice.Cases.Select(c => InOrder([.. c.Body.Where(s => s is not FunctionDeclaration).Select(Statement)])).ToArray();
        var fallback = choice.Cases.ToList().FindIndex(c => c.Test is null);
        return f =>
        {
            var found = value(f);
            enter(f);
            functions(f);
            var at = 0;
            while (at < tests.Length && !(tests[at] is { } test && Conversion.StrictEquals(f.E, found, test(f))))
                at++;
            for (var i = at == tests.Length ? fallback : at; i >= 0 && i < bodies.Length; i++)
            {
                switch (bodies[i](f))
                {
                    case Signal.Normal:
                        continue;
                    case Signal.Break when f.Label is null:
                        return Signal.Normal;
                    case var other:
                        return other;
                }
            }

            return Signal.Normal;
        };
    }

    /// <remarks>Only what the script itself or a built-in throws can be caught. A limit ends everything: no catch, no finally.</remarks>
    private Act Try(Try attempt)
    {
        var body = Block(attempt.Body);
        var handler = attempt.Handler is null ? null : Handler(attempt);
        var last = attempt.Finally is null ? null : Block(attempt.Finally);
        return f =>
        {
            var signal = Signal.Normal;
            JsThrow? pending = null;
            var depth = f.E.Depth;
            try
            {
                signal = body(f);
            }
            catch (JsThrow thrown)
            {
                (pending, f.E.Depth) = (thrown, depth);
            }

            if (pending is not null && handler is not null)
            {
                try
                {
                    (var caught, pending) = (pending, null);
                    signal = handler(f, caught.Value);
                }
                catch (JsThrow thrown)
                {
                    (pending, f.E.Depth) = (thrown, depth);
                }
            }

            if (last is not null)
            {
                var (result, label) = (f.Result, f.Label);
                if (last(f) is var instead && instead != Signal.Normal)
                    return instead;
                (f.Result, f.Label) = (result, label);
            }

            return pending is null ? signal : throw new JsThrow(pending.Value, pending.At);
        };
    }

    private Func<Frame, JsValue, Signal> Handler(Try attempt)
    {
        var enter = Enter(_names.ScopeOf(attempt));
        var store = attempt.Caught is null ? null : Pattern(attempt.Caught, isDeclaration: true);
        var body = Block(attempt.Handler!);
        return (f, thrown) =>
        {
            // A loop that throws and catches does more work per round than it looks.
            f.E.Step(64);

            // What the body gave before it failed is forgotten.
            f.Result = default;
            enter(f);
            store?.Invoke(f, thrown);
            return body(f);
        };
    }

    private Act Throw(Throw thrown)
    {
        var (value, at) = (Expression(thrown.Value), thrown.At);
        return f => throw new JsThrow(value(f), at);
    }

    private Act Return(Return result)
    {
        if (result.Value is null)
        {
            return f =>
            {
                f.Result = default;
                return Signal.Return;
            };
        }

        var value = Expression(result.Value);
        return f =>
        {
            f.Result = value(f);
            return Signal.Return;
        };
    }
}
