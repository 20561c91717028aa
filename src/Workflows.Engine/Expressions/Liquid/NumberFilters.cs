namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that calculate.</summary>
internal static class NumberFilters
{
    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("plus", 1, 1, c => LiquidNumbers.Calculate(c.Input, c[0], (a, b) => a + b, (a, b) => a + b)),
        new("minus", 1, 1, c => LiquidNumbers.Calculate(c.Input, c[0], (a, b) => a - b, (a, b) => a - b)),
        new("times", 1, 1, c => LiquidNumbers.Calculate(c.Input, c[0], (a, b) => a * b, (a, b) => a * b)),
        new("divided_by", 1, 2, Divide),
        new("modulo", 1, 1, c => LiquidNumbers.Calculate(c.Input, Divisor(c), (a, b) => a - b * Math.Floor(a / b), (a, b) => a - b * Math.Floor(a / b))),
        new("abs", 0, 0, c => Round(c, Math.Abs, Math.Abs)),
        new("floor", 0, 0, c => Round(c, decimal.Floor, Math.Floor)),
        new("ceil", 0, 0, c => Round(c, decimal.Ceiling, Math.Ceiling)),
        new("round", 0, 1, c => Round(c, n => RoundTo(n, c.Whole(0, 0)), Math.Round)),
        new("to_integer", 0, 0, c => Round(c, decimal.Truncate, Math.Truncate)),
        new("at_least", 1, 1, c => LiquidNumbers.Calculate(c.Input, c[0], Math.Max, Math.Max)),
        new("at_most", 1, 1, c => LiquidNumbers.Calculate(c.Input, c[0], Math.Min, Math.Min)),
    ];

    /// <summary>Half away from zero, as people round; a negative number of places rounds to tens, hundreds, ...</summary>
    public static decimal RoundTo(decimal value, int places)
    {
        if (places >= 0)
            return decimal.Round(value, Math.Min(places, 28), MidpointRounding.AwayFromZero);
        if (places < -28)
            return 0;
        var unit = 1m;
        for (var i = 0; i < -places; i++)
            unit *= 10;
        return decimal.Round(value / unit, MidpointRounding.AwayFromZero) * unit;
    }

    private static LiquidValue Divide(FilterCall call)
    {
        var result = LiquidNumbers.Calculate(call.Input, Divisor(call), (a, b) => a / b, (a, b) => a / b);
        return !call[1].IsTruthy ? result : result.IsExact ? LiquidValue.Of(decimal.Floor(result.Exact)) : LiquidValue.Of(Math.Floor(result.Double));
    }

    private static LiquidValue Divisor(FilterCall call)
    {
        var divisor = LiquidNumbers.Of(call[0]);
        return divisor.Double == 0 ? throw call.Meter.Error("除数为零", "division by zero") : divisor;
    }

    private static LiquidValue Round(FilterCall call, Func<decimal, decimal> exactly, Func<double, double> roughly)
    {
        var number = LiquidNumbers.Of(call.Input);
        if (!number.IsExact)
            return LiquidValue.Of(roughly(number.Double));
        try
        {
            return LiquidValue.Of(exactly(number.Exact));
        }
        catch (OverflowException)
        {
            // Rounded up beyond what a decimal can hold.
            return number;
        }
    }
}
