using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>What the list methods share: receivers, callbacks, elements that may be holes, new lists that are paid for.</summary>
internal static class Lists
{
    /// <summary>The list a method was called on. Throws a TypeError of the script for anything else.</summary>
    public static JsArray Of(Evaluation e, JsValue self) =>
        self.Object as JsArray ?? throw e.TypeError("此方法只能用于列表 (this method works on lists only)");

    /// <summary>A function given to a method. Throws a TypeError of the script for anything else.</summary>
    public static JsFunction Callback(Evaluation e, JsValue value) =>
        value.Object as JsFunction ?? throw e.TypeError("参数不是函数 (the argument is not a function)");

    /// <summary>The element as it is now; false for a hole and for a position the list no longer has.</summary>
    public static bool TryElement(JsArray list, int index, out JsValue value)
    {
        var items = list.Items;
        value = index < items.Length ? items[index] : JsValue.Hole;
        return !value.IsHole;
    }

    /// <summary>An array of so many holes, paid for before it exists.</summary>
    public static JsValue[] Holes(Evaluation e, long length)
    {
        e.AllocateElements(length);
        var items = new JsValue[length];
        Array.Fill(items, JsValue.Hole);
        return items;
    }

    /// <summary>A copy of the elements with undefined in place of holes.</summary>
    public static JsValue[] Filled(Evaluation e, JsArray list)
    {
        var items = Copy(e, list);
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].IsHole)
                items[i] = default;
        }

        return items;
    }

    /// <summary>A copy of the elements, holes included.</summary>
    public static JsValue[] Copy(Evaluation e, JsArray list)
    {
        e.AllocateElements(list.Length);
        return list.Items.ToArray();
    }

    /// <summary>Adds all of a list, holes too, behind another.</summary>
    public static void Append(Evaluation e, JsArray whole, JsArray part)
    {
        e.Step(1 + (part.Length / 16));
        whole.Splice(e, whole.Length, 0, part.Items);
    }

    /// <summary>A new list of two values.</summary>
    public static JsArray Pair(Evaluation e, JsValue first, JsValue second)
    {
        e.Allocate(64);
        return new JsArray(first, second);
    }

    /// <summary>Says that a text is about to be compared or hashed once.</summary>
    public static void Look(Evaluation e, JsValue value) => e.Step(1 + (value.TextLength / 64));
}
