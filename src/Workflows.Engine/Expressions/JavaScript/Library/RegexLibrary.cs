using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>RegExp and the methods of regular expressions: the whole of ES2020 with flags g, i, m, s, u, y.</summary>
internal static class RegexLibrary
{
    public static readonly Members Methods = new(Members.OfObject)
    {
        { "exec", 1, (e, self, a) => Exec(e, Regex(e, self, "exec"), Conversion.ToText(e, a[0])) },
        { "test", 1, (e, self, a) => Next(e, Regex(e, self, "test"), Conversion.ToText(e, a[0])) is not null },
        { "toString", 0, (e, self, _) => new TextBuilder(e).Append('/').Append(Regex(e, self, "toString").Source()).Append('/').Append(((JsRegex)self.Object!).Flags.Text).ToString() },
    };

    public static readonly NativeFunction Constructor = new(
        "RegExp",
        2,
        (e, _, a) => a[0].Object is JsRegex && a[1].IsUndefined ? a[0] : Make(e, a),
        construct: (e, a) => Make(e, a),
        isInstance: v => v.Object is JsRegex);

    /// <summary>Next match, following and keeping lastIndex; null when there is none. Valid until the next one.</summary>
    public static int[]? Next(Evaluation e, JsRegex regex, string text)
    {
        var remembers = regex.Flags.Global || regex.Flags.Sticky;
        var from = Conversion.ToInteger(e, regex.LastIndex);
        var found = !remembers ? regex.Match(e, text, 0) : from > text.Length ? null : regex.Match(e, text, (int)Math.Max(from, 0));
        if (remembers)
            regex.Set(e, "lastIndex", found is null ? 0 : found[1]);
        return found;
    }

    /// <summary>What exec gives back: list of captures with index, input and groups; or null.</summary>
    public static JsValue Exec(Evaluation e, JsRegex regex, string text) =>
        Next(e, regex, text) is { } found ? Result(e, regex, text, found) : JsValue.Null;

    /// <summary>A match as a list for scripts.</summary>
    public static JsValue Result(Evaluation e, JsRegex regex, string text, int[] found)
    {
        e.Allocate(200);
        var captures = Captures(e, regex, text, found);
        var named = new JsObject();
        named.Set(e, "index", found[0]);
        named.Set(e, "input", text);
        named.Set(e, "groups", Groups(e, regex, captures));
        return new JsArray(captures) { Named = named };
    }

    /// <summary>The whole match and each group; undefined for groups that took no part.</summary>
    public static JsValue[] Captures(Evaluation e, JsRegex regex, string text, int[] found)
    {
        e.AllocateElements(regex.GroupCount + 1);
        var captures = new JsValue[regex.GroupCount + 1];
        for (var i = 0; i < captures.Length; i++)
        {
            var (start, end) = (found[2 * i], found[(2 * i) + 1]);
            captures[i] = start < 0 || end < 0 ? JsValue.Undefined : StringLibrary.Piece(e, text, start, end);
        }

        return captures;
    }

    /// <summary>Object of the named groups; undefined when the pattern has none.</summary>
    public static JsValue Groups(Evaluation e, JsRegex regex, JsValue[] captures)
    {
        if (regex.Names.Count == 0)
            return JsValue.Undefined;
        e.Allocate(96);
        var groups = new JsObject();
        foreach (var (name, number) in regex.Names)
            groups.Set(e, name, captures[number]);
        return groups;
    }

    private static JsRegex Make(Evaluation e, Arguments a)
    {
        var (pattern, flags) = a[0].Object is JsRegex other
            ? (other.Pattern, a[1].IsUndefined ? other.Flags.Text : null)
            : (a[0].IsUndefined ? "" : Conversion.ToText(e, a[0]), a[1].IsUndefined ? "" : null);
        return new JsRegex(e, pattern, flags ?? Conversion.ToText(e, a[1]));
    }

    private static JsRegex Regex(Evaluation e, JsValue self, string method) =>
        self.Object as JsRegex ?? throw e.TypeError($"{method} 只能用于正则表达式 (RegExp method {method} called on incompatible receiver)");
}
