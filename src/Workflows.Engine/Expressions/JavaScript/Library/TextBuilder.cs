using System.Text;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Text put together by a built-in: every piece is charged to the evaluation before it is copied.</summary>
internal sealed class TextBuilder(Evaluation e)
{
    private readonly StringBuilder _text = new();

    public int Length => _text.Length;

    public TextBuilder Append(string piece) => Append(piece.AsSpan());

    public TextBuilder Append(ReadOnlySpan<char> piece)
    {
        Charge(piece.Length);
        _text.Append(piece);
        return this;
    }

    public TextBuilder Append(char c)
    {
        Charge(1);
        _text.Append(c);
        return this;
    }

    public TextBuilder Append(char c, int count)
    {
        Charge(count);
        _text.Append(c, count);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Charge(int characters)
    {
        e.AllocateText(characters);
        e.Step(1 + (characters / 64));
    }
}
