namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that make, order and cut lists. A single value counts as a list of one, nil as an empty list.</summary>
internal static class ListFilters
{
    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("size", 0, 0, c => LiquidValue.Of(c.Input.Kind switch { LiquidKind.Text => c.Input.Text.Length, LiquidKind.List => c.Input.List.Count, LiquidKind.Map => (decimal)c.Input.Map.Count, _ => 0m })),
        new("first", 0, 0, c => End(c.Input, 0)),
        new("last", 0, 0, c => End(c.Input, -1)),
        new("join", 0, 1, Join),
        new("split", 0, 1, Split),
        new("reverse", 0, 0, c => Made(Elements(c).Reverse())),
        new("concat", 0, 1, c => Made([.. Elements(c), .. Elements(c, c[0])])),
        new("push", 1, 1, c => Made([.. Elements(c), c[0]])),
        new("unshift", 1, 1, c => Made([c[0], .. Elements(c)])),
        new("pop", 0, 0, c => Made(Elements(c).SkipLast(1))),
        new("shift", 0, 0, c => Made(Elements(c).Skip(1))),
        new("compact", 0, 1, c => Made(Elements(c).Where(e => !Key(c, e).IsNil))),
        new("uniq", 0, 1, c => Made(Elements(c).DistinctBy(e => Identity(Key(c, e), c.Meter)))),
        new("sort", 0, 1, c => Made(Sort(c, (a, b) => LiquidComparison.Sorting(a, b, c.Meter)))),
        new("sort_natural", 0, 1, c => Made(Sort(c, (a, b) => Natural(a, b, c.Meter)))),
        new("slice", 0, 2, Slice),
        new("array_to_sentence_string", 0, 1, Sentence),
        new("keys", 0, 0, c => Made(c.Input.Kind == LiquidKind.Map ? c.Input.Map.Keys.Select(key => { c.Meter.Elements(1); return LiquidValue.Of(key); }) : [])),
    ];

    /// <summary>The elements to work on, paid for.</summary>
    public static IReadOnlyList<LiquidValue> Elements(FilterCall call) => Elements(call, call.Input);

    public static LiquidValue Made(IEnumerable<LiquidValue> elements) => LiquidValue.Of(new MadeList([.. elements]));

    /// <summary>The element, or the member of it that the filter's first argument names.</summary>
    public static LiquidValue Key(FilterCall call, LiquidValue element) => call[0].IsNil ? element : QueryFilters.Property(call, element, call.Word(0));

    /// <summary>Text by which equal values are told; "1" and 1 differ.</summary>
    public static string Identity(LiquidValue value, Meter meter) => value.Kind switch
    {
        LiquidKind.Text => "t" + value.Text,
        LiquidKind.Nil => "",
        _ => value.Kind + LiquidText.Json(value, meter),
    };

    private static IReadOnlyList<LiquidValue> Elements(FilterCall call, LiquidValue value)
    {
        if (value.IsNil)
            return [];
        if (value.Kind != LiquidKind.List)
            return [value];
        call.Meter.Elements(value.List.Count);
        return [.. Enumerable.Range(0, value.List.Count).Select(i => value.List[i])];
    }

    private static LiquidValue End(LiquidValue value, int index) => value.Kind == LiquidKind.List || (value.Kind == LiquidKind.Text && value.Text.Length > 0)
        ? PathTerm.Member(value, LiquidValue.Of((decimal)index))
        : LiquidValue.EmptyText;

    private static LiquidValue Join(FilterCall call)
    {
        var separator = call.Word(0, " ");
        var parts = new List<string>();
        foreach (var element in Elements(call))
        {
            var part = LiquidText.Of(element, call.Meter);
            call.Meter.Text((long)part.Length + separator.Length);
            parts.Add(part);
        }

        return LiquidValue.Of(string.Join(separator, parts));
    }

    private static LiquidValue Split(FilterCall call)
    {
        var (text, separator) = (call.Text, call.Word(0));
        call.Meter.Text(text.Length);
        if (text.Length == 0)
            return LiquidValue.Of(MadeList.Empty);
        var parts = new List<LiquidValue>();
        if (separator.Length == 0)
        {
            call.Meter.Elements(text.Length);
            return Made(text.EnumerateRunes().Select(rune => LiquidValue.Of(rune.ToString())));
        }

        for (var start = 0; start <= text.Length;)
        {
            call.Meter.Elements(1);
            var end = text.IndexOf(separator, start, StringComparison.Ordinal);
            parts.Add(LiquidValue.Of(end < 0 ? text[start..] : text[start..end]));
            if (end < 0)
                break;
            start = end + separator.Length;
        }

        while (parts.Count > 0 && parts[^1].Text.Length == 0)
            parts.RemoveAt(parts.Count - 1);
        return Made(parts);
    }

    private static List<LiquidValue> Sort(FilterCall call, Comparison<LiquidValue> comparison)
    {
        try
        {
            return [.. Elements(call).Select(e => (Element: e, Key: Key(call, e))).OrderBy(pair => pair.Key, Comparer<LiquidValue>.Create(comparison)).Select(pair => pair.Element)];
        }
        catch (InvalidOperationException e) when (e.InnerException is ExpressionError limit)
        {
            // Sorting wraps what a comparison throws: a limit that was met within one.
            throw new ExpressionError(limit.Message);
        }
    }

    private static int Natural(LiquidValue a, LiquidValue b, Meter meter)
    {
        if (a.IsNil || b.IsNil)
            return a.IsNil.CompareTo(b.IsNil);
        var (left, right) = (LiquidText.Of(a, meter), LiquidText.Of(b, meter));
        meter.Scan(Math.Min(left.Length, right.Length));
        return string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Part of a list or text; a negative start counts from the end. Never half a character.</summary>
    private static LiquidValue Slice(FilterCall call)
    {
        if (call.Input.IsNil)
            return LiquidValue.Of(MadeList.Empty);
        var isList = call.Input.Kind == LiquidKind.List;
        var text = isList ? "" : call.Text;
        call.Meter.Scan(text.Length);
        var size = isList ? call.Input.List.Count : TextFilters.Count(text);
        var start = call.Whole(0, 0);
        // A start before the beginning, as one behind the end, leaves nothing.
        start = start < 0 ? size + start : start;
        start = start < 0 ? size : Math.Min(start, size);
        var end = (int)Math.Min(start + (long)Math.Max(call.Whole(1, 1), 0), size);
        if (!isList)
            return call.Made(text[TextFilters.Offset(text, start)..TextFilters.Offset(text, end)]);
        call.Meter.Elements(end - start);
        return Made(Enumerable.Range(start, end - start).Select(i => call.Input.List[i]));
    }

    private static LiquidValue Sentence(FilterCall call)
    {
        var parts = Elements(call).Select(e => LiquidText.Of(e, call.Meter)).ToList();
        var connector = call.Word(0, "and");
        return call.Made(parts.Count switch
        {
            0 => "",
            1 => parts[0],
            2 => $"{parts[0]} {connector} {parts[1]}",
            _ => $"{string.Join(", ", parts.SkipLast(1))}, {connector} {parts[^1]}",
        });
    }
}
