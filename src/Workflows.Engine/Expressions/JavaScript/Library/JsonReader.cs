using System.Globalization;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>JSON.parse: strict JSON to values of the script. "__proto__" is a key like any other, and of two equal keys the last wins.</summary>
internal sealed class JsonReader(Evaluation e, string text)
{
    public const int MaxDepth = 64;

    private int _at;

    /// <summary>The value of the whole text. Throws a SyntaxError of the script for anything else.</summary>
    public JsValue Read()
    {
        var value = Value(0);
        SkipSpace();
        return _at == text.Length ? value : throw Unexpected();
    }

    public static ExpressionError TooDeep() => new($"JSON 嵌套超过 {MaxDepth} 层 (JSON nested deeper than {MaxDepth} levels)");

    private JsValue Value(int depth)
    {
        e.Step();
        SkipSpace();
        if (_at == text.Length)
            throw Unexpected();
        switch (text[_at])
        {
            case '{':
                return depth < MaxDepth ? Object(depth) : throw TooDeep();
            case '[':
                return depth < MaxDepth ? List(depth) : throw TooDeep();
            case '"':
                return Text();
            case 't':
                return Word("true", true);
            case 'f':
                return Word("false", false);
            case 'n':
                return Word("null", JsValue.Null);
            default:
                return Number();
        }
    }

    private JsValue Object(int depth)
    {
        e.Allocate(96);
        var result = new JsObject();
        _at++;
        if (Taken('}'))
            return result;
        do
        {
            SkipSpace();
            if (_at == text.Length || text[_at] != '"')
                throw Unexpected();
            var key = Text();
            if (!Taken(':'))
                throw Unexpected();
            result.Set(e, key, Value(depth + 1));
        }
        while (Taken(','));
        return Taken('}') ? result : throw Unexpected();
    }

    private JsValue List(int depth)
    {
        e.Allocate(64);
        var result = new JsArray();
        _at++;
        if (Taken(']'))
            return result;
        do
            result.Add(e, Value(depth + 1));
        while (Taken(','));
        return Taken(']') ? result : throw Unexpected();
    }

    private string Text()
    {
        var start = ++_at;
        var plain = text.AsSpan(start).IndexOfAny('"', '\\');
        if (plain < 0)
            plain = text.Length - start;
        e.Allocate(24 + (2L * plain));
        e.Step(plain / 16);
        if (text.AsSpan(start, plain).IndexOfAnyInRange('\0', '\x1F') is >= 0 and var control)
        {
            _at = start + control;
            throw Unexpected();
        }

        _at = start + plain;
        if (_at < text.Length && text[_at] == '"')
            return text[start.._at++];

        var result = new TextBuilder(e).Append(text.AsSpan(start, plain));
        while (true)
        {
            if (_at == text.Length || text[_at] < ' ')
                throw Unexpected();
            var c = text[_at++];
            if (c == '"')
                return result.ToString();
            result.Append(c == '\\' ? Escaped() : c);
        }
    }

    private char Escaped()
    {
        if (_at == text.Length)
            throw Unexpected();
        switch (text[_at++])
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                if (_at + 4 <= text.Length && ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
                {
                    _at += 4;
                    return (char)unit;
                }

                throw Unexpected();
            default:
                _at--;
                throw Unexpected();
        }
    }

    private JsValue Number()
    {
        var start = _at;
        if (text[_at] == '-')
            _at++;
        if (Peek() == '0')
            _at++;
        else
            Digits();
        if (Peek() == '.')
        {
            _at++;
            Digits();
        }

        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-')
                _at++;
            Digits();
        }

        e.Step((_at - start) / 8);
        return NumberText.ParseDecimal(text.AsSpan(start, _at - start));
    }

    private void Digits()
    {
        var start = _at;
        while (char.IsAsciiDigit(Peek()))
            _at++;
        if (_at == start)
            throw Unexpected();
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private JsValue Word(string word, JsValue value)
    {
        foreach (var c in word)
        {
            if (Peek() != c)
                throw Unexpected();
            _at++;
        }

        return value;
    }

    private bool Taken(char c)
    {
        SkipSpace();
        if (Peek() != c)
            return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
        e.Step((_at - start) / 16);
    }

    private JsThrow Unexpected() => e.SyntaxError(_at >= text.Length
        ? "JSON 意外结束 (unexpected end of JSON input)"
        : $"JSON 第 {_at + 1} 个字符“{text[_at]}”不符合语法 (unexpected token in JSON at position {_at})");
}
