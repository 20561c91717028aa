namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>
/// Reads a regular expression as Node does, with the lenient readings of the standard's annex B where the flag u is not set.
/// Throws <see cref="PatternException"/> for what is not valid.
/// </summary>
internal sealed partial class PatternParser
{
    private const int MaxDepth = 100;

    private readonly string _source;
    private readonly bool _unicode;
    private readonly bool _dotAll;
    private readonly int _groupCount;
    private readonly bool _hasNames;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _at;
    private int _groups;
    private int _depth;

    private PatternParser(string source, bool unicode, bool dotAll)
    {
        _source = source;
        _unicode = unicode;
        _dotAll = dotAll;
        (_groupCount, _hasNames) = CountGroups(source);
    }

    /// <summary>The pattern, the number of its groups and the numbers of those with names.</summary>
    public static (PatternNode Root, int GroupCount, IReadOnlyDictionary<string, int> Names) Parse(string source, bool unicode, bool dotAll)
    {
        var parser = new PatternParser(source, unicode, dotAll);
        parser.CollectNames();
        var root = parser.Alternatives();
        if (parser._at < source.Length)
            throw Fault("括号不成对", "unmatched ')'");
        return (root, parser._groupCount, parser._names);
    }

    private static PatternException Fault(string chinese, string english) => new(chinese, english);

    private bool More => _at < _source.Length;

    private char Peek(int ahead = 0) => _at + ahead < _source.Length ? _source[_at + ahead] : '\0';

    private bool Take(char c)
    {
        if (!More || _source[_at] != c)
            return false;
        _at++;
        return true;
    }

    private bool Take(string text)
    {
        if (string.CompareOrdinal(_source, _at, text, 0, text.Length) != 0)
            return false;
        _at += text.Length;
        return true;
    }

    private PatternNode Alternatives()
    {
        if (++_depth > MaxDepth)
            throw Fault($"括号嵌套超过 {MaxDepth} 层", $"groups nested deeper than {MaxDepth}");
        var ways = new List<PatternNode> { Sequence() };
        while (Take('|'))
            ways.Add(Sequence());
        _depth--;
        return ways.Count == 1 ? ways[0] : new PatternNode.Choice(ways);
    }

    private PatternNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (More && Peek() is not ('|' or ')'))
            parts.Add(Term());
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode Term()
    {
        var firstGroup = _groups + 1;
        var node = Atom(out var mayRepeat);
        if (!TryQuantifier(out var min, out var max))
            return node;
        if (!mayRepeat)
            throw Fault("没有可重复的内容", "nothing to repeat");
        return new PatternNode.Repeat(node, min, max, Take('?'), firstGroup, _groups + 1);
    }

    private bool TryQuantifier(out int min, out int max)
    {
        (min, max) = (0, int.MaxValue);
        switch (Peek())
        {
            case '*' when More:
                _at++;
                return true;
            case '+':
                _at++;
                min = 1;
                return true;
            case '?':
                _at++;
                max = 1;
                return true;
            case '{':
                return TryBraces(out min, out max);
            default:
                return false;
        }
    }

    private bool TryBraces(out int min, out int max)
    {
        var start = _at++;
        max = int.MaxValue;
        if (TryNumber(out min))
        {
            if (!Take(','))
                max = min;
            else if (Peek() != '}' && !TryNumber(out max))
                max = -1;
            if (max >= 0 && Take('}'))
                return min <= max ? true : throw Fault("重复次数的上下限颠倒", "numbers out of order in {} quantifier");
        }

        _at = start;
        return _unicode ? throw Fault("重复次数不完整", "incomplete quantifier") : false;
    }

    private bool TryNumber(out int number)
    {
        long value = 0;
        var start = _at;
        while (char.IsAsciiDigit(Peek()))
            value = Math.Min((value * 10) + (_source[_at++] - '0'), int.MaxValue);
        number = (int)value;
        return _at > start;
    }

