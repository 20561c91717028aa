namespace Workflows.Engine.Expressions;

/// <summary>Finds the name somebody probably meant, for errors that suggest it.</summary>
internal static class NearestName
{
    // Longer than any name a person types; keeps the comparison cheap for pasted text.
    private const int LongestName = 60;

    // A scope may hold very many names; a suggestion is not worth more time than this.
    private const int MostNames = 2_000;

    /// <summary>
    /// The known name nearest to <paramref name="wrong"/>: the same but for upper and lower case, or at most a third of its
    /// letters (at least one, at most three) added, left out, replaced or swapped. Null when none is that near.
    /// </summary>
    public static string? Of(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length is 0 or > LongestName)
            return null;

        var allowed = Math.Clamp(wrong.Length / 3, 1, 3);
        string? nearest = null;
        var distance = allowed * 2 + 2;
        foreach (var name in known.Take(MostNames))
        {
            if (name.Length == 0 || name == wrong || Math.Abs(name.Length - wrong.Length) > allowed)
                continue;
            // Two points per letter, one for a letter in the wrong case, so that a case slip is always nearer than another name.
            var found = string.Equals(name, wrong, StringComparison.OrdinalIgnoreCase) ? 1 : Distance(wrong, name);
            // A name of one or two letters with one replaced is another name altogether.
            var tooFar = found > 1 && (found > allowed * 2 || found >= Math.Max(name.Length, wrong.Length) * 2 - 1);
            if (!tooFar && found < distance)
                (nearest, distance) = (name, found);
        }

        return nearest;
    }

    /// <summary>Edit distance with swaps of neighbours (each counted once per pair), two points per edit.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j * 2;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i * 2;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = a[i - 1] == b[j - 1] ? 0 : char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 1 : 2;
                current[j] = Math.Min(last[j - 1] + replaced, Math.Min(last[j], current[j - 1]) + 2);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 2);
            }

            (before, last, current) = (last, current, before);
        }

        return last[b.Length];
    }
}
