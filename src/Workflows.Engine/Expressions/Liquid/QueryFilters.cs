namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that look for things in lists of objects.</summary>
internal static class QueryFilters
{
    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("map", 1, 1, c => ListFilters.Made(Objects(c).Select(e => Property(c, e, c.Word(0))))),
        new("sum", 0, 1, c => Objects(c).Aggregate(LiquidValue.Of(0m), (sum, e) => LiquidNumbers.Calculate(sum, c[0].IsNil ? e : Property(c, e, c.Word(0)), (a, b) => a + b, (a, b) => a + b))),
        new("where", 1, 2, c => ListFilters.Made(Objects(c).Where(e => Matches(c, e)))),
        new("reject", 1, 2, c => ListFilters.Made(Objects(c).Where(e => !Matches(c, e)))),
        new("find", 1, 2, c => Objects(c).FirstOrDefault(e => Matches(c, e))),
        new("find_index", 1, 2, FindIndex),
        new("has", 1, 2, c => LiquidValue.Of(Objects(c).Any(e => Matches(c, e)))),
        new("group_by", 1, 1, GroupBy),
        new("default", 0, 1, Default),
    ];

    /// <summary>A member by name, or by a path of names with dots.</summary>
    public static LiquidValue Property(FilterCall call, LiquidValue element, string path)
    {
        call.Meter.Scan(path.Length);
        if (element.Kind == LiquidKind.Map && element.Map.TryGet(path, out var direct))
            return direct;
        foreach (var name in path.Split('.'))
        {
            call.Meter.Step();
            element = PathTerm.Member(element, LiquidValue.Of(name));
        }

        return element;
    }

    private static IReadOnlyList<LiquidValue> Objects(FilterCall call) => ListFilters.Elements(call);

    /// <summary>The member equals the second argument; without one it must be there and not be false.</summary>
    private static bool Matches(FilterCall call, LiquidValue element)
    {
        var member = Property(call, element, call.Word(0));
        return call.Arguments.Count < 2 ? member.IsTruthy : LiquidComparison.Equal(member, call[1], call.Meter);
    }

    private static LiquidValue FindIndex(FilterCall call)
    {
        var elements = Objects(call);
        for (var i = 0; i < elements.Count; i++)
        {
            if (Matches(call, elements[i]))
                return LiquidValue.Of((decimal)i);
        }

        return LiquidValue.Nil;
    }

    private static LiquidValue GroupBy(FilterCall call) => ListFilters.Made(Objects(call)
        .Select(e => (Element: e, Key: Property(call, e, call.Word(0))))
        .GroupBy(pair => ListFilters.Identity(pair.Key, call.Meter))
        .Select(group => LiquidValue.Of(new MadeMap(("name", group.First().Key), ("items", ListFilters.Made(group.Select(pair => pair.Element)))))));

    private static LiquidValue Default(FilterCall call)
    {
        var isMissing = call.Input.Kind switch
        {
            LiquidKind.Nil or LiquidKind.Empty or LiquidKind.Blank => true,
            LiquidKind.Bool => !call.Input.IsTruthy && !call.Option("allow_false").IsTruthy,
            LiquidKind.Text => call.Input.Text.Length == 0,
            LiquidKind.List => call.Input.List.Count == 0,
            _ => false,
        };
        return isMissing ? call[0] : call.Input;
    }
}
