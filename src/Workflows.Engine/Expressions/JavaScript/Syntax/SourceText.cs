namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>A script's text, and places in it as people count them.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lines = [0];

    public SourceText(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsLineEnd(text[i]) && !(text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
                _lines.Add(i + 1);
        }
    }

    public string Text { get; }

    /// <summary>Line and column, counted from 1, of a character.</summary>
    public Position At(int offset)
    {
        var line = _lines.BinarySearch(offset);
        if (line < 0)
            line = ~line - 1;
        return new Position(line + 1, offset - _lines[line] + 1);
    }

    /// <summary>A parse error at a character.</summary>
    public ExpressionError Error(int offset, string zh, string en) => Error(At(offset), zh, en);

    public static ExpressionError Error(Position at, string zh, string en) => new($"第 {at.Line} 行第 {at.Column} 列：{zh} ({en})");

    public static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';
}
