using System.Globalization;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>Reading and writing members: a.b, a[b].</summary>
internal static class Access
{
    /// <summary>a.name, where a is neither null nor undefined.</summary>
    public static JsValue Get(Evaluation e, JsValue target, string name)
    {
        if (target.Object is { } held)
            return held.Get(name);
        if (target.IsText)
        {
            if (name == "length")
                return target.TextLength;

            // Whatever else is asked of a text will look inside.
            Conversion.PayForPieces(e, target);
            if (JsObject.IsListKey(name))
                return CharacterAt(e, target, double.Parse(name, CultureInfo.InvariantCulture));
        }

        return Members.Of(target).Find(name);
    }

    /// <summary>a[key], where a is neither null nor undefined.</summary>
    public static JsValue Get(Evaluation e, JsValue target, JsValue key)
    {
        if (key.IsNumber)
        {
            var position = key.Number;
            if (target.Object is JsArray list && position >= 0 && position < list.Length && position == Math.Floor(position))
                return list[(int)position];
            if (target.IsText && position >= 0 && position == Math.Floor(position))
                return CharacterAt(e, target, position);
        }

        return Get(e, target, Conversion.ToKey(e, key));
    }

    public static void Set(Evaluation e, JsValue target, JsValue key, JsValue value)
    {
        if (target.Object is JsArray list && key.IsNumber && key.Number is >= 0 and < int.MaxValue and var position && position == Math.Floor(position))
            list.Set(e, (int)position, value);
        else
            Set(e, target, Conversion.ToKey(e, key), value);
    }

    /// <summary>a.name = value. Throws a TypeError for what is no object: numbers and texts have no members of their own.</summary>
    public static void Set(Evaluation e, JsValue target, string name, JsValue value)
    {
        if (target.Object is not { } held)
            throw e.TypeError($"不能在 {Conversion.TypeOf(target)} 上设置“{name}” (cannot set property '{name}' of {Conversion.ToText(e, target)})");
        held.Set(e, name, value);
    }

    private static JsValue CharacterAt(Evaluation e, JsValue text, double position)
    {
        Conversion.PayForPieces(e, text);
        return position < text.TextLength ? text.Text![(int)position].ToString() : JsValue.Undefined;
    }
}
