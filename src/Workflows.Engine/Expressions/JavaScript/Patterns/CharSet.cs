using System.Globalization;

namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>A set of characters: ranges, and whole Unicode categories. Fixed once made.</summary>
internal sealed class CharSet
{
    public const int MaxPoint = 0x10FFFF;

    private readonly int[] _bounds;
    private readonly uint _categories;

    // Sets whose members are out: everything else is in.
    private readonly CharSet[] _outside;
    private readonly ulong _ascii;
    private readonly ulong _asciiHigh;

    private CharSet(int[] bounds, uint categories, CharSet[] outside)
    {
        _bounds = bounds;
        _categories = categories;
        _outside = outside;
        for (var c = 0; c < 128; c++)
        {
            if (!Slow(c))
                continue;
            if (c < 64)
                _ascii |= 1UL << c;
            else
                _asciiHigh |= 1UL << (c - 64);
        }
    }

    public static CharSet None { get; } = Of();

    public static CharSet Digits { get; } = Of(('0', '9'));

    public static CharSet Word { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    public static CharSet Space { get; } = Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    public static CharSet LineEnds { get; } = Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029));

    public static CharSet Of(params ReadOnlySpan<(int First, int Last)> ranges) => Of(0, ranges);

    /// <summary>All characters of these categories (a bit for each) and ranges.</summary>
    public static CharSet Of(uint categories, params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = ranges.ToArray();
        Array.Sort(sorted);
        var bounds = new List<int>(sorted.Length * 2);
        foreach (var (first, last) in sorted)
        {
            if (bounds.Count > 0 && first <= bounds[^1])
            {
                bounds[^1] = Math.Max(bounds[^1], last + 1);
                continue;
            }

            bounds.Add(first);
            bounds.Add(last + 1);
        }

        return new CharSet([.. bounds], categories, []);
    }

    public static CharSet Union(IEnumerable<CharSet> sets)
    {
        var ranges = new List<(int, int)>();
        var outside = new List<CharSet>();
        uint categories = 0;
        foreach (var set in sets)
        {
            ranges.AddRange(set.Ranges);
            outside.AddRange(set._outside);
            categories |= set._categories;
        }

        return new CharSet(Of(ranges.ToArray())._bounds, categories, [.. outside]);
    }

    public IEnumerable<(int First, int Last)> Ranges
    {
        get
        {
            for (var i = 0; i < _bounds.Length; i += 2)
                yield return (_bounds[i], _bounds[i + 1] - 1);
        }
    }

    /// <summary>Everything else.</summary>
    public CharSet Complement()
    {
        if (_categories != 0 || _outside.Length > 0)
            return new CharSet([], 0, [this]);
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in Ranges)
        {
            if (first > next)
                ranges.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= MaxPoint)
            ranges.Add((next, MaxPoint));
        return Of(ranges.ToArray());
    }

    public bool Contains(int c)
    {
        if (c < 64)
            return (_ascii >> c & 1) != 0;
        return c < 128 ? (_asciiHigh >> (c - 64) & 1) != 0 : Slow(c);
    }

    private bool Slow(int c)
    {
        if (_bounds.Length > 0)
        {
            var at = Array.BinarySearch(_bounds, c);
            if ((at >= 0 ? at : ~at - 1) is >= 0 and var bound && bound % 2 == 0)
                return true;
        }

        if (_categories != 0 && (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(c) & 1) != 0)
            return true;
        foreach (var set in _outside)
        {
            if (!set.Contains(c))
                return true;
        }

        return false;
    }
}
