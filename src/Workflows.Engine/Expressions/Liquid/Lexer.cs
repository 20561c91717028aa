using System.Globalization;
using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

internal enum TokenKind
{
    End,
    Name,
    Text,
    Number,
    Symbol,
}

internal readonly record struct Token(TokenKind Kind, string Text, int Offset);

/// <summary>Takes the inside of one tag or output apart.</summary>
internal sealed class Lexer
{
    private static readonly string[] Symbols = ["==", "!=", "<>", "<=", ">=", "..", "<", ">", ".", "[", "]", "(", ")", "|", ":", ",", "="];

    private readonly LiquidSource _source;
    private readonly int _end;
    private int _at;

    public Lexer(LiquidSource source, int start, int end)
    {
        _source = source;
        _at = start;
        _end = end;
        Next = Read();
    }

    /// <summary>The token that <see cref="Take()"/> would give.</summary>
    public Token Next { get; private set; }

    public bool AtEnd => Next.Kind == TokenKind.End;

    public bool IsSymbol(string symbol) => Next.Kind == TokenKind.Symbol && Next.Text == symbol;

    public bool IsName(string name) => Next.Kind == TokenKind.Name && Next.Text == name;

    public Token Take()
    {
        var token = Next;
        Next = Read();
        return token;
    }

    public bool Skip(string symbol)
    {
        if (!IsSymbol(symbol))
            return false;
        Take();
        return true;
    }

    public void Expect(string symbol)
    {
        if (!Skip(symbol))
            throw Unexpected($"应为“{symbol}”", $"expected {symbol}");
    }

    public string ExpectName(string zh, string en) => Next.Kind == TokenKind.Name ? Take().Text : throw Unexpected($"应为{zh}", $"expected {en}");

    public void ExpectEnd()
    {
        if (!AtEnd)
            throw Unexpected("多余的内容", "unexpected text");
    }

    public ExpressionError Unexpected(string zh, string en)
    {
        var found = Next.Text.Length > 20 ? Next.Text[..20] + "…" : Next.Text;
        return AtEnd
            ? _source.Error(Next.Offset, $"{zh}，但到这里就结束了", $"{en}, but it ends here")
            : _source.Error(Next.Offset, $"{zh}，这里是“{found}”", $"{en}, found {found}");
    }

    public ExpressionError Error(int offset, string zh, string en) => _source.Error(offset, zh, en);

    private Token Read()
    {
        var text = _source.Text;
        while (_at < _end && char.IsWhiteSpace(text[_at]))
            _at++;
        var start = _at;
        if (_at >= _end)
            return new Token(TokenKind.End, "", _end);
        var c = text[_at];
        if (c is '"' or '\'')
            return new Token(TokenKind.Text, ReadText(c), start);
        if (char.IsAsciiDigit(c) || (c is '-' or '+' && _at + 1 < _end && char.IsAsciiDigit(text[_at + 1])))
            return new Token(TokenKind.Number, ReadNumber(), start);
        if (IsNameStart(c))
        {
            while (_at < _end && (IsNamePart(text[_at]) || text[_at] == '-'))
                _at++;
            if (_at < _end && text[_at] == '?')
                _at++;
            return new Token(TokenKind.Name, text[start.._at], start);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0 || _at + symbol.Length > _end)
                continue;
            _at += symbol.Length;
            return new Token(TokenKind.Symbol, symbol, start);
        }

        throw _source.Error(start, $"看不懂的字符“{c}”", $"unexpected character {c}");
    }

    /// <summary>Names may be Chinese: anything beyond ASCII that is no punctuation or space.</summary>
    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && (char.IsLetter(c) || char.IsSurrogate(c)));

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || (c >= 0x80 && char.IsLetterOrDigit(c));

    private string ReadNumber()
    {
        var text = _source.Text;
        var start = _at++;
        while (_at < _end && char.IsAsciiDigit(text[_at]))
            _at++;
        // A range's two dots are not a decimal point.
        if (_at + 1 < _end && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            while (_at < _end && char.IsAsciiDigit(text[_at]))
                _at++;
        }

        if (_at < _end && IsNamePart(text[_at]))
            throw _source.Error(start, "不是数字", "not a number");
        return text[start.._at];
    }

    private string ReadText(char quote)
    {
        var text = _source.Text;
        var start = _at++;
        var read = new StringBuilder();
        while (_at < _end && text[_at] != quote)
        {
            if (text[_at] == '\\' && _at + 1 < _end)
                ReadEscape(read);
            else
                read.Append(text[_at++]);
        }

        if (_at >= _end)
            throw _source.Error(start, "引号没有配对", "the quote is not closed");
        _at++;
        return read.ToString();
    }

    private void ReadEscape(StringBuilder read)
    {
        var text = _source.Text;
        var c = text[_at + 1];
        _at += 2;
        if (c == 'u' && _at + 4 <= _end && ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            read.Append((char)code);
            _at += 4;
            return;
        }

        read.Append(c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            _ => c,
        });
    }
}
