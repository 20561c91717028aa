using System.Buffers;
using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that change text.</summary>
internal static class TextFilters
{
    private static readonly SearchValues<char> Markup = SearchValues.Create("&<>\"'");

    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("append", 1, 1, c => Join(c, c.Text, c.Word(0))),
        new("prepend", 1, 1, c => Join(c, c.Word(0), c.Text)),
        new("upcase", 0, 0, c => c.Made(c.Text.ToUpperInvariant())),
        new("downcase", 0, 0, c => c.Made(c.Text.ToLowerInvariant())),
        new("capitalize", 0, 0, c => c.Made(Capitalize(c.Text))),
        new("strip", 0, 1, c => c.Made(Strip(c, true, true))),
        new("lstrip", 0, 1, c => c.Made(Strip(c, true, false))),
        new("rstrip", 0, 1, c => c.Made(Strip(c, false, true))),
        new("squish", 0, 0, c => c.Made(OneSpace(c.Text.Trim()))),
        new("normalize_whitespace", 0, 0, c => c.Made(OneSpace(c.Text))),
        new("strip_newlines", 0, 0, c => c.Made(c.Text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal))),
        new("replace", 1, 2, c => Replace(c, c.Word(0), c.Word(1))),
        new("remove", 1, 1, c => Replace(c, c.Word(0), "")),
        new("replace_first", 1, 2, c => ReplaceOne(c, c.Word(1), isLast: false)),
        new("replace_last", 1, 2, c => ReplaceOne(c, c.Word(1), isLast: true)),
        new("remove_first", 1, 1, c => ReplaceOne(c, "", isLast: false)),
        new("remove_last", 1, 1, c => ReplaceOne(c, "", isLast: true)),
        new("truncate", 0, 2, Truncate),
        new("truncatewords", 0, 2, TruncateWords),
        new("number_of_words", 0, 0, c => LiquidValue.Of((decimal)Words(c.Text, c.Meter).Count())),
    ];

    /// <summary>The five characters HTML gives a meaning, made harmless.</summary>
    public static string Escape(string text, Meter meter)
    {
        meter.Scan(text.Length);
        var next = text.AsSpan().IndexOfAny(Markup);
        if (next < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        var paid = 0;
        for (var at = 0; at < text.Length;)
        {
            meter.Grown(escaped, ref paid);
            next = text.AsSpan(at).IndexOfAny(Markup);
            var end = next < 0 ? text.Length : at + next;
            escaped.Append(text, at, end - at);
            at = end + 1;
            if (end == text.Length)
                break;
            escaped.Append(text[end] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&#34;",
                _ => "&#39;",
            });
        }

        meter.Text(escaped.Length - paid);
        return escaped.ToString();
    }

    /// <summary>Characters as people count them: one beyond the basic plane, such as an emoji, is one and not two.</summary>
    public static int Count(string text) => text.Length - CountPairs(text);

    /// <summary>Where the character at a position begins; the end of the text for one behind it.</summary>
    public static int Offset(string text, int position)
    {
        if (CountPairs(text) == 0)
            return Math.Min(position, text.Length);
        var at = 0;
        for (; position > 0 && at < text.Length; position--)
            at += IsPair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>The whole character that the UTF-16 unit at an index belongs to.</summary>
    public static string Character(string text, int index)
    {
        var start = index > 0 && IsPair(text, index - 1) ? index - 1 : index;
        return text.Substring(start, IsPair(text, start) ? 2 : 1);
    }

    private static bool IsPair(string text, int at) => at + 1 < text.Length && char.IsHighSurrogate(text[at]) && char.IsLowSurrogate(text[at + 1]);

    private static int CountPairs(string text)
    {
        var pairs = 0;
        // Looked for in one sweep: nearly all texts have none.
        for (var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); at >= 0 && at < text.Length; at++)
            pairs += IsPair(text, at) ? 1 : 0;
        return pairs;
    }

    private static LiquidValue Join(FilterCall call, string left, string right)
    {
        call.Meter.Text((long)left.Length + right.Length);
        return LiquidValue.Of(left + right);
    }

    private static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static string Strip(FilterCall call, bool left, bool right)
    {
        var text = call.Text;
        var characters = call.Word(0);
        call.Meter.Step(1 + (long)characters.Length * text.Length / 64);
        var isSpace = characters.Length == 0;
        var (start, end) = (0, text.Length);
        while (left && start < end && Matches(text[start]))
            start++;
        while (right && end > start && Matches(text[end - 1]))
            end--;
        return text[start..end];

        bool Matches(char c) => isSpace ? char.IsWhiteSpace(c) : characters.Contains(c, StringComparison.Ordinal);
    }

    private static string OneSpace(string text)
    {
        var made = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                made.Append(c);
            else if (made.Length == 0 || made[^1] != ' ')
                made.Append(' ');
        }

        return made.ToString();
    }

    private static LiquidValue Replace(FilterCall call, string old, string replacement)
    {
        var text = call.Text;
        call.Meter.Scan(text.Length);
        if (old.Length == 0)
        {
            // Between all characters, as splitting by nothing does.
            call.Meter.Text(text.Length * (1L + replacement.Length));
            return LiquidValue.Of(string.Join(replacement, text.EnumerateRunes()));
        }

        var count = 0L;
        for (var at = text.IndexOf(old, StringComparison.Ordinal); at >= 0; at = text.IndexOf(old, at + old.Length, StringComparison.Ordinal))
            count++;
        if (count == 0)
            return LiquidValue.Of(text);
        call.Meter.Text(text.Length + count * (replacement.Length - old.Length));
        return LiquidValue.Of(text.Replace(old, replacement, StringComparison.Ordinal));
    }

    private static LiquidValue ReplaceOne(FilterCall call, string replacement, bool isLast)
    {
        var (text, old) = (call.Text, call.Word(0));
        call.Meter.Scan(text.Length);
        var at = isLast ? text.LastIndexOf(old, StringComparison.Ordinal) : text.IndexOf(old, StringComparison.Ordinal);
        if (at < 0)
            return LiquidValue.Of(text);
        call.Meter.Text((long)text.Length + replacement.Length);
        return LiquidValue.Of(string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length)));
    }

    private static LiquidValue Truncate(FilterCall call)
    {
        var text = call.Text;
        var most = call.Whole(0, 50);
        call.Meter.Scan(text.Length);
        if (Count(text) <= most)
            return call.Input;
        var ending = call.Word(1, "...");
        return Join(call, text[..Offset(text, Math.Max(most - Count(ending), 0))], ending);
    }

    private static LiquidValue TruncateWords(FilterCall call)
    {
        var text = call.Text;
        var most = Math.Max(call.Whole(0, 15), 1);
        var kept = Words(text, call.Meter).Take(most + 1).ToList();
        return kept.Count <= most ? call.Made(string.Join(' ', kept)) : Join(call, string.Join(' ', kept.Take(most)), call.Word(1, "..."));
    }

    private static IEnumerable<string> Words(string text, Meter meter)
    {
        meter.Scan(text.Length);
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !char.IsWhiteSpace(text[at]))
                continue;
            if (at > start)
            {
                meter.Elements(1);
                meter.Text(at - start);
                yield return text[start..at];
            }

            start = at + 1;
        }
    }
}
