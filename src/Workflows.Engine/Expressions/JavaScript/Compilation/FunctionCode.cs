using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>A function made ready, without the names it has captured.</summary>
/// <param name="Name">As in messages and in .name.</param>
/// <param name="Length">Parameters before the first with a default.</param>
/// <param name="Scope">Says how many slots and cells a frame needs.</param>
/// <param name="Begin">Makes the names and puts the arguments in.</param>
/// <param name="Body">Its statements.</param>
internal sealed record FunctionCode(string Name, int Length, FunctionScope Scope, Action<Frame, (JsValue[] Arguments, JsFunction? Self)> Begin, Act Body)
{
    public JsValue Run(Evaluation e, Cell[] captured, JsValue self, JsValue[] arguments, JsFunction? function)
    {
        var frame = new Frame(e, Scope.Slots, Scope.Cells, captured, self);
        Begin(frame, (arguments, function));
        return Body(frame) == Signal.Return || Scope.Parent is null ? frame.Result : JsValue.Undefined;
    }
}

/// <summary>A function of the script with the names it has captured.</summary>
/// <param name="code">The function.</param>
/// <param name="captured">Cells of outer functions.</param>
/// <param name="lexicalThis">"this" of the place an arrow function was made at; null for other functions.</param>
internal sealed class ScriptFunction(FunctionCode code, Cell[] captured, JsValue? lexicalThis) : JsFunction(code.Name, code.Length)
{
    public override JsValue Invoke(Evaluation e, JsValue self, JsValue[] arguments) =>
        code.Run(e, captured, lexicalThis ?? self, arguments, this);
}
