using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods that make a new list out of the old one: slice, concat, flat, toSorted, with, ...</summary>
internal static class ArrayDeriving
{
    public static readonly Members Methods = new()
    {
        { "slice", 2, Slice },
        { "concat", 1, Concat },
        { "flat", 0, (e, self, a) => Flat(e, Lists.Of(e, self), a[0].IsUndefined ? 1 : Conversion.ToInteger(e, a[0])) },
        { "with", 2, With },
        { "toSorted", 1, (e, self, a) => new JsArray(ListSort.Sorted(e, Lists.Filled(e, Lists.Of(e, self)), a[0])) },
        {
            "toReversed", 0, (e, self, _) =>
            {
                var items = Lists.Filled(e, Lists.Of(e, self));
                Array.Reverse(items);
                return new JsArray(items);
            }
        },
        {
            "toSpliced", 2, (e, self, a) =>
            {
                var copy = new JsArray(Lists.Filled(e, Lists.Of(e, self)));
                ArrayChanging.Splice(e, copy, a);
                return copy;
            }
        },
    };

    private static JsValue Slice(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var start = Conversion.ToRelativePosition(e, a[0], list.Length, 0);
        var end = Conversion.ToRelativePosition(e, a[1], list.Length, list.Length);

        // An argument may be an object whose valueOf shortens the list.
        end = Math.Min(end, list.Length);
        if (start >= end)
            return new JsArray();
        e.AllocateElements(end - start);
        return new JsArray(list.Items[start..end].ToArray());
    }

    private static JsValue Concat(Evaluation e, JsValue self, Arguments a)
    {
        var whole = new JsArray(Lists.Copy(e, Lists.Of(e, self)));
        foreach (var part in a.All)
        {
            if (part.Object is JsArray list)
                Lists.Append(e, whole, list);
            else
                whole.Add(e, part);
        }

        return whole;
    }

    // Lists inside lists wait on a stack of our own: one that contains itself ends at a limit, not in the host's stack.
    private static JsArray Flat(Evaluation e, JsArray list, double depth)
    {
        var flat = new JsArray();
        var open = new Stack<(JsArray List, int Next)>();
        open.Push((list, 0));
        while (open.TryPop(out var at))
        {
            for (var i = at.Next; i < at.List.Length; i++)
            {
                e.Step();
                if (!Lists.TryElement(at.List, i, out var value))
                    continue;
                if (open.Count < depth && value.Object is JsArray inner)
                {
                    e.Allocate(16);
                    open.Push((at.List, i + 1));
                    at = (inner, 0);
                    i = -1;
                }
                else
                {
                    flat.Add(e, value);
                }
            }
        }

        return flat;
    }

    private static JsValue With(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var at = Conversion.ToInteger(e, a[0]);
        at = at < 0 ? at + list.Length : at;
        if (at < 0 || at >= list.Length)
            throw e.RangeError("列表位置无效 (invalid index)");
        var items = Lists.Filled(e, list);
        items[(int)at] = a[1];
        return new JsArray(items);
    }
}
