using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Array and the methods of its values.</summary>
/// <remarks>
/// The methods work on lists only, not on whatever else has a length. There are no iterators in this language: keys, values and
/// entries give plain lists.
/// </remarks>
internal static class ArrayLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        ArrayReading.Methods,
        ArrayVisiting.Methods,
        ArrayChanging.Methods,
        ArrayDeriving.Methods,
    };

    /// <summary>Array, Array.from, Array.of, Array.isArray.</summary>
    public static readonly NativeFunction Constructor = new("Array", 1, (e, _, a) => Construct(e, a), new Members
    {
        { "isArray", 1, (_, _, a) => a[0].Object is JsArray },
        {
            "of", 0, (e, _, a) =>
            {
                e.AllocateElements(a.Count);
                return new JsArray([.. a.All]);
            }
        },
        { "from", 1, (e, _, a) => From(e, a[0], a[1], a[2]) },
    }, Construct, v => v.Object is JsArray);

    private static JsValue Construct(Evaluation e, Arguments a)
    {
        if (a.Count == 1 && a[0].IsNumber)
        {
            var length = a[0].Number;
            if (length is not (>= 0 and <= uint.MaxValue) || length != Math.Floor(length))
                throw e.RangeError("列表长度无效 (invalid array length)");
            return new JsArray(Lists.Holes(e, (long)length));
        }

        e.AllocateElements(a.Count);
        return new JsArray([.. a.All]);
    }

    private static JsArray From(Evaluation e, JsValue source, JsValue map, JsValue self)
    {
        var callback = map.IsUndefined ? null : Lists.Callback(e, map);
        var items = Iteration.TryList(e, source) ?? ArrayLike(e, source);
        for (var i = 0; callback is not null && i < items.Length; i++)
            items[i] = e.Call(callback, self, [items[i], i]);
        return new JsArray(items);
    }

    /// <summary>The elements of anything with a length: {length: 3, 0: "a"}; nothing for what has none.</summary>
    public static JsValue[] ArrayLike(Evaluation e, JsValue source)
    {
        if (source.IsNullish)
            throw e.TypeError("null 或 undefined 不能转换为列表 (null or undefined is not iterable)");
        if (source.Object is not { } held)
            return [];
        var length = Math.Clamp(Conversion.ToInteger(e, held.Get("length")), 0, 9007199254740991);
        e.AllocateElements((long)length);
        if (length > Array.MaxLength)
            throw e.RangeError("列表长度无效 (invalid array length)");
        var items = new JsValue[(int)length];
        for (var i = 0; i < items.Length; i++)
        {
            // Looking a name up takes longer than the step paid for the element.
            e.Step();
            items[i] = held.Get(NumberText.Of(i));
        }

        return items;
    }
}
