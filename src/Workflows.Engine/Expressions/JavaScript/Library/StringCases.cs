using System.Collections.Frozen;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of texts about upper and lower case, order and normal forms.</summary>
internal static class StringCases
{
    /// <summary>What becomes several characters in upper case, and what the runtime leaves as it is.</summary>
    private static readonly FrozenDictionary<char, string> LongUpper = LongUpperCases().ToFrozenDictionary();

    public static readonly Members Methods = new()
    {
        { "isWellFormed", 0, (e, self, _) => LoneSurrogate(Scanned(e, self, "isWellFormed"), 0) < 0 },
        { "localeCompare", 1, (e, self, a) => TextOrder.Compare(e, StringLibrary.Text(e, self, "localeCompare"), Conversion.ToText(e, a[0]), a[1], a[2]) },
        { "normalize", 0, Normalize },
        { "toLocaleLowerCase", 0, (e, self, _) => Lower(e, self, "toLocaleLowerCase") },
        { "toLocaleUpperCase", 0, (e, self, _) => Upper(e, self, "toLocaleUpperCase") },
        { "toLowerCase", 0, (e, self, _) => Lower(e, self, "toLowerCase") },
        { "toUpperCase", 0, (e, self, _) => Upper(e, self, "toUpperCase") },
        { "toWellFormed", 0, ToWellFormed },
    };

    /// <summary>Whether the character has an upper case of more than one character, or none outside ASCII.</summary>
    public static bool IsLongUpper(char c) => LongUpper.ContainsKey(c);

    /// <summary>Position of the first surrogate that is no half of a pair; -1 when there is none.</summary>
    public static int LoneSurrogate(ReadOnlySpan<char> text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (char.IsLowSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }

    private static string Scanned(Evaluation e, JsValue self, string method)
    {
        var text = StringLibrary.Text(e, self, method);
        e.Step(text.Length / 8);
        return text;
    }

    private static JsValue Upper(Evaluation e, JsValue self, string method)
    {
        var text = Scanned(e, self, method);
        e.AllocateText(text.Length);
        var first = -1;
        for (var i = 0; i < text.Length && first < 0; i++)
        {
            if (text[i] >= 0xDF && LongUpper.ContainsKey(text[i]))
                first = i;
        }

        if (first < 0)
            return text.ToUpperInvariant();
        var result = new TextBuilder(e);
        var done = 0;
        for (var i = first; i < text.Length; i++)
        {
            if (text[i] < 0xDF || !LongUpper.TryGetValue(text[i], out var upper))
                continue;
            result.Append(text[done..i].ToUpperInvariant()).Append(upper);
            done = i + 1;
        }

        return result.Append(text[done..].ToUpperInvariant()).ToString();
    }

    private static JsValue Lower(Evaluation e, JsValue self, string method)
    {
        const char sigma = '\u03A3';
        const char dottedCapitalI = '\u0130';
        var text = Scanned(e, self, method);
        e.AllocateText(text.Length);
        var lower = text.ToLowerInvariant();
        if (text.AsSpan().IndexOfAny(sigma, dottedCapitalI) < 0)
            return lower;
        e.AllocateText(3L * text.Length);
        e.Step(4L * text.Length);
        var result = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == dottedCapitalI)
                result.Append("i\u0307");
            else
                result.Append(text[i] == sigma && EndsWord(e, text, i) ? '\u03C2' : lower[i]);
        }

