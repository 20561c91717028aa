namespace Workflows.Engine.Expressions.Liquid;

/// <summary>A part of a template that puts something out or does something.</summary>
internal abstract class Node
{
    public abstract Flow Render(RenderContext context);
}

internal sealed class Block(IReadOnlyList<Node> nodes) : Node
{
    public override Flow Render(RenderContext context)
    {
        foreach (var node in nodes)
        {
            context.Meter.Step();
            if (node.Render(context) is not Flow.Next and var flow)
                return flow;
        }

        return Flow.Next;
    }
}

internal sealed class TextNode(string text) : Node
{
    public override Flow Render(RenderContext context)
    {
        context.Write(text);
        return Flow.Next;
    }
}

internal sealed class OutputNode(FilteredTerm term, int offset) : Node
{
    public override Flow Render(RenderContext context)
    {
        context.Meter.Offset = offset;
        context.Write(term.Evaluate(context), term.IsSafe);
        return Flow.Next;
    }
}

internal sealed class AssignNode(string name, FilteredTerm term, int offset) : Node
{
    public override Flow Render(RenderContext context)
    {
        context.Meter.Offset = offset;
        context.Assign(name, term.Evaluate(context));
        return Flow.Next;
    }
}

internal sealed class CaptureNode(string name, Block body) : Node
{
    public override Flow Render(RenderContext context)
    {
        var flow = context.Capture(body, out var captured);
        context.Assign(name, captured);
        return flow;
    }
}

/// <summary>increment puts the counter out and adds one; decrement takes one away and puts it out.</summary>
internal sealed class CounterNode(string name, bool isUp) : Node
{
    public override Flow Render(RenderContext context)
    {
        var value = context.Counter(name);
        context.Count(name, isUp ? value + 1 : value - 1);
        context.Write(LiquidValue.Of(isUp ? value : value - 1), isSafe: true);
        return Flow.Next;
    }
}

internal sealed class IfNode(IReadOnlyList<(Term Condition, bool Wanted, Block Body, int Offset)> branches, Block? otherwise) : Node
{
    public override Flow Render(RenderContext context)
    {
        foreach (var (condition, wanted, body, offset) in branches)
        {
            context.Meter.Offset = offset;
            context.Meter.Step();
            if (condition.Evaluate(context).IsTruthy == wanted)
                return body.Render(context);
        }

        return otherwise?.Render(context) ?? Flow.Next;
    }
}

internal sealed class CaseNode(Term value, IReadOnlyList<(IReadOnlyList<Term> Values, Block Body)> branches, Block? otherwise, int offset) : Node
{
    /// <summary>Every branch that matches is put out, as Liquid does.</summary>
    public override Flow Render(RenderContext context)
    {
        context.Meter.Offset = offset;
        var wanted = value.Evaluate(context);
        var isHit = false;
        foreach (var (values, body) in branches)
        {
            if (!values.Any(v => LiquidComparison.Equal(wanted, v.Evaluate(context), context.Meter)))
                continue;
            isHit = true;
            if (body.Render(context) is not Flow.Next and var flow)
                return flow;
        }

        return isHit ? Flow.Next : otherwise?.Render(context) ?? Flow.Next;
    }
}

internal sealed class FlowNode(Flow flow) : Node
{
    public override Flow Render(RenderContext context) => flow;
}

internal sealed class CycleNode(Term? group, IReadOnlyList<Term> values, string label, int offset) : Node
{
    public override Flow Render(RenderContext context)
    {
        context.Meter.Offset = offset;
        var key = (group is null ? "" : LiquidText.Of(group.Evaluate(context), context.Meter)) + "\n" + label;
        context.Meter.Text(key.Length);
        var turn = context.Cycles.GetValueOrDefault(key);
        context.Cycles[key] = (turn + 1) % values.Count;
        context.Write(values[turn].Evaluate(context), isSafe: false);
        return Flow.Next;
    }
}
