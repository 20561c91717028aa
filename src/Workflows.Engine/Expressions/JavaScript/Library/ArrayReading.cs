using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of lists that look and change nothing: at, includes, indexOf, join, keys, ...</summary>
internal static class ArrayReading
{
    public static readonly Members Methods = new()
    {
        { "at", 1, (e, self, a) => At(e, Lists.Of(e, self), a[0]) },
        { "includes", 1, (e, self, a) => Includes(e, Lists.Of(e, self), a) },
        { "indexOf", 1, (e, self, a) => IndexOf(e, Lists.Of(e, self), a) },
        { "lastIndexOf", 1, (e, self, a) => LastIndexOf(e, Lists.Of(e, self), a) },
        { "join", 1, (e, self, a) => Join(e, Lists.Of(e, self), a[0].IsUndefined ? "," : Conversion.ToText(e, a[0]), Conversion.ToText) },
        { "toString", 0, (e, self, _) => Join(e, Lists.Of(e, self), ",", Conversion.ToText) },
        { "toLocaleString", 0, (e, self, _) => Join(e, Lists.Of(e, self), ",", LocaleText) },
        { "keys", 0, (e, self, _) => List(e, Lists.Of(e, self), (i, _) => i) },
        { "values", 0, (e, self, _) => List(e, Lists.Of(e, self), (_, value) => value) },
        { "entries", 0, (e, self, _) => List(e, Lists.Of(e, self), (i, value) => Lists.Pair(e, i, value)) },
    };

    private static JsValue At(Evaluation e, JsArray list, JsValue position)
    {
        var at = Conversion.ToInteger(e, position);
        at = at < 0 ? at + list.Length : at;
        return at >= 0 && at < list.Length ? list[(int)at] : default;
    }

    private static JsValue Includes(Evaluation e, JsArray list, Arguments a)
    {
        var start = Conversion.ToRelativePosition(e, a[1], list.Length, 0);
        e.Step(Math.Max(0, list.Length - start));
        for (var i = start; i < list.Length; i++)
        {
            PayForEquality(e, list[i], a[0]);
            if (Conversion.SameValueZero(list[i], a[0]))
                return true;
        }

        return false;
    }

    private static JsValue IndexOf(Evaluation e, JsArray list, Arguments a)
    {
        var start = Conversion.ToRelativePosition(e, a[1], list.Length, 0);
        e.Step(Math.Max(0, list.Length - start));
        for (var i = start; i < list.Length; i++)
        {
            if (IsAt(e, list, i, a[0]))
                return i;
        }

        return -1;
    }

    private static JsValue LastIndexOf(Evaluation e, JsArray list, Arguments a)
    {
        var start = a.Count > 1 ? Conversion.ToInteger(e, a[1]) : list.Length - 1;
        var last = (int)(start < 0 ? Math.Max(-1, list.Length + start) : Math.Min(start, list.Length - 1));
        e.Step(last + 1);
        for (var i = last; i >= 0; i--)
        {
            if (IsAt(e, list, i, a[0]))
                return i;
        }

        return -1;
    }

    private static bool IsAt(Evaluation e, JsArray list, int index, JsValue sought)
    {
        if (!Lists.TryElement(list, index, out var value))
            return false;
        PayForEquality(e, value, sought);
        return Conversion.StrictEquals(value, sought);
    }

    // Long texts that differ in their last letter only would make one element cost as much as a million.
    private static void PayForEquality(Evaluation e, JsValue value, JsValue sought)
    {
        if (sought.TextLength > 64 && sought.TextLength == value.TextLength)
            Lists.Look(e, sought);
    }

    private static JsValue Join(Evaluation e, JsArray list, string separator, Func<Evaluation, JsValue, string> textOf)
    {
        // A list inside itself is written as nothing, as everybody does.
        if (e.Joining.Contains(list))
            return "";
        var length = list.Length;
        e.Step(length);
        e.AllocateText((long)separator.Length * Math.Max(0, length - 1));
        e.Joining.Add(list);
        try
        {
            var text = new StringBuilder();
            for (var i = 0; i < length; i++)
            {
                if (i > 0)
                    text.Append(separator);
                if (list[i] is { IsNullish: false } value)
                {
                    var piece = textOf(e, value);
                    e.AllocateText(piece.Length);
                    text.Append(piece);
                }
            }

            return text.ToString();
        }
        finally
        {
            e.Joining.RemoveAt(e.Joining.Count - 1);
        }
    }

    private static string LocaleText(Evaluation e, JsValue value)
    {
        var method = value.Object is { } held ? held.Get("toLocaleString") : Members.Of(value).Find("toLocaleString");
        return Conversion.ToText(e, e.Call(method, value));
    }

    private static JsArray List(Evaluation e, JsArray list, Func<int, JsValue, JsValue> element)
    {
        var items = Lists.Filled(e, list);
        for (var i = 0; i < items.Length; i++)
            items[i] = element(i, items[i]);
        return new JsArray(items);
    }
}
