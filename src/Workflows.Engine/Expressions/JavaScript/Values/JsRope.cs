namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>
/// Text being put together piece by piece: "s += x" in a loop costs the pieces, not their square. It becomes one string when
/// something looks inside, and that string is memory of the evaluation too, whoever asked for it.
/// </summary>
internal sealed class JsRope
{
    private readonly Evaluation _payer;
    private JsRope? _left;
    private string? _whole;
    private string _right;

    public JsRope(Evaluation e, JsValue left, string right)
    {
        _payer = e;
        _left = left.Reference as JsRope;
        _whole = _left is null ? left.Text : null;
        _right = right;
        Length = left.TextLength + right.Length;
    }

    public int Length { get; }

    /// <summary>Put together already: looking inside costs nothing.</summary>
    public bool IsWhole => _left is null && _right.Length == 0;

    public override string ToString()
    {
        if (_left is null && _right.Length == 0)
            return _whole!;

        _payer.AllocateText(Length);
        _payer.Step(Length / 64);
        var whole = string.Create(Length, this, static (text, rope) =>
        {
            // From the back: a chain of a million pieces needs no million calls.
            var end = text.Length;
            for (var at = rope; ; at = at._left)
            {
                at._right.CopyTo(text[(end - at._right.Length)..]);
                end -= at._right.Length;
                if (at._left is null)
                {
                    at._whole!.CopyTo(text);
                    return;
                }
            }
        });
        _whole = whole;
        _left = null;
        _right = "";
        return whole;
    }
}
