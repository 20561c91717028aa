using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of texts that give single characters or pieces, or put texts together.</summary>
internal static class StringPieces
{
    public static readonly Members Methods = new()
    {
        { "at", 1, At },
        { "charAt", 1, (e, self, a) => Unit(e, self, a, "charAt", out var text, out var at) ? text[at].ToString() : "" },
        { "charCodeAt", 1, (e, self, a) => Unit(e, self, a, "charCodeAt", out var text, out var at) ? text[at] : double.NaN },
        { "codePointAt", 1, CodePointAt },
        { "concat", 1, Concat },
        { "padEnd", 1, (e, self, a) => Pad(e, self, a, "padEnd") },
        { "padStart", 1, (e, self, a) => Pad(e, self, a, "padStart") },
        { "repeat", 1, Repeat },
        { "slice", 2, Slice },
        { "substr", 2, Substr },
        { "substring", 2, Substring },
        { "trim", 0, (e, self, _) => Trim(e, self, "trim", true, true) },
        { "trimEnd", 0, (e, self, _) => Trim(e, self, "trimEnd", false, true) },
        { "trimLeft", 0, (e, self, _) => Trim(e, self, "trimLeft", true, false) },
        { "trimRight", 0, (e, self, _) => Trim(e, self, "trimRight", false, true) },
        { "trimStart", 0, (e, self, _) => Trim(e, self, "trimStart", true, false) },
    };

    private static bool Unit(Evaluation e, JsValue self, Arguments a, string method, out string text, out int at)
    {
        text = StringLibrary.Text(e, self, method);
        var position = Conversion.ToInteger(e, a[0]);
        at = position >= 0 && position < text.Length ? (int)position : -1;
        return at >= 0;
    }

    private static JsValue At(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "at");
        var position = Conversion.ToInteger(e, a[0]);
        if (position < 0)
            position += text.Length;
        return position >= 0 && position < text.Length ? text[(int)position].ToString() : JsValue.Undefined;
    }

    private static JsValue CodePointAt(Evaluation e, JsValue self, Arguments a)
    {
        if (!Unit(e, self, a, "codePointAt", out var text, out var at))
            return JsValue.Undefined;
        var pair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        return pair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
    }

    private static JsValue Concat(Evaluation e, JsValue self, Arguments a)
    {
        var text = new TextBuilder(e).Append(StringLibrary.Text(e, self, "concat"));
        foreach (var value in a.All)
            text.Append(Conversion.ToText(e, value));
        return text.ToString();
    }

    private static JsValue Pad(Evaluation e, JsValue self, Arguments a, string method)
    {
        var text = StringLibrary.Text(e, self, method);
        var length = Conversion.ToInteger(e, a[0]);
        var filler = a[1].IsUndefined ? " " : Conversion.ToText(e, a[1]);
        if (length <= text.Length || filler.Length == 0)
            return text;
        RefuseTooLong(e, length);
        e.AllocateText((long)length);
        e.Step((long)length);
        var added = string.Create((int)length - text.Length, filler, static (room, filler) =>
        {
            for (var i = 0; i < room.Length; i++)
                room[i] = filler[i % filler.Length];
        });
        return method == "padStart" ? added + text : text + added;
    }

    private static JsValue Repeat(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "repeat");
        var count = Conversion.ToInteger(e, a[0]);
        if (count < 0 || double.IsInfinity(count))
            throw e.RangeError($"重复次数无效：{NumberText.Of(count)} (invalid count value)");
        if (count == 0 || text.Length == 0)
            return "";
        RefuseTooLong(e, count * text.Length);
        var length = (int)count * text.Length;
        e.AllocateText(length);
        e.Step(length / 16);
        return string.Create(length, text, static (room, text) =>
        {
            // Doubling what stands there already: a short text repeated often costs no more than a long one.
            text.CopyTo(room);
            for (var done = text.Length; done < room.Length; done *= 2)
                room[..Math.Min(done, room.Length - done)].CopyTo(room[done..]);
        });
    }

    // The memory limit is far below; this keeps the numbers small enough to count with, and Node refuses at this length too.
    private static void RefuseTooLong(Evaluation e, double length)
    {
        if (length > (1 << 29) - 24)
            throw e.RangeError("文字长度无效 (invalid string length)");
    }

    private static JsValue Slice(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "slice");
        var start = Conversion.ToRelativePosition(e, a[0], text.Length, 0);
        return StringLibrary.Piece(e, text, start, Conversion.ToRelativePosition(e, a[1], text.Length, text.Length));
    }

    private static JsValue Substr(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "substr");
        var start = Conversion.ToRelativePosition(e, a[0], text.Length, 0);
        var length = a[1].IsUndefined ? text.Length : Conversion.ToInteger(e, a[1]);
        return StringLibrary.Piece(e, text, start, (int)Math.Clamp(start + length, 0, text.Length));
    }

    private static JsValue Substring(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "substring");
        var start = (int)Math.Clamp(Conversion.ToInteger(e, a[0]), 0, text.Length);
        var end = a[1].IsUndefined ? text.Length : (int)Math.Clamp(Conversion.ToInteger(e, a[1]), 0, text.Length);
        return StringLibrary.Piece(e, text, Math.Min(start, end), Math.Max(start, end));
    }

    private static JsValue Trim(Evaluation e, JsValue self, string method, bool atStart, bool atEnd)
    {
        var text = StringLibrary.Text(e, self, method);
        var (start, end) = (0, text.Length);
        while (atStart && start < end && IsSpace(text[start]))
            start++;
        while (atEnd && end > start && IsSpace(text[end - 1]))
            end--;
        e.Step((text.Length - (end - start)) / 4);
        return StringLibrary.Piece(e, text, start, end);
    }

    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r') || (c >= 0xA0 && Array.IndexOf(NumberText.WhiteSpace, c) >= 0);
}
