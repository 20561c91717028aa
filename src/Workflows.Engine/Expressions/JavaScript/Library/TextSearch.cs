namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Finds one text in another, in time proportional to their lengths whatever they contain.</summary>
/// <remarks>
/// The runtime's own search is fast for ordinary text but takes the product of both lengths for texts such as a million "a"
/// and half a million "a" with one "b". Long needles are therefore searched with a table of their repetitions
/// (Knuth, Morris and Pratt), and every step of that is counted.
/// </remarks>
internal sealed class TextSearch(Evaluation e, string text, string needle)
{
    private const int LongNeedle = 32;
    private int[]? _repeats;

    /// <summary>First position from <paramref name="from"/> on; -1 when there is none. An empty needle is found everywhere.</summary>
    public int Next(int from)
    {
        if (from + needle.Length > text.Length)
            return -1;
        if (needle.Length >= LongNeedle)
            return Linear(from);
        var found = text.AsSpan(from).IndexOf(needle.AsSpan(), StringComparison.Ordinal);
        e.Step(1 + ((found < 0 ? text.Length - from : found) / 16));
        return found < 0 ? -1 : from + found;
    }

    /// <summary>Last position not after <paramref name="from"/>.</summary>
    public int Last(int from)
    {
        var start = Math.Min(from, text.Length - needle.Length);
        if (start < 0)
            return -1;
        if (needle.Length < LongNeedle)
        {
            e.Step(1 + (start / 16));
            return text.AsSpan(0, start + needle.Length).LastIndexOf(needle.AsSpan(), StringComparison.Ordinal);
        }

        return Linear(0, start + needle.Length);
    }

    // The first one; or, with an end, the last one that ends there or before.
    private int Linear(int from, int? end = null)
    {
        var repeats = _repeats ??= Repeats();
        var (matched, found) = (0, -1);
        for (var at = from; at < (end ?? text.Length); at++)
        {
            e.Step();
            while (matched > 0 && text[at] != needle[matched])
                matched = repeats[matched - 1];
            if (text[at] == needle[matched])
                matched++;
            if (matched < needle.Length)
                continue;
            found = at - matched + 1;
            if (end is null)
                return found;
            matched = repeats[matched - 1];
        }

        return found;
    }

    // For each position the length of the longest beginning of the needle that also ends there.
    private int[] Repeats()
    {
        e.Allocate(4L * needle.Length);
        e.Step(needle.Length);
        var repeats = new int[needle.Length];
        for (var (at, length) = (1, 0); at < needle.Length; at++)
        {
            while (length > 0 && needle[at] != needle[length])
                length = repeats[length - 1];
            if (needle[at] == needle[length])
                length++;
            repeats[at] = length;
        }

        return repeats;
    }
}
