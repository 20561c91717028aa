namespace Workflows.Engine.Expressions.Liquid;

/// <summary>The text of a template; turns an offset into the line and column a person counts.</summary>
internal sealed class LiquidSource(string text)
{
    public string Text { get; } = text;

    /// <summary>An error at an offset, in both languages.</summary>
    public ExpressionError Error(int offset, string zh, string en)
    {
        var (line, column) = Place(offset);
        return new ExpressionError($"第 {line} 行第 {column} 列：{zh} (line {line}, column {column}: {en})");
    }

    /// <summary>An error about a name nobody knows, with the nearest one that is known.</summary>
    public ExpressionError Unknown(int offset, string whatZh, string whatEn, string name, IEnumerable<string> known)
    {
        var shown = name.Length > 40 ? name[..40] + "…" : name;
        return NearestName.Of(name, known) is { } near
            ? Error(offset, $"没有{whatZh}“{shown}”，是不是“{near}”？", $"there is no {whatEn} {shown}; did you mean {near}?")
            : Error(offset, $"没有{whatZh}“{shown}”", $"there is no {whatEn} {shown}");
    }

    private (int Line, int Column) Place(int offset)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < offset && i < Text.Length; i++)
        {
            if (Text[i] == '\n')
                (line, start) = (line + 1, i + 1);
        }

        return (line, offset - start + 1);
    }
}
