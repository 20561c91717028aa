using System.Text.RegularExpressions;

namespace Workflows.Engine.Store;

/// <summary>
/// What one person is known by, for finding it in free text: names, telephone numbers however they are spaced or with the country before them, mail addresses.
/// </summary>
/// <remarks>
/// What can go wrong: a text keeps a number because it was typed with blanks, or loses half of a word because somebody is called Li. The rules: digits
/// are found with what people put between them, narrow or wide, and never inside a longer number; a name of Latin letters only as a word of its own; a name of a single
/// character, or a word that stands for anybody (顾客), not at all, since it would be found everywhere.
/// </remarks>
public sealed class PersonalTraces
{
    private const int FewestDigits = 7;

    /// <summary>What is written where a name was not given; found in every other sentence, and nobody's.</summary>
    private static readonly HashSet<string> Nobody = ["顾客", "客户", "买家", "用户", "会员", "消费者", "匿名", "匿名用户", "匿名买家", "先生", "女士", "未知", "本人", "customer", "anonymous"];

    private readonly List<(Regex Pattern, string Mask)> _patterns = [];
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    /// <param name="known">Names, numbers and addresses, as they are stored; what tells nothing about anybody (empty, a number of the shop) is left out.</param>
    /// <param name="mask">What is written in the place of each; null to write stars of one length, which tell nothing.</param>
    public PersonalTraces(IEnumerable<string?> known, Func<string, string?>? mask = null)
    {
        // The longest first: a name may be part of a longer one.
        foreach (var word in known.OfType<string>().Select(k => k.Trim()).Where(k => k.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(k => k.Length))
        {
            if (PatternOf(word) is not { } pattern)
                continue;
            _words.Add(word);
            _patterns.Add((pattern, mask is null ? PersonalData.DigitsOf(word) is not null ? "***********" : "***" : mask(word) ?? "***"));
        }
    }

    /// <summary>Whether the text names the person.</summary>
    public bool AreIn(string text) => _words.Contains(text) || _patterns.Exists(p => p.Pattern.IsMatch(text));

    /// <summary>The same text without what names the person.</summary>
    public string Redact(string text)
    {
        foreach (var (pattern, mask) in _patterns)
            text = pattern.Replace(text, mask.Replace("$", "$$", StringComparison.Ordinal));
        return text;
    }

    private static Regex? PatternOf(string word)
    {
        if (PersonalData.DigitsOf(word) is { } digits)
            return digits.Length < FewestDigits ? null : new Regex(@"(?<![0-9０-９])(?:(?:[+＋]|[0０]{2})?[8８][6６][\s-]?|[0０])?" + string.Join(@"[\s\-－()（）.·]{0,3}", digits.Select(d => $"[{d}{(char)(d - '0' + '０')}]")) + "(?![0-9０-９])", RegexOptions.CultureInvariant);
        if (PersonalData.IsOfTheShop(word) || word.EnumerateRunes().Count() < 2 || Nobody.Contains(word))
            return null;
        var (before, after) = (char.IsAsciiLetter(word[0]) ? "(?<![A-Za-z])" : "", char.IsAsciiLetter(word[^1]) ? "(?![A-Za-z])" : "");
        return new Regex(before + Regex.Escape(word) + after, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}
