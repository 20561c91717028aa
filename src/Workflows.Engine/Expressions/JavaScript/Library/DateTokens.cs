using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

internal enum WordKind
{
    Other,
    Month,
    HalfDay,
    Zone,
    TimeMark,
}

/// <summary>A word in a date.</summary>
/// <param name="Value">Number of the month, hours to add for AM or PM, hours a zone is ahead of UTC.</param>
internal sealed record DateWord(WordKind Kind, int Value);

/// <summary>A piece of a date's text.</summary>
internal readonly record struct DateToken
{
    public bool IsEnd { get; init; }

    public bool IsWhiteSpace { get; init; }

    public char Symbol { get; init; }

    public DateWord? Word { get; init; }

    /// <summary>A number's value; nine digits count, leading zeros aside.</summary>
    public int Number { get; init; }

    /// <summary>How many digits it was written with; 0 for what is no number.</summary>
    public int Length { get; init; }

    /// <summary>The number read as a fraction of a second.</summary>
    public int Milliseconds { get; init; }

    public bool IsZ => Word is { Kind: WordKind.Zone, Value: 0 } word && ReferenceEquals(word, DateTokens.Z);

    public bool IsNumber() => Length > 0;

    public bool IsNumber(int length) => Length == length;
}

/// <summary>Cuts the text of a date into pieces; text in parentheses is no piece. A copy is a place to come back to.</summary>
internal struct DateTokens(string text)
{
    public static readonly DateWord Z = new(WordKind.Zone, 0);

    private static readonly DateWord Unknown = new(WordKind.Other, 0);

    private static readonly Dictionary<string, DateWord> Words = new(StringComparer.Ordinal)
    {
        ["am"] = new(WordKind.HalfDay, 0),
        ["pm"] = new(WordKind.HalfDay, 12),
        ["z"] = Z,
        ["ut"] = new(WordKind.Zone, 0),
        ["utc"] = new(WordKind.Zone, 0),
        ["gmt"] = new(WordKind.Zone, 0),
        ["est"] = new(WordKind.Zone, -5),
        ["edt"] = new(WordKind.Zone, -4),
        ["cst"] = new(WordKind.Zone, -6),
        ["cdt"] = new(WordKind.Zone, -5),
        ["mst"] = new(WordKind.Zone, -7),
        ["mdt"] = new(WordKind.Zone, -6),
        ["pst"] = new(WordKind.Zone, -8),
        ["pdt"] = new(WordKind.Zone, -7),
        ["t"] = new(WordKind.TimeMark, 0),
    };

    private int _at;
    private DateToken? _peeked;

    public DateToken Peek() => _peeked ??= Read();

    public DateToken Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    /// <summary>Goes over a symbol if it comes next.</summary>
    public bool Skip(char symbol)
    {
        if (Peek().Symbol != symbol)
            return false;
        _peeked = null;
        return true;
    }

    private DateToken Read()
    {
        if (_at >= text.Length)
            return new DateToken { IsEnd = true };
        var first = text[_at];
        if (char.IsAsciiDigit(first))
            return ReadNumber();
        if (IsSpace(first))
        {
            while (_at < text.Length && IsSpace(text[_at]))
                _at++;
            return new DateToken { IsWhiteSpace = true };
        }

        if (first >= 'A')
            return ReadWord();
        if (first == '(')
        {
            SkipParentheses();
            return default;
        }

        _at++;
        return first is ':' or '-' or '+' or '.' or ')' ? new DateToken { Symbol = first } : default;
    }

    private DateToken ReadNumber()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        var digits = text.AsSpan(start, _at - start);
        var counted = digits.TrimStart('0');
        counted = counted[..Math.Min(9, counted.Length)];
        var thousandths = digits[..Math.Min(3, digits.Length)];
        return new DateToken
        {
            Number = counted.Length == 0 ? 0 : int.Parse(counted, System.Globalization.CultureInfo.InvariantCulture),
            Length = digits.Length,
            Milliseconds = int.Parse(thousandths, System.Globalization.CultureInfo.InvariantCulture) * (thousandths.Length == 1 ? 100 : thousandths.Length == 2 ? 10 : 1),
        };
    }

    private DateToken ReadWord()
    {
        var start = _at;
        while (_at < text.Length && text[_at] >= 'A' && !IsSpace(text[_at]))
            _at++;
        var word = text.AsSpan(start, _at - start);
        var known = word.Length <= 3 ? Words.GetValueOrDefault(word.ToString().ToLowerInvariant()) : null;

        // Months may be written out; three letters tell them apart.
        var month = word.Length < 3 ? -1 : MonthOf(word[..3]);
        return new DateToken { Word = known ?? (month >= 0 ? new DateWord(WordKind.Month, month + 1) : Unknown) };
    }

    private static int MonthOf(ReadOnlySpan<char> letters)
    {
        for (var i = 0; i < DateText.Months.Length; i++)
        {
            if (letters.Equals(DateText.Months[i], StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    private void SkipParentheses()
    {
        var open = 0;
        do
        {
            open += text[_at] == '(' ? 1 : text[_at] == ')' ? -1 : 0;
            _at++;
        }
        while (open > 0 && _at < text.Length);
    }

    private static bool IsSpace(char c) => Array.IndexOf(NumberText.WhiteSpace, c) >= 0;
}