        return result.ToString();
    }

    // Sigma is written differently at the end of a word: a cased letter before it, none after it, marks between ignored.
    private static bool EndsWord(Evaluation e, string text, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsMark(text[before]))
            before--;
        var after = at + 1;
        while (after < text.Length && IsMark(text[after]))
            after++;
        e.Step(after - before);
        return before >= 0 && IsCased(text[before]) && (after == text.Length || !IsCased(text[after]));
    }

    private static bool IsCased(char c) => char.IsUpper(c) || char.IsLower(c);

    private static bool IsMark(char c) => c is '\'' or '.' or ':' or '^' or '`' or '\u00B7' or '\u2019' or '\u00AD' || char.GetUnicodeCategory(c) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.ModifierLetter or System.Globalization.UnicodeCategory.ModifierSymbol;

    private static JsValue ToWellFormed(Evaluation e, JsValue self, Arguments a)
    {
        var text = Scanned(e, self, "toWellFormed");
        if (LoneSurrogate(text, 0) < 0)
            return text;
        e.AllocateText(text.Length);
        return string.Create(text.Length, text, static (room, text) =>
        {
            text.CopyTo(room);
            for (var at = LoneSurrogate(room, 0); at >= 0; at = LoneSurrogate(room, at + 1))
                room[at] = '\uFFFD';
        });
    }

    private static JsValue Normalize(Evaluation e, JsValue self, Arguments a)
    {
        var text = Scanned(e, self, "normalize");
        var form = a[0].IsUndefined ? "NFC" : Conversion.ToText(e, a[0]);
        return form is "NFC" or "NFD" or "NFKC" or "NFKD"
            ? NormalForms.Apply(e, text, composed: form is "NFC" or "NFKC", compatible: form.Length == 4)
            : throw e.RangeError($"normalize 只接受 NFC、NFD、NFKC、NFKD (the normalization form should be one of NFC, NFD, NFKC, NFKD)");
    }

    private static Dictionary<char, string> LongUpperCases()
    {
        var cases = new Dictionary<char, string>
        {
            ['\u00DF'] = "SS",
            ['\u0131'] = "I",
            ['\u017F'] = "S",
            ['\u0149'] = "\u02BCN",
            ['\u01F0'] = "J\u030C",
            ['\u0390'] = "\u0399\u0308\u0301",
            ['\u03B0'] = "\u03A5\u0308\u0301",
            ['\u0587'] = "\u0535\u0552",
            ['\u1E96'] = "H\u0331",
            ['\u1E97'] = "T\u0308",
            ['\u1E98'] = "W\u030A",
            ['\u1E99'] = "Y\u030A",
            ['\u1E9A'] = "A\u02BE",
            ['\u1F50'] = "\u03A5\u0313",
            ['\u1F52'] = "\u03A5\u0313\u0300",
            ['\u1F54'] = "\u03A5\u0313\u0301",
            ['\u1F56'] = "\u03A5\u0313\u0342",
            ['\u1FB2'] = "\u1FBA\u0399",
            ['\u1FB3'] = "\u0391\u0399",
            ['\u1FB4'] = "\u0386\u0399",
            ['\u1FB6'] = "\u0391\u0342",
            ['\u1FB7'] = "\u0391\u0342\u0399",
            ['\u1FBC'] = "\u0391\u0399",
            ['\u1FC2'] = "\u1FCA\u0399",
            ['\u1FC3'] = "\u0397\u0399",
            ['\u1FC4'] = "\u0389\u0399",
            ['\u1FC6'] = "\u0397\u0342",
            ['\u1FC7'] = "\u0397\u0342\u0399",
            ['\u1FCC'] = "\u0397\u0399",
            ['\u1FD2'] = "\u0399\u0308\u0300",
            ['\u1FD3'] = "\u0399\u0308\u0301",
            ['\u1FD6'] = "\u0399\u0342",
            ['\u1FD7'] = "\u0399\u0308\u0342",
            ['\u1FE2'] = "\u03A5\u0308\u0300",
            ['\u1FE3'] = "\u03A5\u0308\u0301",
            ['\u1FE4'] = "\u03A1\u0313",
            ['\u1FE6'] = "\u03A5\u0342",
            ['\u1FE7'] = "\u03A5\u0308\u0342",
            ['\u1FF2'] = "\u1FFA\u0399",
            ['\u1FF3'] = "\u03A9\u0399",
            ['\u1FF4'] = "\u038F\u0399",
            ['\u1FF6'] = "\u03A9\u0342",
            ['\u1FF7'] = "\u03A9\u0342\u0399",
            ['\u1FFC'] = "\u03A9\u0399",
            ['\uFB00'] = "FF",
            ['\uFB01'] = "FI",
            ['\uFB02'] = "FL",
            ['\uFB03'] = "FFI",
            ['\uFB04'] = "FFL",
            ['\uFB05'] = "ST",
            ['\uFB06'] = "ST",
            ['\uFB13'] = "\u0544\u0546",
            ['\uFB14'] = "\u0544\u0535",
            ['\uFB15'] = "\u0544\u053B",
            ['\uFB16'] = "\u054E\u0546",
            ['\uFB17'] = "\u0544\u053D",
        };

        // Greek letters with an iota below: three rows of sixteen, whose capitals stand in the upper half of a row.
        foreach (var (row, capital) in new[] { (0x1F80, 0x1F08), (0x1F90, 0x1F28), (0x1FA0, 0x1F68) })
        {
            for (var i = 0; i < 16; i++)
                cases[(char)(row + i)] = $"{(char)(capital + (i % 8))}\u0399";
        }

        return cases;
    }
}
