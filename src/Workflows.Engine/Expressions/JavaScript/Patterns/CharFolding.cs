using System.Collections.Frozen;
using System.Text;
using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>Which characters are the same under the flag i: by upper case, or with the flag u by Unicode's simple folding.</summary>
internal static class CharFolding
{
    // Cased letters end well below this.
    private const int EndOfCases = 0x1F000;

    private static readonly Lazy<char[]> Upper = new(UpperTable);
    private static readonly Lazy<FrozenDictionary<int, int[]>> Classes = new(() => ClassesOf(65536, c => Upper.Value[c]));
    private static readonly Lazy<FrozenDictionary<int, int[]>> UnicodeClasses = new(() => ClassesOf(EndOfCases, Fold));

    /// <summary>The character that stands for all that are the same.</summary>
    public static int Canonical(int c, bool unicode)
    {
        if (unicode)
            return Fold(c);
        return c < 128 ? c is >= 'a' and <= 'z' ? c - 32 : c : c < 65536 ? Upper.Value[c] : c;
    }

    /// <summary>The other characters that are the same; null when there are none.</summary>
    public static int[]? Same(int c, bool unicode) => (unicode ? UnicodeClasses : Classes).Value.GetValueOrDefault(c);

    private static int Fold(int c)
    {
        if (c < 128)
            return c is >= 'A' and <= 'Z' ? c + 32 : c;
        if (c == 0x17F)
            return 's';
        if (c >= EndOfCases || !Rune.TryCreate(c, out var rune) || c is 0x130 or 0x131)
            return c;
        return Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).Value;
    }

    // As the standard has it: no characters that become several, and nothing outside ASCII is the same as something in it.
    private static char[] UpperTable()
    {
        var table = new char[65536];
        for (var i = 0; i < table.Length; i++)
        {
            var c = (char)i;
            var upper = char.ToUpperInvariant(c);
            table[i] = StringCases.IsLongUpper(c) || (i >= 128 && upper < 128) ? c : upper;
        }

        return table;
    }

    private static FrozenDictionary<int, int[]> ClassesOf(int end, Func<int, int> canonical)
    {
        var classes = new Dictionary<int, List<int>>();
        for (var c = 0; c < end; c++)
        {
            var same = canonical(c);
            if (same == c)
                continue;
            if (!classes.TryGetValue(same, out var members))
                classes[same] = members = [same];
            members.Add(c);
        }

        return classes.Values.SelectMany(m => m.Select(c => (c, Others: m.Where(o => o != c).ToArray()))).ToFrozenDictionary(p => p.c, p => p.Others);
    }
}
