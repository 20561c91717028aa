using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Numbers, strings, pieces of templates, regular expressions.</summary>
internal sealed partial class Lexer
{
    private double ReadNumber()
    {
        var start = _at;
        if (_text[_at] == '0' && _at + 1 < _text.Length)
        {
            var radix = (_text[_at + 1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (radix > 0)
            {
                _at += 2;
                var digits = Digits(radix);
                if (digits.Length == 0)
                    throw source.Error(start, "数字不完整", "digits are missing in this number");
                EndNumber(start);
                return NumberText.ParseWhole(digits, radix);
            }

            if (char.IsAsciiDigit(_text[_at + 1]))
                throw source.Error(start, "数字不能以 0 开头；八进制请写 0o17", "octal literals are not supported; write 0o17");
            if (_text[_at + 1] == '_')
                throw source.Error(_at + 1, "数字分隔符 _ 只能在两个数字之间", "a numeric separator must stand between digits");
        }

        var number = new StringBuilder(Digits(10));
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            number.Append('.').Append(_at < _text.Length && char.IsAsciiDigit(_text[_at]) ? Digits(10) : "0");
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            _at++;
            number.Append('e');
            if (_at < _text.Length && _text[_at] is '+' or '-')
                number.Append(_text[_at++]);
            var power = Digits(10);
            if (power.Length == 0)
                throw source.Error(start, "数字的指数不完整", "digits are missing after e");
            number.Append(power);
        }

        EndNumber(start);
        var text = number.ToString();
        return NumberText.ParseDecimal(text[0] == '.' ? "0" + text : text);
    }

    private string Digits(int radix)
    {
        var start = _at;
        while (_at < _text.Length && (_text[_at] == '_' || (NumberText.DigitOf(_text[_at]) is >= 0 and var digit && digit < radix)))
        {
            if (_text[_at] == '_' && (_at == start || _text[_at - 1] == '_' || _at + 1 == _text.Length || NumberText.DigitOf(_text[_at + 1]) is var next && (next < 0 || next >= radix)))
                throw source.Error(_at, "数字分隔符 _ 只能在两个数字之间", "a numeric separator must stand between digits");
            _at++;
        }

        return _text[start.._at].Replace("_", "", StringComparison.Ordinal);
    }

    private void EndNumber(int start)
    {
        if (_at == _text.Length)
            return;
        if (_text[_at] == 'n')
            throw source.Error(start, "不支持 BigInt（如 10n）", "BigInt is not supported");
        if (char.IsAsciiDigit(_text[_at]) || StartsName(_at))
            throw source.Error(_at, "数字后面不能紧跟字母或数字", "a number must not be followed by a letter or digit");
    }

    private string ReadString()
    {
        var start = _at;
        var quote = _text[_at++];
        var value = new StringBuilder();
        while (true)
        {
            if (_at == _text.Length || _text[_at] is '\n' or '\r')
                throw source.Error(start, $"文本没有结束，缺少引号 {quote}；跨行的文本请用反引号 `…`", $"text without closing {quote}");
            var c = _text[_at++];
            if (c == quote)
                return value.ToString();
            if (c == '\\')
                ReadEscape(value, start);
            else
                value.Append(c);
        }
    }

    /// <summary>Reads a template from here up to "${" or the closing back quote.</summary>
    /// <param name="opening">Where the template began, for errors.</param>
    /// <param name="isLast">True when it ended with the back quote.</param>
    public string ReadTemplatePiece(int opening, out bool isLast)
    {
        var value = new StringBuilder();
        while (true)
        {
            if (_at == _text.Length)
                throw source.Error(opening, "模板文本没有结束，缺少反引号 `", "template without closing `");
            var c = _text[_at++];
            switch (c)
            {
                case '`':
                    isLast = true;
                    return value.ToString();
                case '$' when _at < _text.Length && _text[_at] == '{':
                    _at++;
                    isLast = false;
                    return value.ToString();
                case '\\':
                    ReadEscape(value, opening);
                    break;
                case '\r':
                    if (_at < _text.Length && _text[_at] == '\n')
                        _at++;
                    value.Append('\n');
                    break;
                default:
                    value.Append(c);
                    break;
            }
        }
    }

    private void ReadEscape(StringBuilder value, int opening)
    {
        if (_at == _text.Length)
            throw source.Error(opening, "文本没有结束", "text without end");
        var start = _at - 1;
        var c = _text[_at++];
        switch (c)
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case '\r':
                if (_at < _text.Length && _text[_at] == '\n')
                    _at++;
                break;
            case '\n' or '\u2028' or '\u2029': break;
            case 'x': value.Append((char)Hex(start, 2)); break;
            case 'u' when _at < _text.Length && _text[_at] == '{':
                _at++;
                var digits = _at;
                while (_at < _text.Length && char.IsAsciiHexDigit(_text[_at]))
                    _at++;
                var code = NumberText.ParseWhole(_text.AsSpan(digits, _at - digits), 16);
                if (!(code <= 0x10FFFF) || _at == _text.Length || _text[_at++] != '}')
                    throw source.Error(start, "\\u{…} 转义不正确", "wrong \\u{...} escape");
                if (code < 0x10000)
                    value.Append((char)code);
                else
                    value.Append(char.ConvertFromUtf32((int)code));
                break;
            case 'u': value.Append((char)Hex(start, 4)); break;
            case '0' when _at == _text.Length || !char.IsAsciiDigit(_text[_at]): value.Append('\0'); break;
            case >= '0' and <= '9': throw source.Error(start, "不支持八进制转义", "octal escapes are not supported");
            default: value.Append(c); break;
        }
    }

    private int Hex(int start, int length)
    {
        var code = _at + length <= _text.Length ? NumberText.ParseWhole(_text.AsSpan(_at, length), 16) : double.NaN;
        if (double.IsNaN(code))
            throw source.Error(start, $"转义不正确，应有 {length} 位十六进制数字", $"an escape needs {length} hexadecimal digits");
        _at += length;
        return (int)code;
    }

    /// <summary>Reads a regular expression whose first slash stands at the offset given.</summary>
    public (string Source, string Flags) ReadRegex(int start)
    {
        _at = start + 1;
        var inClass = false;
        while (true)
        {
            if (_at == _text.Length || SourceText.IsLineEnd(_text[_at]))
                throw source.Error(start, "正则表达式没有结束，缺少 /", "regular expression without closing /");
            var c = _text[_at++];
            if (c == '/' && !inClass)
                break;
            inClass = c == '[' || (inClass && c != ']');
            if (c == '\\' && _at < _text.Length && !SourceText.IsLineEnd(_text[_at]))
                _at++;
        }

        var pattern = _text[(start + 1)..(_at - 1)];
        var flagsAt = _at;
        var flags = _at < _text.Length && StartsName(_at) ? ReadName() : "";
        for (var i = 0; i < flags.Length; i++)
        {
            if (!"gimsuy".Contains(flags[i], StringComparison.Ordinal))
                throw source.Error(flagsAt + i, $"不支持正则表达式标志 {flags[i]}", $"regular expression flag {flags[i]} is not supported");
            if (flags.IndexOf(flags[i], i + 1) >= 0)
                throw source.Error(flagsAt + i, $"正则表达式标志 {flags[i]} 重复", $"regular expression flag {flags[i]} is given twice");
        }

        return (pattern, flags);
    }
}
