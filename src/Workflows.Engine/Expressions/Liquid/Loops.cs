using System.Globalization;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>What <c>for</c> and <c>tablerow</c> walk over, and which part of it.</summary>
internal sealed class LoopHead
{
    public required string Name { get; init; }

    public required Term Items { get; init; }

    /// <summary>Name and collection as written: what "offset: continue" goes on with.</summary>
    public required string Label { get; init; }

    public required int Offset { get; init; }

    public Term? Limit { get; set; }

    public Term? Start { get; set; }

    public Term? Columns { get; set; }

    public bool Continues { get; set; }

    public bool IsReversed { get; set; }

    /// <summary>The part to walk; null when the collection itself has nothing in it.</summary>
    public (LiquidList Items, int First, int Count)? Evaluate(RenderContext context)
    {
        context.Meter.Offset = Offset;
        var items = ToList(Items.Evaluate(context), context.Meter);
        if (items.Count == 0)
            return null;
        var first = Continues ? context.LoopEnds.GetValueOrDefault(Label) : Start?.Evaluate(context) is { IsNil: false } start ? LiquidNumbers.Whole(start) : 0;
        // Below zero both count from the end.
        first = first < 0 ? Math.Max(items.Count + first, 0) : Math.Min(first, items.Count);
        var count = items.Count - first;
        if (Limit?.Evaluate(context) is { IsNil: false } limit)
            count = LiquidNumbers.Whole(limit) is var most && most >= 0 ? Math.Min(most, count) : Math.Max(count + most, 0);
        context.LoopEnds[Label] = first + count;
        return (items, first, count);
    }

    /// <summary>Element of a turn, counted from 0.</summary>
    public LiquidValue Item((LiquidList Items, int First, int Count) part, int turn) =>
        part.Items[part.First + (IsReversed ? part.Count - 1 - turn : turn)];

    /// <summary>An object is walked as pairs of name and value, a text as itself.</summary>
    private static LiquidList ToList(LiquidValue value, Meter meter)
    {
        switch (value.Kind)
        {
            case LiquidKind.List:
                return value.List;
            case LiquidKind.Text when value.Text.Length > 0:
                return new MadeList([value]);
            case LiquidKind.Map:
                meter.Elements(value.Map.Count);
                return new MadeList([.. value.Map.Keys.Select(key => LiquidValue.Of(new MadeList([LiquidValue.Of(key), value.Map.TryGet(key, out var member) ? member : default])))]);
            default:
                return MadeList.Empty;
        }
    }
}

internal sealed class ForNode(LoopHead head, Block body, Block? otherwise) : Node
{
    public override Flow Render(RenderContext context)
    {
        if (head.Evaluate(context) is not { } part)
            return otherwise?.Render(context) ?? Flow.Next;
        var outer = context.Find("forloop");
        context.EnterLoop(head.Name, "forloop");
        for (var turn = 0; turn < part.Count; turn++)
        {
            context.Meter.Step();
            context.Turn(head.Item(part, turn), LiquidValue.Of(new LoopPosition(head.Label, turn, part.Count, outer)));
            if (body.Render(context) == Flow.Break)
                break;
        }

        context.LeaveLoop();
        return Flow.Next;
    }
}

internal sealed class TableNode(LoopHead head, Block body) : Node
{
    public override Flow Render(RenderContext context)
    {
        if (head.Evaluate(context) is not { } part)
            return Flow.Next;
        var columns = head.Columns?.Evaluate(context) is { IsNil: false } given ? Math.Max(LiquidNumbers.Whole(given), 1) : part.Count;
        context.EnterLoop(head.Name, "tablerowloop");
        for (var turn = 0; turn < part.Count; turn++)
        {
            context.Meter.Step();
            var (row, column) = (turn / columns + 1, turn % columns + 1);
            context.Turn(head.Item(part, turn), LiquidValue.Of(new LoopPosition(head.Label, turn, part.Count, default, row, column, column == columns)));
            if (column == 1)
                context.Write(string.Create(CultureInfo.InvariantCulture, $"{(row > 1 ? "</tr>" : "")}<tr class=\"row{row}\">"));
            context.Write(string.Create(CultureInfo.InvariantCulture, $"<td class=\"col{column}\">"));
            var flow = body.Render(context);
            context.Write("</td>");
            if (flow == Flow.Break)
                break;
        }

        context.LeaveLoop();
        if (part.Count > 0)
            context.Write("</tr>");
        return Flow.Next;
    }
}

/// <summary>forloop and tablerowloop: where a loop stands.</summary>
internal sealed class LoopPosition(string label, int turn, int count, LiquidValue outer, int row = 0, int column = 0, bool isLastColumn = false) : LiquidMap
{
    private static readonly string[] Names = ["name", "length", "index", "index0", "rindex", "rindex0", "first", "last"];
    private static readonly string[] TableNames = [.. Names, "row", "col", "col0", "col_first", "col_last"];

    public override IEnumerable<string> Keys => row > 0 ? TableNames : Names;

    public override int Count => row > 0 ? TableNames.Length : Names.Length;

    public override bool TryGet(string name, out LiquidValue value)
    {
        value = name switch
        {
            "name" => LiquidValue.Of(label),
            "length" => LiquidValue.Of((decimal)count),
            "index" => LiquidValue.Of(turn + 1m),
            "index0" => LiquidValue.Of((decimal)turn),
            "rindex" => LiquidValue.Of((decimal)(count - turn)),
            "rindex0" => LiquidValue.Of(count - turn - 1m),
            "first" => LiquidValue.Of(turn == 0),
            "last" => LiquidValue.Of(turn == count - 1),
            "parentloop" => outer,
            "row" when row > 0 => LiquidValue.Of((decimal)row),
            "col" when row > 0 => LiquidValue.Of((decimal)column),
            "col0" when row > 0 => LiquidValue.Of(column - 1m),
            "col_first" when row > 0 => LiquidValue.Of(column == 1),
            "col_last" when row > 0 => LiquidValue.Of(isLastColumn),
            _ => LiquidValue.Nil,
        };
        return !value.IsNil;
    }
}
