using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of lists that call a function for each element: forEach, map, filter, find, reduce, ...</summary>
/// <remarks>The function may change the list: elements are read when their turn comes, those beyond the first length are not visited.</remarks>
internal static class ArrayVisiting
{
    public static readonly Members Methods = new()
    {
        { "forEach", 1, (e, self, a) => Visit(e, self, a, default, static (_, _) => true) },
        { "some", 1, (e, self, a) => Visit(e, self, a, false, static (_, answer) => !Conversion.ToBoolean(answer), found: true) },
        { "every", 1, (e, self, a) => Visit(e, self, a, true, static (_, answer) => Conversion.ToBoolean(answer), found: false) },
        { "filter", 1, Filter },
        { "map", 1, Map },
        { "flatMap", 1, FlatMap },
        { "find", 1, (e, self, a) => Find(e, self, a, forward: true).Value },
        { "findIndex", 1, (e, self, a) => Find(e, self, a, forward: true).Index },
        { "findLast", 1, (e, self, a) => Find(e, self, a, forward: false).Value },
        { "findLastIndex", 1, (e, self, a) => Find(e, self, a, forward: false).Index },
        { "reduce", 1, (e, self, a) => Reduce(e, self, a, forward: true) },
        { "reduceRight", 1, (e, self, a) => Reduce(e, self, a, forward: false) },
    };

    /// <summary>Calls for each element that is there, until <paramref name="goOn"/> says no to an answer; then the result is <paramref name="found"/>.</summary>
    private static JsValue Visit(Evaluation e, JsValue self, Arguments a, JsValue atEnd, Func<JsValue, JsValue, bool> goOn, JsValue found = default)
    {
        var list = Lists.Of(e, self);
        var callback = Lists.Callback(e, a[0]);
        var length = list.Length;
        for (var i = 0; i < length; i++)
        {
            e.Step();
            if (Lists.TryElement(list, i, out var value) && !goOn(value, e.Call(callback, a[1], [value, i, self])))
                return found;
        }

        return atEnd;
    }

    private static JsValue Filter(Evaluation e, JsValue self, Arguments a)
    {
        var kept = new JsArray();
        Visit(e, self, a, default, (value, answer) =>
        {
            if (Conversion.ToBoolean(answer))
                kept.Add(e, value);
            return true;
        });
        return kept;
    }

    private static JsValue Map(Evaluation e, JsValue self, Arguments a)
    {
        var list = Lists.Of(e, self);
        var callback = Lists.Callback(e, a[0]);
        var items = Lists.Holes(e, list.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (Lists.TryElement(list, i, out var value))
                items[i] = e.Call(callback, a[1], [value, i, self]);
        }

        return new JsArray(items);
    }

    private static JsValue FlatMap(Evaluation e, JsValue self, Arguments a)
    {
        var flat = new JsArray();
        Visit(e, self, a, default, (_, answer) =>
        {
            if (answer.Object is not JsArray)
                flat.Add(e, answer);
            for (var i = 0; answer.Object is JsArray list && i < list.Length; i++)
            {
                e.Step();
                if (Lists.TryElement(list, i, out var value))
                    flat.Add(e, value);
            }

            return true;
        });
        return flat;
    }

    // Holes are visited here, as undefined.
    private static (JsValue Index, JsValue Value) Find(Evaluation e, JsValue self, Arguments a, bool forward)
    {
        var list = Lists.Of(e, self);
        var callback = Lists.Callback(e, a[0]);
        var length = list.Length;
        for (var n = 0; n < length; n++)
        {
            var i = forward ? n : length - 1 - n;
            var value = list[i];
            if (Conversion.ToBoolean(e.Call(callback, a[1], [value, i, self])))
                return (i, value);
        }

        return (-1, default);
    }

    private static JsValue Reduce(Evaluation e, JsValue self, Arguments a, bool forward)
    {
        var list = Lists.Of(e, self);
        var callback = Lists.Callback(e, a[0]);
        var length = list.Length;
        var result = a.Count > 1 ? a[1] : JsValue.Hole;
        for (var n = 0; n < length; n++)
        {
            e.Step();
            var i = forward ? n : length - 1 - n;
            if (Lists.TryElement(list, i, out var value))
                result = result.IsHole ? value : e.Call(callback, default, [result, value, i, self]);
        }

        return result.IsHole ? throw e.TypeError("空列表归并时必须给出初始值 (reduce of empty list with no initial value)") : result;
    }
}
