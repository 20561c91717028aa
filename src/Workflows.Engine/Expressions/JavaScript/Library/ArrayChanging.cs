using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods that change the list they are called on: push, splice, sort, fill, ...</summary>
internal static class ArrayChanging
{
    public static readonly Members Methods = new()
    {
        {
            "push", 1, (e, self, a) =>
            {
                var list = Lists.Of(e, self);
                foreach (var value in a.All)
                    list.Add(e, value);
                return list.Length;
            }
        },
        { "pop", 0, (e, self, _) => RemoveAt(e, Lists.Of(e, self), first: false) },
        { "shift", 0, (e, self, _) => RemoveAt(e, Lists.Of(e, self), first: true) },
        {
            "unshift", 1, (e, self, a) =>
            {
                var list = Lists.Of(e, self);
                list.Splice(e, 0, 0, a.All);
                return list.Length;
            }
        },
        { "splice", 2, (e, self, a) => new JsArray(Splice(e, Lists.Of(e, self), a)) },
        { "reverse", 0, (e, self, _) => Reverse(e, self) },
        { "fill", 1, Fill },
        { "copyWithin", 2, CopyWithin },
        { "sort", 1, Sort },
    };

    /// <summary>As splice does: removes and inserts, and gives back what was removed.</summary>
    public static JsValue[] Splice(Evaluation e, JsArray list, Arguments a)
    {
        var first = Conversion.ToRelativePosition(e, a[0], list.Length, 0);
        var count = a.Count == 0 ? 0 : a.Count == 1 ? double.PositiveInfinity : Conversion.ToInteger(e, a[1]);

        // An argument may be an object whose valueOf shortens the list.
        var start = Math.Min(first, list.Length);
        var removed = (int)Math.Clamp(count, 0, list.Length - start);
        return list.Splice(e, start, removed, a.Count > 2 ? a.All.AsSpan(2) : []);
    }

    private static JsValue RemoveAt(Evaluation e, JsArray list, bool first)
    {
        if (list.Length == 0)
            return default;
        var value = list[first ? 0 : list.Length - 1];
        if (first)
            list.Splice(e, 0, 1, []);
        else
            list.SetLength(e, list.Length - 1);
        return value;
    }

    private static JsValue Reverse(Evaluation e, JsValue self)
    {
        var items = Lists.Of(e, self).Change(e);
        e.Step(items.Length);
        items.Reverse();
        return self;
    }

    private static JsValue Fill(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var length = list.Length;
        var start = Conversion.ToRelativePosition(e, a[1], length, 0);
        var end = Conversion.ToRelativePosition(e, a[2], length, length);
        var items = list.Change(e);
        end = Math.Min(end, items.Length);
        if (start < end)
        {
            e.Step(end - start);
            items[start..end].Fill(a[0]);
        }

        return self;
    }

    private static JsValue CopyWithin(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var length = list.Length;
        var to = Conversion.ToRelativePosition(e, a[0], length, 0);
        var start = Conversion.ToRelativePosition(e, a[1], length, 0);
        var end = Conversion.ToRelativePosition(e, a[2], length, length);
        var items = list.Change(e);
        var count = Math.Min(Math.Min(end, items.Length) - start, items.Length - to);
        if (count > 0)
        {
            e.Step(count);
            items.Slice(start, count).CopyTo(items[to..]);
        }

        return self;
    }

    private static JsValue Sort(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var sorted = ListSort.Sorted(e, list.Items, a[0]);

        // A comparer may have changed the list meanwhile: what it added behind stays.
        if (list.Length <= sorted.Length)
            list.Replace(e, sorted);
        else
            sorted.CopyTo(list.Change(e));
        return self;
    }
}
