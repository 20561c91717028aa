using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of texts that take a regular expression or a text: match, matchAll (a list), replace, replaceAll, search, split.</summary>
internal static class StringPatterns
{
    public static readonly Members Methods = new()
    {
        { "match", 1, Match },
        { "matchAll", 1, MatchAll },
        { "replace", 2, (e, self, a) => Replace(e, self, a, "replace") },
        { "replaceAll", 2, (e, self, a) => Replace(e, self, a, "replaceAll") },
        { "search", 1, Search },
        { "split", 2, Split },
    };

    private static JsRegex Regex(Evaluation e, JsValue value, string flags) =>
        value.Object as JsRegex ?? new JsRegex(e, value.IsUndefined ? "" : Conversion.ToText(e, value), flags);

    private static JsValue Match(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "match");
        var regex = Regex(e, a[0], "");
        if (!regex.Flags.Global)
            return RegexLibrary.Exec(e, regex, text);
        var list = new JsArray();
        foreach (var found in All(e, regex, text))
            list.Add(e, StringLibrary.Piece(e, text, found[0], found[1]));
        return list.Length == 0 ? JsValue.Null : list;
    }

    private static JsValue MatchAll(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "matchAll");
        var regex = Regex(e, a[0], "g");
        if (!regex.Flags.Global)
            throw e.TypeError("matchAll 需要带标志 g 的正则表达式 (String.prototype.matchAll called with a non-global RegExp argument)");
        var kept = regex.LastIndex;
        var list = new JsArray();
        foreach (var found in All(e, regex, text, (int)Math.Clamp(Conversion.ToInteger(e, kept), 0, text.Length + 1.0)))
            list.Add(e, RegexLibrary.Result(e, regex, text, found));
        regex.LastIndex = kept;
        return list;
    }

    private static JsValue Search(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "search");
        return Regex(e, a[0], "").Match(e, text, 0) is { } found ? found[0] : -1;
    }

    // All matches of a global regular expression, one after the other; valid until the next one.
    private static IEnumerable<int[]> All(Evaluation e, JsRegex regex, string text, int from = 0)
    {
        while (from <= text.Length && regex.Match(e, text, from) is { } found)
        {
            from = found[1] > found[0] ? found[1] : After(regex, text, found[1]);
            yield return found;
        }

        regex.Set(e, "lastIndex", 0);
    }

    private static int After(JsRegex regex, string text, int at) =>
        regex.Flags.Unicode && at + 1 < text.Length && char.IsHighSurrogate(text[at]) && char.IsLowSurrogate(text[at + 1]) ? at + 2 : at + 1;

    private static JsValue Split(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "split");
        var limit = a[1].IsUndefined ? uint.MaxValue : Conversion.ToUint32(e, a[1]);
        var list = new JsArray();
        if (a[0].Object is JsRegex regex)
        {
            SplitByPattern(e, text, regex, limit, list);
            return list;
        }

        var separator = a[0].IsUndefined ? null : Conversion.ToText(e, a[0]);
        if (limit == 0)
            return list;
        if (separator is null)
        {
            list.Add(e, text);
            return list;
        }

        if (separator.Length == 0)
        {
            var count = (int)Math.Min(limit, text.Length);
            e.AllocateElements(2L * count);
            var units = new JsValue[count];
            for (var i = 0; i < count; i++)
                units[i] = text[i].ToString();
            return new JsArray(units);
        }

        var search = new TextSearch(e, text, separator);
        var start = 0;
        for (var at = search.Next(0); at >= 0; at = search.Next(start))
        {
            list.Add(e, StringLibrary.Piece(e, text, start, at));
            if (list.Length >= limit)
                return list;
            start = at + separator.Length;
        }

        list.Add(e, StringLibrary.Piece(e, text, start, text.Length));
        return list;
    }

    private static void SplitByPattern(Evaluation e, string text, JsRegex regex, uint limit, JsArray list)
    {
        // Sticky or not, the separator may stand anywhere; and lastIndex of the script's own object stays as it is.
        var separator = regex.Flags.Sticky ? new JsRegex(e, regex.Pattern, regex.Flags.Text.Replace("y", "", StringComparison.Ordinal)) : regex;
        if (limit == 0)
            return;
        if (text.Length == 0)
        {
            if (separator.Match(e, text, 0) is null)
                list.Add(e, text);
            return;
        }

        var (start, from) = (0, 0);
        while (from < text.Length && separator.Match(e, text, from) is { } found && found[0] < text.Length)
        {
            if (found[1] == start)
            {
                from = After(regex, text, Math.Max(from, found[0]));
                continue;
            }

            list.Add(e, StringLibrary.Piece(e, text, start, found[0]));
            if (list.Length >= limit)
                return;
            start = from = found[1];
            foreach (var capture in RegexLibrary.Captures(e, regex, text, found).AsSpan(1))
            {
                list.Add(e, capture);
                if (list.Length >= limit)
                    return;
            }

            if (found[0] == found[1])
                from = After(regex, text, from);
        }

        list.Add(e, StringLibrary.Piece(e, text, start, text.Length));
    }

    private static JsValue Replace(Evaluation e, JsValue self, Arguments a, string method)
    {
        var text = StringLibrary.Text(e, self, method);
        var all = method == "replaceAll";
        if (a[0].Object is JsRegex regex)
        {
            if (all && !regex.Flags.Global)
                throw e.TypeError("replaceAll 需要带标志 g 的正则表达式 (replaceAll must be called with a global RegExp)");
            return ReplacePattern(e, text, regex, a[1]);
        }

        var wanted = Conversion.ToText(e, a[0]);
        var replacer = a[1].Object as JsFunction;
        var template = replacer is null ? Conversion.ToText(e, a[1]) : "";
        var search = new TextSearch(e, text, wanted);
        TextBuilder? result = null;
        var done = 0;
        for (var at = search.Next(0); at >= 0; at = search.Next(at + Math.Max(1, wanted.Length)))
        {
            result ??= new TextBuilder(e);
            result.Append(text.AsSpan(done, at - done));
            if (replacer is not null)
                result.Append(Conversion.ToText(e, e.Call(replacer, JsValue.Undefined, [wanted, at, text])));
            else
                Substitution.Append(e, result, template, text, [at, at + wanted.Length], null);
            done = at + wanted.Length;
            if (!all)
                break;
        }

        return result is null ? text : result.Append(text.AsSpan(done)).ToString();
    }

    private static JsValue ReplacePattern(Evaluation e, string text, JsRegex regex, JsValue replacement)
    {
        var replacer = replacement.Object as JsFunction;
        var template = replacer is null ? Conversion.ToText(e, replacement) : "";

        // A replacing function may use the same regular expression: with one, all matches are found before it is called.
        var matches = regex.Flags.Global ? All(e, regex, text) : RegexLibrary.Next(e, regex, text) is { } one ? [one] : [];
        if (replacer is not null)
            matches = Copied(e, matches);
        TextBuilder? result = null;
        var done = 0;
        foreach (var found in matches)
        {
            result ??= new TextBuilder(e);
            result.Append(text.AsSpan(done, found[0] - done));
            if (replacer is not null)
                result.Append(Conversion.ToText(e, e.Call(replacer, JsValue.Undefined, ReplacerArguments(e, regex, text, found))));
            else
                Substitution.Append(e, result, template, text, found, regex);
            done = found[1];
        }

        return result is null ? text : result.Append(text.AsSpan(done)).ToString();
    }

    private static List<int[]> Copied(Evaluation e, IEnumerable<int[]> matches)
    {
        var list = new List<int[]>();
        foreach (var found in matches)
        {
            e.Allocate(32 + (4 * found.Length));
            list.Add([.. found]);
        }

        return list;
    }

    private static JsValue[] ReplacerArguments(Evaluation e, JsRegex regex, string text, int[] found)
    {
        var captures = RegexLibrary.Captures(e, regex, text, found);
        var groups = RegexLibrary.Groups(e, regex, captures);
        return groups.IsUndefined ? [.. captures, found[0], text] : [.. captures, found[0], text, groups];
    }
}
