using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>
/// String and the methods of texts, which count UTF-16 units. Of later standards: at, replaceAll, matchAll (gives a list),
/// isWellFormed. There are no String objects: new String(...) is refused.
/// </summary>
internal static class StringLibrary
{
    public static readonly Members Methods = new(Members.OfObject)
    {
        { "toString", 0, (e, self, _) => self.IsText ? self : throw Wrong(e, "toString") },
        { "valueOf", 0, (e, self, _) => self.IsText ? self : throw Wrong(e, "valueOf") },
        StringPieces.Methods,
        StringSearches.Methods,
        StringCases.Methods,
        StringPatterns.Methods,
    };

    public static readonly NativeFunction Constructor = new(
        "String",
        1,
        (e, _, a) => a.Count == 0 ? "" : Conversion.ToText(e, a[0]),
        new Members
        {
            { "fromCharCode", 1, (e, _, a) => FromCharCode(e, a) },
            { "fromCodePoint", 1, (e, _, a) => FromCodePoint(e, a) },
        },
        isInstance: _ => false);

    /// <summary>The text a method is called on. Throws a TypeError of the script for undefined and null.</summary>
    public static string Text(Evaluation e, JsValue self, string method)
    {
        if (self.Text is { } text)
            return text;
        return self.IsNullish ? throw Wrong(e, method) : Conversion.ToText(e, self);
    }

    /// <summary>A piece of a text, charged.</summary>
    public static string Piece(Evaluation e, string text, int start, int end)
    {
        if (start >= end)
            return "";
        if (end - start == 1)
            return text[start].ToString();
        if (start == 0 && end == text.Length)
            return text;
        e.Allocate(24 + (2L * (end - start)));
        e.Step((end - start) / 64);
        return text[start..end];
    }

    private static JsThrow Wrong(Evaluation e, string method) =>
        e.TypeError($"{method} 只能用于文字 (String method {method} called on incompatible receiver)");

    private static JsValue FromCharCode(Evaluation e, Arguments a)
    {
        e.AllocateText(a.Count);
        e.Step(a.Count);
        var units = new char[a.Count];
        for (var i = 0; i < units.Length; i++)
            units[i] = unchecked((char)Conversion.ToUint32(e, a[i]));
        return new string(units);
    }

    private static JsValue FromCodePoint(Evaluation e, Arguments a)
    {
        var text = new TextBuilder(e);
        Span<char> pair = stackalloc char[2];
        foreach (var value in a.All)
        {
            var number = Conversion.ToNumber(e, value);
            if (number is not (>= 0 and <= 0x10FFFF) || number != Math.Floor(number))
                throw e.RangeError($"{NumberText.Of(number)} 不是有效的码位 (invalid code point)");
            var point = (int)number;
            if (point < 0x10000)
            {
                text.Append((char)point);
                continue;
            }

            pair[0] = (char)(0xD800 + ((point - 0x10000) >> 10));
            pair[1] = (char)(0xDC00 + ((point - 0x10000) & 0x3FF));
            text.Append(pair);
        }

        return text.ToString();
    }
}
