using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>The replacement text of replace: $$, $&amp;, $`, $', $1 to $99, $&lt;name&gt;.</summary>
internal static class Substitution
{
    /// <summary>Appends the template for one match. <paramref name="regex"/> is null when a text was searched for.</summary>
    public static void Append(Evaluation e, TextBuilder result, string template, string text, int[] found, JsRegex? regex)
    {
        var at = 0;
        while (template.IndexOf('$', at) is >= 0 and var dollar)
        {
            result.Append(template.AsSpan(at, dollar - at));
            at = dollar + 1;
            var next = at < template.Length ? template[at] : '\0';
            switch (next)
            {
                case '$':
                    result.Append('$');
                    at++;
                    break;
                case '&':
                    result.Append(text.AsSpan(found[0], found[1] - found[0]));
                    at++;
                    break;
                case '`':
                    result.Append(text.AsSpan(0, found[0]));
                    at++;
                    break;
                case '\'':
                    result.Append(text.AsSpan(found[1]));
                    at++;
                    break;
                case '<' when regex is { Names.Count: > 0 } && template.IndexOf('>', at) is >= 0 and var end:
                    if (regex.Names.TryGetValue(template[(at + 1)..end], out var named))
                        Capture(result, text, found, named);
                    at = end + 1;
                    break;
                default:
                    at += Numbered(result, template.AsSpan(at), text, found, regex?.GroupCount ?? 0);
                    break;
            }
        }

        result.Append(template.AsSpan(at));
    }

    // Two digits when there are so many groups, else one; otherwise the dollar stands for itself. Gives the digits used.
    private static int Numbered(TextBuilder result, ReadOnlySpan<char> after, string text, int[] found, int groups)
    {
        if (after.Length > 0 && char.IsAsciiDigit(after[0]))
        {
            var one = after[0] - '0';
            var two = after.Length > 1 && char.IsAsciiDigit(after[1]) ? (one * 10) + after[1] - '0' : 0;
            if (two >= 1 && two <= groups)
            {
                Capture(result, text, found, two);
                return 2;
            }

            if (one >= 1 && one <= groups)
            {
                Capture(result, text, found, one);
                return 1;
            }
        }

        result.Append('$');
        return 0;
    }

    private static void Capture(TextBuilder result, string text, int[] found, int group)
    {
        var (start, end) = (found[2 * group], found[(2 * group) + 1]);
        if (start >= 0 && end >= 0)
            result.Append(text.AsSpan(start, end - start));
    }
}
