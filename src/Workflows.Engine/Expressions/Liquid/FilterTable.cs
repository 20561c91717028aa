namespace Workflows.Engine.Expressions.Liquid;

/// <summary>A filter, and how many arguments it takes beside the value.</summary>
/// <param name="IsSafe">What it makes is fit for HTML when it is the last one.</param>
internal sealed record LiquidFilter(string Name, int Least, int Most, Func<FilterCall, LiquidValue> Apply, bool IsSafe = false);

/// <summary>A filter at work.</summary>
internal readonly record struct FilterCall(RenderContext Context, LiquidValue Input, IReadOnlyList<LiquidValue> Arguments, IReadOnlyList<(string Name, LiquidValue Value)> Named)
{
    public Meter Meter => Context.Meter;

    /// <summary>The value as text.</summary>
    public string Text => LiquidText.Of(Input, Meter);

    /// <summary>An argument; nil when it is not given.</summary>
    public LiquidValue this[int index] => index < Arguments.Count ? Arguments[index] : LiquidValue.Nil;

    /// <summary>An argument as text; <paramref name="otherwise"/> when it is not given or nil.</summary>
    public string Word(int index, string otherwise = "") => this[index] is { IsNil: false } given ? LiquidText.Of(given, Meter) : otherwise;

    public int Whole(int index, int otherwise) => this[index] is { IsNil: false } given ? LiquidNumbers.Whole(given) : otherwise;

    public LiquidValue Option(string name)
    {
        foreach (var (key, value) in Named)
        {
            if (key == name)
                return value;
        }

        return LiquidValue.Nil;
    }

    /// <summary>A text this filter made; paid for here.</summary>
    public LiquidValue Made(string text)
    {
        Meter.Text(text.Length);
        return LiquidValue.Of(text);
    }
}

/// <summary>All filters by name.</summary>
internal static class FilterTable
{
    private static readonly Dictionary<string, LiquidFilter> Filters =
        new IEnumerable<LiquidFilter>[] { TextFilters.All, HtmlFilters.All, NumberFilters.All, ListFilters.All, QueryFilters.All, DateFilters.All, CodingFilters.All, BusinessFilters.All }
            .SelectMany(group => group).ToDictionary(filter => filter.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Filters.Keys;

    public static LiquidFilter? Find(string name) => Filters.GetValueOrDefault(name);
}
