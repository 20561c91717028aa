namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>Escapes and character classes.</summary>
internal sealed partial class PatternParser
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";

    // After the backslash, outside a class.
    private PatternNode Escape(out bool mayRepeat)
    {
        mayRepeat = true;
        if (!More)
            throw Fault("反斜杠在末尾", "\\ at end of pattern");
        var c = Peek();
        switch (c)
        {
            case 'b':
            case 'B':
                _at++;
                mayRepeat = false;
                return new PatternNode.Assertion(c == 'b' ? AssertionKind.WordBoundary : AssertionKind.NoWordBoundary);
            case 'k' when _unicode || _hasNames:
                _at++;
                if (!Take('<') || !_names.TryGetValue(Name(), out var named))
                    throw Fault("引用了不存在的分组名", "invalid named reference");
                return new PatternNode.Backreference(named);
            case >= '1' and <= '9':
                var start = _at;
                TryNumber(out var number);
                if (number <= _groupCount)
                    return new PatternNode.Backreference(number);
                if (_unicode)
                    throw Fault("引用了不存在的分组", "invalid escape");
                _at = start;
                break;
        }

        return TryClassEscape(out var set) ? new PatternNode.Set(set, false) : new PatternNode.Character(CharacterEscape(inClass: false));
    }

    private bool TryClassEscape(out CharSet set)
    {
        var c = Peek();
        set = CharSet.None;
        switch (c)
        {
            case 'd' or 'D':
                set = CharSet.Digits;
                break;
            case 'w' or 'W':
                set = CharSet.Word;
                break;
            case 's' or 'S':
                set = CharSet.Space;
                break;
            case 'p' or 'P' when _unicode:
                _at++;
                var end = Take('{') ? _source.IndexOf('}', _at) : -1;
                if (end < 0)
                    throw Fault("\\p 后面缺少 {名称}", "invalid property name");
                var name = _source[_at..end];
                _at = end + 1;
                set = UnicodeProperties.Find(name) ?? throw Fault($"不支持的字符属性“{(name.Length > 40 ? name[..40] : name)}”", "invalid or unsupported property name");
                if (c == 'P')
                    set = set.Complement();
                return true;
            default:
                return false;
        }

        _at++;
        if (char.IsAsciiLetterUpper(c))
            set = set.Complement();
        return true;
    }

    private int CharacterEscape(bool inClass)
    {
        var c = Peek();
        _at++;
        switch (c)
        {
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'c':
                return Control(inClass);
            case 'x':
                return TryHex(2, out var unit) ? unit : Itself('x');
            case 'u':
                return TryUnicodeEscape(_unicode, out var point) ? point : Itself('u');
            case '0' when !char.IsAsciiDigit(Peek()):
                return 0;
            case >= '0' and <= '9' when _unicode:
                throw Fault("无效的转义", "invalid escape");
            case >= '0' and <= '7':
                return Octal(c - '0');
            default:
                _at--;
                return _unicode && Peek() != '-' ? Itself((char)Point()) : _unicode ? Minus(inClass) : Itself((char)Point());
        }
    }

    private int Minus(bool inClass)
    {
        _at++;
        return inClass ? '-' : throw Fault("无效的转义", "invalid escape");
    }

    private char Itself(char c)
    {
        if (_unicode && !SyntaxCharacters.Contains(c, StringComparison.Ordinal))
            throw Fault("无效的转义", "invalid escape");
        return c == 'k' && _hasNames ? throw Fault("引用了不存在的分组名", "invalid named reference") : c;
    }

    // \cA is control-A; anything else after \c means a backslash followed by a c.
    private int Control(bool inClass)
    {
        if (char.IsAsciiLetter(Peek()) || (inClass && !_unicode && (char.IsAsciiDigit(Peek()) || Peek() == '_')))
            return _source[_at++] % 32;
        if (_unicode)
            throw Fault("无效的转义", "invalid unicode escape");
        _at--;
        return '\\';
    }

    private int Octal(int value)
    {
        for (var digits = 1; digits < 3 && Peek() is >= '0' and <= '7' && (value * 8) + (Peek() - '0') <= 255; digits++)
            value = (value * 8) + (_source[_at++] - '0');
        return value;
    }

    private bool TryHex(int digits, out int value)
    {
        value = 0;
        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(Peek(i)))
                return false;
            value = (value * 16) + Convert.ToInt32(Peek(i).ToString(), 16);
        }

        _at += digits;
        return true;
    }

    // After \u: four digits, a pair of them for a surrogate pair, or {digits}.
    private bool TryUnicodeEscape(bool wholePoints, out int point)
    {
        if (TryHex(4, out point))
        {
            var back = _at;
            if (wholePoints && point is >= 0xD800 and < 0xDC00 && Take("\\u") && TryHex(4, out var low) && low is >= 0xDC00 and < 0xE000)
                point = char.ConvertToUtf32((char)point, (char)low);
            else
                _at = back;
            return true;
        }

        if (!wholePoints || Peek() != '{')
            return false;
        var end = _source.IndexOf('}', _at);
        long value = 0;
        if (end <= _at + 1)
            throw Fault("无效的 Unicode 转义", "invalid unicode escape");
        foreach (var c in _source.AsSpan(_at + 1, end - _at - 1))
        {
            value = char.IsAsciiHexDigit(c) ? (value * 16) + Convert.ToInt32(c.ToString(), 16) : long.MaxValue;
            if (value > CharSet.MaxPoint)
                throw Fault("无效的 Unicode 转义", "invalid unicode escape");
        }

        _at = end + 1;
        point = (int)value;
        return true;
    }

    // After "[".
    private PatternNode.Set Class()
    {
        var negated = Take('^');
        var sets = new List<CharSet>();
        var ranges = new List<(int, int)>();
        while (!Take(']'))
        {
            var first = ClassPart(sets);
            if (Peek() != '-' || Peek(1) == ']' || _at + 1 >= _source.Length)
            {
                if (first >= 0)
                    ranges.Add((first, first));
                continue;
            }

            _at++;
            var last = ClassPart(sets);
            if (first >= 0 && last >= 0)
            {
                if (first > last)
                    throw Fault("字符范围颠倒", "range out of order in character class");
                ranges.Add((first, last));
                continue;
            }

            // [\w-a] is no range: three members.
            if (_unicode)
                throw Fault("字符类不能作为范围的端点", "invalid character class");
            ranges.Add(('-', '-'));
            if (first >= 0)
                ranges.Add((first, first));
            if (last >= 0)
                ranges.Add((last, last));
        }

        sets.Add(CharSet.Of(ranges.ToArray()));
        return new PatternNode.Set(sets.Count == 1 ? sets[0] : CharSet.Union(sets), negated);
    }

    // A character, or -1 after adding a whole set.
    private int ClassPart(List<CharSet> sets)
    {
        if (!More)
            throw Fault("字符集缺少右方括号", "unterminated character class");
        if (!Take('\\'))
            return Point();
        if (!More)
            throw Fault("反斜杠在末尾", "\\ at end of pattern");
        if (Take('b'))
            return '\b';
        if (!TryClassEscape(out var set))
            return CharacterEscape(inClass: true);
        sets.Add(set);
        return -1;
    }
}
