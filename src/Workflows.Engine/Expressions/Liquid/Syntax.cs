namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Something that has a value when the template runs.</summary>
internal abstract class Term
{
    public abstract LiquidValue Evaluate(RenderContext context);
}

internal sealed class ConstantTerm(LiquidValue value) : Term
{
    public LiquidValue Value => value;

    public override LiquidValue Evaluate(RenderContext context) => value;
}

/// <summary><c>order.items[0].name</c></summary>
internal sealed class PathTerm(string root, IReadOnlyList<Term> keys) : Term
{
    public override LiquidValue Evaluate(RenderContext context)
    {
        var value = context.Find(root);
        foreach (var key in keys)
        {
            var name = key.Evaluate(context);
            context.Meter.Scan(name.Kind == LiquidKind.Text ? name.Text.Length : 0);
            value = Member(value, name);
        }

        return value;
    }

    /// <summary>A member of a value by name or position; nil when there is none.</summary>
    public static LiquidValue Member(LiquidValue value, LiquidValue key)
    {
        switch (value.Kind)
        {
            case LiquidKind.Map:
                var name = key.Kind == LiquidKind.Text ? key.Text : key.Kind == LiquidKind.Number ? LiquidNumbers.Write(key) : null;
                if (name is null)
                    return LiquidValue.Nil;
                return value.Map.TryGet(name, out var member) ? member : name == "size" ? LiquidValue.Of((decimal)value.Map.Count) : LiquidValue.Nil;
            case LiquidKind.List:
                var list = value.List;
                if (Position(key, list.Count) is { } index)
                    return index < list.Count ? list[index] : LiquidValue.Nil;
                return key.Kind == LiquidKind.Text && key.Text == "size" ? LiquidValue.Of((decimal)list.Count) : LiquidValue.Nil;
            case LiquidKind.Text:
                if (key.Kind == LiquidKind.Text)
                    return key.Text == "size" ? LiquidValue.Of((decimal)value.Text.Length) : LiquidValue.Nil;
                return Position(key, value.Text.Length) is { } at && at < value.Text.Length ? LiquidValue.Of(TextFilters.Character(value.Text, at)) : LiquidValue.Nil;
            default:
                return LiquidValue.Nil;
        }
    }

    private static int? Position(LiquidValue key, int count)
    {
        if (key.Kind == LiquidKind.Text && key.Text is "first" or "last")
            return count == 0 ? null : key.Text == "first" ? 0 : count - 1;
        var number = key.Kind == LiquidKind.Number ? key : key.Kind == LiquidKind.Text ? LiquidNumbers.Parse(key.Text) : null;
        if (number is not { IsExact: true } exact || exact.Exact != decimal.Truncate(exact.Exact) || Math.Abs(exact.Exact) > int.MaxValue)
            return null;
        var index = (int)exact.Exact;
        return index >= 0 ? index : index + count >= 0 ? index + count : null;
    }
}

/// <summary><c>(1..n)</c></summary>
internal sealed class RangeTerm(Term first, Term last) : Term
{
    public override LiquidValue Evaluate(RenderContext context)
    {
        var (from, to) = (LiquidNumbers.Of(first.Evaluate(context)), LiquidNumbers.Of(last.Evaluate(context)));
        var count = Math.Floor(to.Double - from.Double) + 1;
        // A longer one could never be walked: this is where the limit on steps is met.
        if (count > int.MaxValue || !from.IsExact)
            context.Meter.Step(long.MaxValue / 2);
        return LiquidValue.Of(new RangeList(from.Exact, (int)Math.Max(count, 0)));
    }
}

/// <summary><c>not a == b</c>: one comparison, or a value alone.</summary>
internal sealed class ComparisonTerm(bool isNegated, Term left, string? sign, Term? right) : Term
{
    public override LiquidValue Evaluate(RenderContext context)
    {
        var value = left.Evaluate(context);
        if (sign is not null)
            value = LiquidValue.Of(Holds(value, right!.Evaluate(context), context.Meter));
        return isNegated ? LiquidValue.Of(!value.IsTruthy) : value;
    }

    private bool Holds(LiquidValue a, LiquidValue b, Meter meter) => sign switch
    {
        "==" => LiquidComparison.Equal(a, b, meter),
        "!=" or "<>" => !LiquidComparison.Equal(a, b, meter),
        "<" => LiquidComparison.Order(a, b, meter) is < 0,
        ">" => LiquidComparison.Order(a, b, meter) is > 0,
        "<=" => LiquidComparison.Order(a, b, meter) is <= 0,
        ">=" => LiquidComparison.Order(a, b, meter) is >= 0,
        _ => LiquidComparison.Contains(a, b, meter),
    };
}

/// <summary><c>a and b or c</c>: grouped from the right, as Liquid does: <c>a and (b or c)</c>.</summary>
internal sealed class LogicTerm(IReadOnlyList<Term> operands, IReadOnlyList<bool> isAnd) : Term
{
    public override LiquidValue Evaluate(RenderContext context)
    {
        // Walked, not nested: a template may chain thousands.
        var result = operands[^1].Evaluate(context).IsTruthy;
        for (var i = operands.Count - 2; i >= 0; i--)
        {
            context.Meter.Step();
            result = isAnd[i] ? result && operands[i].Evaluate(context).IsTruthy : result || operands[i].Evaluate(context).IsTruthy;
        }

        return LiquidValue.Of(result);
    }
}

/// <summary>A value and the filters it goes through.</summary>
internal sealed class FilteredTerm(Term first, IReadOnlyList<FilterUse> filters) : Term
{
    /// <summary>True when the last filter leaves text that needs no more escaping in HTML.</summary>
    public bool IsSafe => filters.Count > 0 && filters[^1].Filter.IsSafe;

    public override LiquidValue Evaluate(RenderContext context)
    {
        var value = first.Evaluate(context);
        foreach (var use in filters)
        {
            context.Meter.Offset = use.Offset;
            context.Meter.Step();
            value = use.Filter.Apply(new FilterCall(context, value, [.. use.Arguments.Select(a => a.Evaluate(context))], use.Named.Select(n => (n.Name, n.Value.Evaluate(context))).ToList()));
        }

        return value;
    }
}

/// <summary>One filter where it is used.</summary>
internal sealed record FilterUse(LiquidFilter Filter, IReadOnlyList<Term> Arguments, IReadOnlyList<(string Name, Term Value)> Named, int Offset);
