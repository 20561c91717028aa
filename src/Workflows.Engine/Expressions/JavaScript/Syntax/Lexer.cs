using System.Globalization;
using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Syntax;

internal enum TokenKind
{
    End,

    /// <summary>An identifier or a reserved word.</summary>
    Name,
    Mark,
    Number,
    String,

    /// <summary>The back quote a template begins with; the parser reads its pieces.</summary>
    Template,
}

/// <param name="Text">Name, mark, or the value of a string.</param>
/// <param name="AfterLineEnd">A line end stands before it: a semicolon may be missing there.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text, double Number, bool AfterLineEnd);

/// <summary>Cuts a script's text into tokens, one at a time, because only the parser knows where a slash begins a regular expression.</summary>
internal sealed partial class Lexer(SourceText source)
{
    // Longest first, so that "===" is not read as "==" and "=".
    private static readonly string[] Marks =
    [
        ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&", "||", "??",
        "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**", "{", "}", "(", ")", "[", "]", ";", ",",
        "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":", "=", ".",
    ];

    private static readonly string[]?[] MarksByFirst = [.. Enumerable.Range(0, 128).Select(c => Marks.Where(m => m[0] == c).ToArray() is { Length: > 0 } some ? some : null)];

    private readonly string _text = source.Text;
    private int _at;

    /// <summary>Where the next token is looked for.</summary>
    public int Offset
    {
        get => _at;
        set => _at = value;
    }

    public Token Next()
    {
        var afterLineEnd = SkipBlanks();
        var start = _at;
        if (start == _text.Length)
            return new Token(TokenKind.End, start, start, "", 0, afterLineEnd);

        var c = _text[start];
        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < _text.Length && char.IsAsciiDigit(_text[start + 1])))
        {
            var number = ReadNumber();
            return new Token(TokenKind.Number, start, _at, _text[start.._at], number, afterLineEnd);
        }

        if (c is '"' or '\'')
        {
            var value = ReadString();
            return new Token(TokenKind.String, start, _at, value, 0, afterLineEnd);
        }

        if (c == '`')
        {
            _at++;
            return new Token(TokenKind.Template, start, _at, "`", 0, afterLineEnd);
        }

        if (StartsName(start))
        {
            var name = ReadName();
            return new Token(TokenKind.Name, start, _at, name, 0, afterLineEnd);
        }

        return ReadMark(start) is { } mark
            ? new Token(TokenKind.Mark, start, _at, mark, 0, afterLineEnd)
            : throw UnknownCharacter(start);
    }

    private string? ReadMark(int start)
    {
        if (_text[start] >= 128 || MarksByFirst[_text[start]] is not { } marks)
            return null;
        foreach (var mark in marks)
        {
            if (string.CompareOrdinal(_text, start, mark, 0, mark.Length) != 0)
                continue;

            // a?.5:1 is a condition, not a chain.
            if (mark == "?." && start + 2 < _text.Length && char.IsAsciiDigit(_text[start + 2]))
                continue;
            _at = start + mark.Length;
            return mark;
        }

        return null;
    }

    /// <summary>Skips white space and comments; true when a line end was among them.</summary>
    private bool SkipBlanks()
    {
        var lineEnd = false;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (SourceText.IsLineEnd(c))
            {
                lineEnd = true;
                _at++;
            }
            else if (c is ' ' or '\t' || (c is not ('/' or (> ' ' and < '\u007f')) && Array.IndexOf(NumberText.WhiteSpace, c) >= 0))
            {
                _at++;
            }
            else if (c == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/')
            {
                while (_at < _text.Length && !SourceText.IsLineEnd(_text[_at]))
                    _at++;
            }
            else if (c == '/' && _at + 1 < _text.Length && _text[_at + 1] == '*')
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw source.Error(_at, "注释没有结束，缺少“*/”", "comment without end");
                for (; _at < end; _at++)
                    lineEnd |= SourceText.IsLineEnd(_text[_at]);
                _at = end + 2;
            }
            else
            {
                break;
            }
        }

        return lineEnd;
    }

    private bool StartsName(int at) => NameCharacter(at, first: true) > 0;

    private string ReadName()
    {
        var start = _at;
        while (_at < _text.Length && NameCharacter(_at, first: _at == start) is > 0 and var width)
            _at += width;
        return _text[start.._at];
    }

    /// <summary>Number of chars of the name character here; 0 when it is none.</summary>
    private int NameCharacter(int at, bool first)
    {
        var c = _text[at];
        if (c < 128)
            return char.IsAsciiLetter(c) || c is '_' or '$' || (!first && char.IsAsciiDigit(c)) ? 1 : 0;
        if (c is '\u200c' or '\u200d')
            return first ? 0 : 1;
        if (Rune.DecodeFromUtf16(_text.AsSpan(at), out var rune, out var width) != System.Buffers.OperationStatus.Done)
            return 0;
        var letter = Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber;
        var later = !first && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
        return letter || (later && !first) ? width : 0;
    }

    private ExpressionError UnknownCharacter(int at)
    {
        var c = _text[at];
        if (c == '#')
            return source.Error(at, "不支持私有名称 #…", "private names (#x) are not supported");
        if (c == '\\')
            return source.Error(at, "名称中不支持转义 \\u…", "escapes in names are not supported");
        if (c == '@')
            return source.Error(at, "不支持 @（装饰器）", "@ (decorators) is not supported");
        const string wide = "（）【】｛｝，；：“”‘’！？。＝＋－＊／＜＞＆｜《》、";
        const string narrow = "()[]{},;:\"\"''!?.=+-*/<>&|<>,";
        var known = wide.IndexOf(c, StringComparison.Ordinal);
        return known >= 0
            ? source.Error(at, $"这里是全角符号“{c}”，请改用半角符号 {narrow[known]}", $"a full-width character; write {narrow[known]}")
            : source.Error(at, $"不认识的字符“{Shown(c)}”", $"unknown character '{Shown(c)}'");
    }

    private static string Shown(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : c.ToString();
}
