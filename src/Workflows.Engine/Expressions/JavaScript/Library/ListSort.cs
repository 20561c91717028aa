using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Sorting as sort and toSorted do it: stable, undefined behind everything, holes behind that.</summary>
/// <remarks>
/// Comparers are scripts: they may throw, contradict themselves or answer true and false, so nothing here relies on them. Up to
/// 63 elements they are asked in the same order as in Node (longest run first, then each next one by halving), so that even
/// a wrong comparer, and "a &lt; b" is a common one, sorts a list as people know it from their browser. Longer lists merge such pieces.
/// </remarks>
internal static class ListSort
{
    private const int PieceFrom = 64;

    /// <summary>The elements in order, in an array that is the caller's own.</summary>
    public static JsValue[] Sorted(Evaluation e, ReadOnlySpan<JsValue> items, JsValue comparer)
    {
        if (!comparer.IsUndefined && comparer.Object is not JsFunction)
            throw e.TypeError("排序的参数不是函数 (the comparer must be a function or undefined)");
        e.AllocateElements(2L * items.Length);
        var sorted = items.ToArray();
        var values = Array.FindAll(sorted, v => !v.IsHole && !v.IsUndefined);
        var missing = sorted.Count(v => v.IsUndefined);
        if (comparer.Object is JsFunction function)
        {
            Sort(e, values, (left, right) => Conversion.ToNumber(e, e.Call(function, default, [left, right])));
        }
        else
        {
            e.Allocate(8L * values.Length);
            var keyed = values.Select(v => (Text: Text(e, v), Value: v)).ToArray();
            Sort(e, keyed, (left, right) =>
            {
                e.Step(1 + (Math.Min(left.Text.Length, right.Text.Length) / 64));
                return string.CompareOrdinal(left.Text, right.Text);
            });
            values = [.. keyed.Select(k => k.Value)];
        }

        values.CopyTo(sorted, 0);
        Array.Fill(sorted, default, values.Length, missing);
        Array.Fill(sorted, JsValue.Hole, values.Length + missing, sorted.Length - values.Length - missing);
        return sorted;
    }

    private static string Text(Evaluation e, JsValue value)
    {
        var text = Conversion.ToText(e, value);
        if (!value.IsText)
            e.AllocateText(text.Length);
        return text;
    }

    /// <param name="compare">Below zero when the first belongs before the second; NaN counts as equal.</param>
    private static void Sort<T>(Evaluation e, T[] items, Func<T, T, double> compare)
    {
        var piece = PieceLength(items.Length);
        for (var start = 0; start < items.Length; start += piece)
            SortPiece(e, items.AsSpan(start, Math.Min(piece, items.Length - start)), compare);

        if (piece >= items.Length)
            return;
        e.Allocate(16L * items.Length);
        var (from, to) = (items, new T[items.Length]);
        for (var width = piece; width < items.Length; width *= 2)
        {
            e.Step(items.Length);
            for (var start = 0; start < items.Length; start += 2 * width)
                Merge(from, to, start, Math.Min(start + width, items.Length), Math.Min(start + (2 * width), items.Length), compare);
            (from, to) = (to, from);
        }

        if (!ReferenceEquals(from, items))
            from.CopyTo(items, 0);
    }

    private static int PieceLength(int length)
    {
        while (length >= PieceFrom)
            length = (length + 1) / 2;
        return Math.Max(1, length);
    }

    private static void SortPiece<T>(Evaluation e, Span<T> items, Func<T, T, double> compare)
    {
        e.Step(items.Length);
        for (var next = OrderedRun(items, compare); next < items.Length; next++)
        {
            var value = items[next];
            var (low, high) = (0, next);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (compare(value, items[middle]) < 0)
                    high = middle;
                else
                    low = middle + 1;
            }

            items[low..next].CopyTo(items[(low + 1)..]);
            items[low] = value;
        }
    }

    /// <summary>Length of the part in front that is in order already, or strictly backwards: that is turned round.</summary>
    private static int OrderedRun<T>(Span<T> items, Func<T, T, double> compare)
    {
        if (items.Length < 2)
            return items.Length;
        var isBackwards = compare(items[1], items[0]) < 0;
        var length = 2;
        while (length < items.Length && compare(items[length], items[length - 1]) < 0 == isBackwards)
            length++;
        if (isBackwards)
            items[..length].Reverse();
        return length;
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Func<T, T, double> compare)
    {
        var (left, right) = (start, middle);
        for (var at = start; at < end; at++)
        {
            var takeRight = left >= middle || (right < end && compare(from[right], from[left]) < 0);
            to[at] = takeRight ? from[right++] : from[left++];
        }
    }
}
