using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters for HTML.</summary>
internal static class HtmlFilters
{
    private static readonly string[] Entities = ["&amp;", "&lt;", "&gt;", "&#34;", "&#39;", "&quot;"];

    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("escape", 0, 0, c => LiquidValue.Of(TextFilters.Escape(c.Text, c.Meter)), IsSafe: true),
        new("xml_escape", 0, 0, c => LiquidValue.Of(TextFilters.Escape(c.Text, c.Meter)), IsSafe: true),
        new("escape_once", 0, 0, c => LiquidValue.Of(TextFilters.Escape(Unescape(c.Text, c.Meter), c.Meter)), IsSafe: true),
        new("raw", 0, 0, c => c.Input, IsSafe: true),
        new("strip_html", 0, 0, c => c.Made(StripTags(c.Text))),
        new("newline_to_br", 0, 0, NewLines),
    ];

    private static string Unescape(string text, Meter meter)
    {
        meter.Text(text.Length);
        var read = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var entity = text[at] == '&' ? Array.Find(Entities, e => string.CompareOrdinal(text, at, e, 0, e.Length) == 0) : null;
            read.Append(entity switch
            {
                null => text[at],
                "&amp;" => '&',
                "&lt;" => '<',
                "&gt;" => '>',
                "&#39;" => '\'',
                _ => '"',
            });
            at += entity?.Length ?? 1;
        }

        return read.ToString();
    }

    private static LiquidValue NewLines(FilterCall call)
    {
        var text = call.Text;
        call.Meter.Text(text.Length + 6L * text.Count(c => c == '\n'));
        return LiquidValue.Of(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "<br />\n", StringComparison.Ordinal));
    }

    /// <summary>Takes tags away, and script, style and remarks with all that is in them.</summary>
    private static string StripTags(string text)
    {
        var kept = new StringBuilder(text.Length);
        // An end that was not found once is not found further on: each is searched to the end of the text at most once.
        var missing = new HashSet<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text[at] != '<' ? -1
                : Starts("<script") && End("</script>", at) is > 0 and var script ? script
                : Starts("<style") && End("</style>", at) is > 0 and var style ? style
                : Starts("<!--") && End("-->", at) is > 0 and var remark ? remark
                : End(">", at);
            if (end < 0)
                kept.Append(text[at++]);
            else
                at = end;

            bool Starts(string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;
        }

        return kept.ToString();

        int End(string mark, int from)
        {
            if (missing.Contains(mark))
                return -1;
            var found = text.IndexOf(mark, from, StringComparison.Ordinal);
            if (found >= 0)
                return found + mark.Length;
            missing.Add(mark);
            return -1;
        }
    }
}
