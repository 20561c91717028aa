using System.Globalization;
using System.Text;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>
/// Unicode normal forms. The runtime has none where cultures are invariant, so NormalForms.txt brings the Unicode character
/// database's: D full canonical and K full compatible decompositions, C pairs that compose, M marks by rising combining class.
/// </summary>
internal static class NormalForms
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = 11172;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailBefore = 0x11A7;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Tables> Data = new(Read);

    private sealed record Tables(Dictionary<int, int[]> Canonical, Dictionary<int, int[]> Compatible, Dictionary<(int, int), int> Pairs, Dictionary<int, int> Classes);

    /// <summary>NFC, NFD, NFKC or NFKD of a text; surrogates without a partner stay as they are.</summary>
    public static string Apply(Evaluation e, string text, bool composed, bool compatible)
    {
        e.Step(text.Length);
        if (Ascii.IsValid(text))
            return text;

        // Each character takes a few look-ups and may become up to eighteen; code points are held as integers meanwhile.
        e.Step(16L * text.Length);
        e.Allocate(8L * text.Length);
        var points = Decompose(e, text, compatible);
        Order(e, points);
        if (composed)
            Compose(points);
        e.AllocateText(points.Count);
        var result = new StringBuilder(points.Count);
        foreach (var point in points)
        {
            if (point < 0x10000)
                result.Append((char)point);
            else
                result.Append(char.ConvertFromUtf32(point));
        }

        return result.ToString();
    }

    private static List<int> Decompose(Evaluation e, string text, bool compatible)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            int c = text[i];
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                c = char.ConvertToUtf32(text[i], text[++i]);
            if (c - HangulFirst is >= 0 and < HangulCount)
                AddHangul(points, c - HangulFirst);
            else if (c >= 0x80 && (compatible && Data.Value.Compatible.TryGetValue(c, out var parts) || Data.Value.Canonical.TryGetValue(c, out parts)))
            {
                e.Allocate(4L * parts.Length);
                points.AddRange(parts);
            }
            else
                points.Add(c);
        }

        return points;
    }

    private static void AddHangul(List<int> points, int index)
    {
        points.Add(LeadFirst + (index / (Vowels * Tails)));
        points.Add(VowelFirst + (index % (Vowels * Tails) / Tails));
        if (index % Tails > 0)
            points.Add(TailBefore + (index % Tails));
    }

    // Marks between two base characters stand by rising class; equal ones stay as they were.
    private static void Order(Evaluation e, List<int> points)
    {
        var classes = Data.Value.Classes;
        for (var i = 0; i < points.Count; i++)
        {
            var end = i;
            while (end < points.Count && points[end] >= 0x300 && classes.ContainsKey(points[end]))
                end++;
            if (end - i < 2)
                continue;
            e.AllocateElements(end - i);
            var sorted = points.GetRange(i, end - i).OrderBy(p => classes[p]).ToList();
            for (var k = 0; k < sorted.Count; k++)
                points[i + k] = sorted[k];
            i = end;
        }
    }

    private static void Compose(List<int> points)
    {
        var (pairs, classes) = (Data.Value.Pairs, Data.Value.Classes);
        var (starter, last, kept) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var c = points[i];
            var own = c < 0x300 ? 0 : classes.GetValueOrDefault(c);
            var isNext = starter >= 0 && starter == kept - 1;
            if (starter >= 0 && (isNext || (last < own && last > 0)) && Composed(pairs, points[starter], c) is > 0 and var whole)
            {
                points[starter] = whole;
                continue;
            }

            if (own == 0)
                starter = kept;
            last = own;
            points[kept++] = c;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int Composed(Dictionary<(int, int), int> pairs, int first, int second)
    {
        if (first - LeadFirst is >= 0 and < 19 and var lead && second - VowelFirst is >= 0 and < Vowels and var vowel)
            return HangulFirst + (((lead * Vowels) + vowel) * Tails);
        if (first - HangulFirst is >= 0 and < HangulCount and var index && index % Tails == 0 && second - TailBefore is > 0 and < Tails and var tail)
            return first + tail;
        return second < 0x300 ? 0 : pairs.GetValueOrDefault((first, second));
    }

    private static Tables Read()
    {
        var tables = new Tables([], [], [], []);
        var name = typeof(NormalForms).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("NormalForms.txt", StringComparison.Ordinal));
        using var reader = new StreamReader(typeof(NormalForms).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "M")
            {
                foreach (var range in words.AsSpan(2))
                {
                    var ends = range.Split('-');
                    for (var c = Hex(ends[0]); c <= Hex(ends[^1]); c++)
                        tables.Classes[c] = int.Parse(words[1], CultureInfo.InvariantCulture);
                }

                continue;
            }

            var points = words[1..].Select(Hex).ToArray();
            if (words[0] == "C")
                tables.Pairs[(points[0], points[1])] = points[2];
            else
                (words[0] == "D" ? tables.Canonical : tables.Compatible)[points[0]] = points[1..];
        }

        return tables;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
