using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>What for-of, spread, destructuring and the constructors of Map and Set go through.</summary>
internal static class Iteration
{
    /// <summary>
    /// The elements as they are now, in an array that is the caller's own: of a list (holes as undefined), a text (by code
    /// point), a Map ([key, value] lists), a Set. Throws a TypeError of the script for anything else.
    /// </summary>
    public static JsValue[] ToList(Evaluation e, JsValue source) =>
        TryList(e, source) ?? throw e.TypeError($"{Describe(source)} 不可遍历 ({Describe(source)} is not iterable)");

    /// <summary>As <see cref="ToList"/> for a loop, which sees what is added to a Map or Set meanwhile.</summary>
    public static IEnumerable<JsValue> Live(Evaluation e, JsValue source) => source switch
    {
        { Object: JsMap map } => map.Table.Live(e).Select(entry => (JsValue)Lists.Pair(e, entry.Key, entry.Value)),
        { Object: JsSet set } => set.Table.Live(e).Select(entry => entry.Key),
        _ => ToList(e, source),
    };

    /// <summary>As <see cref="ToList"/>; null for what cannot be iterated.</summary>
    public static JsValue[]? TryList(Evaluation e, JsValue source) => source switch
    {
        { Object: JsArray list } => Lists.Filled(e, list),
        { Object: JsMap map } => map.Table.List(e, (key, value) => Lists.Pair(e, key, value)),
        { Object: JsSet set } => set.Table.List(e, (key, _) => key),
        { Text: { } text } => CodePoints(e, text),
        _ => null,
    };

    private static JsValue[] CodePoints(Evaluation e, string text)
    {
        e.AllocateElements(text.Length * 2L);
        var items = new List<JsValue>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            items.Add(text.Substring(i, isPair ? 2 : 1));
            i += isPair ? 1 : 0;
        }

        return [.. items];
    }

    private static string Describe(JsValue value) => value switch
    {
        { IsUndefined: true } => "undefined",
        { IsNull: true } => "null",
        { Object: { } held } => held.Kind,
        _ => Conversion.TypeOf(value),
    };
}
