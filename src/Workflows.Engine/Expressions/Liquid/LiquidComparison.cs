namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Equal, less, contains. Nothing is less or greater than nil: a missing amount is not "under 500".</summary>
internal static class LiquidComparison
{
    public static bool Equal(LiquidValue left, LiquidValue right, Meter meter, int depth = 0)
    {
        meter.Step();
        if (left.Kind is LiquidKind.Empty or LiquidKind.Blank)
            return right.Kind == left.Kind || IsNothing(right, left.Kind);
        if (right.Kind is LiquidKind.Empty or LiquidKind.Blank)
            return IsNothing(left, right.Kind);
        if (left.Kind != right.Kind)
            return false;
        switch (left.Kind)
        {
            case LiquidKind.Nil:
                return true;
            case LiquidKind.Bool:
                return left.IsTruthy == right.IsTruthy;
            case LiquidKind.Number:
                return left.IsExact && right.IsExact ? left.Exact == right.Exact : left.Double.Equals(right.Double);
            case LiquidKind.Text:
                if (left.Text.Length != right.Text.Length)
                    return false;
                meter.Scan(left.Text.Length);
                return string.Equals(left.Text, right.Text, StringComparison.Ordinal);
            case LiquidKind.List:
                return EqualLists(left.List, right.List, meter, depth);
            default:
                return EqualMaps(left.Map, right.Map, meter, depth);
        }
    }

    /// <summary>Below, level or above; null when the two cannot be compared. Text that is a number compares with numbers.</summary>
    public static int? Order(LiquidValue left, LiquidValue right, Meter meter)
    {
        if (left.Kind == LiquidKind.Text && right.Kind == LiquidKind.Text)
        {
            meter.Scan(Math.Min(left.Text.Length, right.Text.Length));
            return Math.Sign(string.CompareOrdinal(left.Text, right.Text));
        }

        meter.Step();
        if (Number(left) is not { } a || Number(right) is not { } b)
            return null;
        return a.IsExact && b.IsExact ? a.Exact.CompareTo(b.Exact) : a.Double.CompareTo(b.Double);
    }

    public static bool Contains(LiquidValue whole, LiquidValue part, Meter meter)
    {
        if (whole.Kind == LiquidKind.Text)
        {
            if (part.Kind is not (LiquidKind.Text or LiquidKind.Number))
                return false;
            meter.Scan(whole.Text.Length);
            return whole.Text.Contains(LiquidText.Of(part, meter), StringComparison.Ordinal);
        }

        if (whole.Kind == LiquidKind.Map)
            return part.Kind == LiquidKind.Text && whole.Map.TryGet(part.Text, out _);
        if (whole.Kind != LiquidKind.List)
            return false;
        for (var i = 0; i < whole.List.Count; i++)
        {
            if (Equal(whole.List[i], part, meter))
                return true;
        }

        return false;
    }

    /// <summary>A total order for sorting: numbers, then text, then flags, then the rest, nil last.</summary>
    public static int Sorting(LiquidValue left, LiquidValue right, Meter meter)
    {
        var (a, b) = (Rank(left), Rank(right));
        return a != b ? a.CompareTo(b)
            : left.Kind == LiquidKind.Bool ? left.IsTruthy.CompareTo(right.IsTruthy)
            : a < 2 ? Order(left, right, meter) ?? 0
            : 0;
    }

    private static int Rank(LiquidValue value) => value.Kind switch
    {
        LiquidKind.Number => 0,
        LiquidKind.Text => 1,
        LiquidKind.Bool => 2,
        LiquidKind.Nil => 4,
        _ => 3,
    };

    private static LiquidValue? Number(LiquidValue value) => value.Kind switch
    {
        LiquidKind.Number => value,
        LiquidKind.Text => LiquidNumbers.Parse(value.Text),
        _ => null,
    };

    private static bool IsNothing(LiquidValue value, LiquidKind word) => value.Kind switch
    {
        LiquidKind.Text => word == LiquidKind.Blank ? string.IsNullOrWhiteSpace(value.Text) : value.Text.Length == 0,
        LiquidKind.List => value.List.Count == 0,
        LiquidKind.Map => value.Map.Count == 0,
        LiquidKind.Nil => word == LiquidKind.Blank,
        LiquidKind.Bool => word == LiquidKind.Blank && !value.IsTruthy,
        _ => false,
    };

    private static bool EqualLists(LiquidList left, LiquidList right, Meter meter, int depth)
    {
        meter.Depth(depth + 1);
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!Equal(left[i], right[i], meter, depth + 1))
                return false;
        }

        return true;
    }

    private static bool EqualMaps(LiquidMap left, LiquidMap right, Meter meter, int depth)
    {
        meter.Depth(depth + 1);
        if (left.Count != right.Count)
            return false;
        foreach (var key in left.Keys)
        {
            if (!left.TryGet(key, out var a) || !right.TryGet(key, out var b) || !Equal(a, b, meter, depth + 1))
                return false;
        }

        return true;
    }
}