    private PatternNode Atom(out bool mayRepeat)
    {
        mayRepeat = true;
        var c = Peek();
        switch (c)
        {
            case '^':
            case '$':
                _at++;
                mayRepeat = false;
                return new PatternNode.Assertion(c == '^' ? AssertionKind.Start : AssertionKind.End);
            case '(':
                _at++;
                return Group(out mayRepeat);
            case '.':
                _at++;
                return new PatternNode.Set(_dotAll ? CharSet.None : CharSet.LineEnds, true);
            case '[':
                _at++;
                return Class();
            case '\\':
                _at++;
                return Escape(out mayRepeat);
            case '*' or '+' or '?':
                throw Fault("没有可重复的内容", "nothing to repeat");
            case '{' when _unicode:
                throw Fault("没有可重复的内容", "nothing to repeat");
            case '{' when TryBraces(out _, out _):
                throw Fault("没有可重复的内容", "nothing to repeat");
            case '}' or ']' when _unicode:
                throw Fault($"多余的“{c}”", "lone quantifier brackets");
            default:
                return new PatternNode.Character(Point());
        }
    }

    private PatternNode Group(out bool mayRepeat)
    {
        mayRepeat = true;
        if (Take("?:"))
            return Closed(Alternatives());
        foreach (var (mark, behind, negative) in Looks)
        {
            if (!Take(mark))
                continue;
            mayRepeat = !behind && !_unicode;
            return new PatternNode.Look(Closed(Alternatives()), behind, negative);
        }

        var number = ++_groups;
        if (Take("?<"))
            _ = Name();
        else if (Peek() == '?')
            throw Fault("无效的分组", "invalid group");
        return new PatternNode.Group(number, Closed(Alternatives()));
    }

    private static readonly (string Mark, bool IsBehind, bool IsNegative)[] Looks = [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)];

    private PatternNode Closed(PatternNode node) => Take(')') ? node : throw Fault("缺少右括号", "unterminated group");

    // One character as it stands; with the flag u a whole surrogate pair.
    private int Point()
    {
        var c = _source[_at++];
        return _unicode && char.IsHighSurrogate(c) && char.IsLowSurrogate(Peek()) ? char.ConvertToUtf32(c, _source[_at++]) : c;
    }

    // After "(?<" or "\k<".
    private string Name()
    {
        var name = new System.Text.StringBuilder();
        while (More && Peek() != '>')
        {
            var c = Point();
            if (char.IsHighSurrogate((char)c) && c < 65536 && char.IsLowSurrogate(Peek()))
                c = char.ConvertToUtf32((char)c, _source[_at++]);
            if (c == '\\')
                c = Take('u') && TryUnicodeEscape(true, out var escaped) ? escaped : throw Fault("无效的分组名", "invalid capture group name");
            if (!IsNamePart(c, name.Length == 0))
                throw Fault("无效的分组名", "invalid capture group name");
            name.Append(char.ConvertFromUtf32(c));
        }

        return Take('>') && name.Length > 0 ? name.ToString() : throw Fault("无效的分组名", "invalid capture group name");
    }

    private static bool IsNamePart(int c, bool isFirst)
    {
        if (c is '$' or '_' || (!isFirst && c is 0x200C or 0x200D))
            return true;
        if (c is >= 0xD800 and < 0xE000)
            return false;
        return UnicodeProperties.IsIdentifierPart(c, isFirst);
    }

    // The numbers of all groups have to be known before the first reference to one is read.
    private static (int Count, bool HasNames) CountGroups(string source)
    {
        var (count, hasNames, inClass) = (0, false, false);
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c == '\\')
                i++;
            else if (inClass)
                inClass = c != ']';
            else if (c == '[')
                inClass = true;
            else if (c == '(' && (i + 1 == source.Length || source[i + 1] != '?'))
                count++;
            else if (c == '(' && i + 3 < source.Length && source[i + 2] == '<' && source[i + 3] is not ('=' or '!'))
                (count, hasNames) = (count + 1, true);
        }

        return (count, hasNames);
    }

    private void CollectNames()
    {
        if (!_hasNames)
            return;
        var (number, inClass) = (0, false);
        for (_at = 0; _at < _source.Length; _at++)
        {
            var c = _source[_at];
            if (c == '\\')
                _at++;
            else if (inClass)
                inClass = c != ']';
            else if (c == '[')
                inClass = true;
            else if (c == '(' && Peek(1) != '?')
                number++;
            else if (c == '(' && Peek(2) == '<' && Peek(3) is not ('=' or '!'))
            {
                number++;
                _at += 3;
                if (!_names.TryAdd(Name(), number))
                    throw Fault("分组名重复", "duplicate capture group name");
                _at--;
            }
        }

        _at = 0;
    }
}
