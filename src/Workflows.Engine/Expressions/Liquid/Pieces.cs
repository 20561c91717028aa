namespace Workflows.Engine.Expressions.Liquid;

internal enum PieceKind
{
    End,
    Text,
    Output,
    Tag,
}

/// <summary>A run of plain text, an output or a tag.</summary>
/// <param name="Text">The plain text, or the tag's name.</param>
/// <param name="Start">Where the inside (after the tag's name) begins.</param>
/// <param name="End">Where the inside ends.</param>
/// <param name="Offset">Where the piece begins, for errors.</param>
internal readonly record struct Piece(PieceKind Kind, string Text, int Start, int End, int Offset);

/// <summary>A template as a row of pieces.</summary>
internal abstract class Pieces
{
    public abstract Piece Next();

    /// <summary>The text up to the end tag of <paramref name="tag"/>, unread; null when there is none.</summary>
    public abstract string? ReadVerbatim(string tag);

    /// <summary>First word of a tag: letters and underscores, or '#'.</summary>
    protected static int NameEnd(string text, int at, int end)
    {
        if (at < end && text[at] == '#')
            return at + 1;
        while (at < end && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return at;
    }
}

/// <summary>The pieces of a whole template, white space taken away where a dash asks for it.</summary>
internal sealed class TemplatePieces(LiquidSource source) : Pieces
{
    private readonly string _text = source.Text;
    private int _at;
    private bool _trims;

    public override Piece Next()
    {
        if (_at >= _text.Length)
            return new Piece(PieceKind.End, "", _at, _at, _at);
        var open = NextOpening(_at);
        if (open > _at)
            return Plain(open);
        var isOutput = _text[open + 1] == '{';
        var start = open + 2;
        if (start < _text.Length && _text[start] == '-')
            start++;
        var nameStart = start;
        while (!isOutput && nameStart < _text.Length && char.IsWhiteSpace(_text[nameStart]))
            nameStart++;
        var nameEnd = isOutput ? start : NameEnd(_text, nameStart, _text.Length);
        var name = isOutput ? "" : _text[nameStart..nameEnd];
        // A remark may hold an apostrophe, and so may one on a line of "liquid".
        var close = Closing(nameEnd, isOutput ? "}}" : "%}", hasQuotes: name is not ("#" or "liquid"));
        if (close < 0)
            throw source.Error(open, isOutput ? "“{{”没有用“}}”结束" : "“{%”没有用“%}”结束", isOutput ? "{{ is not closed by }}" : "{% is not closed by %}");
        var end = close > nameEnd && _text[close - 1] == '-' ? close - 1 : close;
        _trims = end < close;
        _at = close + 2;
        return new Piece(isOutput ? PieceKind.Output : PieceKind.Tag, name, nameEnd, end, open);
    }

    public override string? ReadVerbatim(string tag)
    {
        var start = _at;
        var trims = _trims;
        for (var at = _text.IndexOf("{%", start, StringComparison.Ordinal); at >= 0; at = _text.IndexOf("{%", at + 2, StringComparison.Ordinal))
        {
            var from = at + 2;
            var trimsBefore = from < _text.Length && _text[from] == '-';
            from = SkipSpace(trimsBefore ? from + 1 : from);
            if (string.CompareOrdinal(_text, from, "end", 0, 3) != 0 || string.CompareOrdinal(_text, from + 3, tag, 0, tag.Length) != 0)
                continue;
            from = SkipSpace(from + 3 + tag.Length);
            _trims = from < _text.Length && _text[from] == '-';
            from = _trims ? from + 1 : from;
            if (string.CompareOrdinal(_text, from, "%}", 0, 2) != 0)
                continue;
            _at = from + 2;
            return Trim(_text[start..at], trims, trimsBefore);
        }

        return null;
    }

    private static string Trim(string text, bool before, bool after)
    {
        text = before ? text.TrimStart() : text;
        return after ? text.TrimEnd() : text;
    }

    private Piece Plain(int open)
    {
        var trimsAfter = open + 2 < _text.Length && _text[open + 2] == '-';
        var piece = new Piece(PieceKind.Text, Trim(_text[_at..open], _trims, trimsAfter), _at, open, _at);
        _trims = false;
        _at = open;
        return piece;
    }

    private int NextOpening(int from)
    {
        for (var at = _text.IndexOf('{', from); at >= 0 && at + 1 < _text.Length; at = _text.IndexOf('{', at + 1))
        {
            if (_text[at + 1] is '{' or '%')
                return at;
        }

        return _text.Length;
    }

    /// <summary>Where the tag ends; an end within quotes is none.</summary>
    private int Closing(int from, string mark, bool hasQuotes)
    {
        var quote = '\0';
        for (var at = from; at + 1 < _text.Length; at++)
        {
            var c = _text[at];
            if (quote != '\0')
            {
                if (c == '\\')
                    at++;
                else if (c == quote)
                    quote = '\0';
            }
            else if (c == mark[0] && _text[at + 1] == mark[1])
            {
                return at;
            }
            else if (hasQuotes && c is '"' or '\'')
            {
                quote = c;
            }
        }

        return -1;
    }

    private int SkipSpace(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at]))
            at++;
        return at;
    }
}

/// <summary>The lines of a <c>{% liquid %}</c> tag, each a tag of its own.</summary>
internal sealed class LinePieces(LiquidSource source, int start, int end) : Pieces
{
    private int _at = start;

    public override Piece Next()
    {
        var text = source.Text;
        while (_at < end && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_at >= end)
            return new Piece(PieceKind.End, "", end, end, end);
        var offset = _at;
        var newLine = text.IndexOf('\n', _at, end - _at);
        _at = newLine < 0 ? end : newLine;
        var nameEnd = NameEnd(text, offset, _at);
        return new Piece(PieceKind.Tag, text[offset..nameEnd], nameEnd, _at, offset);
    }

    public override string? ReadVerbatim(string tag)
    {
        for (var piece = Next(); piece.Kind != PieceKind.End; piece = Next())
        {
            if (piece.Text == "end" + tag)
                return "";
        }

        return null;
    }
}
