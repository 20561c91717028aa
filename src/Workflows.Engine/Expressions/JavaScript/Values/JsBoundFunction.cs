namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>What f.bind(self, a, b) gives.</summary>
internal sealed class JsBoundFunction(JsFunction target, JsValue self, JsValue[] first)
    : JsFunction("bound " + target.Name, Math.Max(0, target.ParameterCount - first.Length))
{
    public override JsValue Invoke(Evaluation e, JsValue _, JsValue[] arguments) => e.Call(target, self, All(e, arguments));

    public override JsValue Construct(Evaluation e, JsValue[] arguments) => e.Construct(target, All(e, arguments));

    public override bool? IsInstance(JsValue value) => target.IsInstance(value);

    /// <summary>Binds once more. What was bound first stays, and no chain of functions grows.</summary>
    public JsBoundFunction Bind(Evaluation e, JsValue[] more) => new(target, self, All(e, more)) { Outer = Outer + 1 };

    public override bool TryGetOwn(string key, out JsValue value)
    {
        if (key != "name" || Outer == 0)
            return base.TryGetOwn(key, out value);
        value = string.Concat(Enumerable.Repeat("bound ", Math.Min(Outer, 100))) + Name;
        return true;
    }

    private int Outer { get; init; }

    private JsValue[] All(Evaluation e, JsValue[] more)
    {
        e.AllocateElements(first.Length + more.Length);
        return [.. first, .. more];
    }
}
