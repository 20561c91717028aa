using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Code of an expression.</summary>
internal delegate JsValue Code(Frame frame);

/// <summary>Code of a statement; says how it ended.</summary>
internal delegate Signal Act(Frame frame);

/// <summary>Code that puts a value where a pattern says.</summary>
internal delegate void Store(Frame frame, JsValue value);

/// <summary>How a statement ended. Break and Continue may name a label in <see cref="Frame.Label"/>, Return leaves its value in <see cref="Frame.Result"/>.</summary>
internal enum Signal
{
    Normal,
    Break,
    Continue,
    Return,
}

/// <summary>A name used by an inner function: it lives as long as anybody holds it.</summary>
internal sealed class Cell(JsValue value)
{
    public JsValue Value = value;
}

/// <summary>One call of a function, or one run of a script.</summary>
internal sealed class Frame(Evaluation evaluation, int slots, int cells, Cell[] captured, JsValue self)
{
    public readonly Evaluation E = evaluation;
    public readonly JsValue[] Slots = slots == 0 ? [] : new JsValue[slots];
    public readonly Cell[] Cells = cells == 0 ? [] : new Cell[cells];
    public readonly Cell[] Captured = captured;
    public readonly JsValue This = self;

    /// <summary>Value of return; at the outermost level also of the last expression statement.</summary>
    public JsValue Result;

    /// <summary>Label a Break or Continue is looking for; null for the nearest.</summary>
    public string? Label;
}
