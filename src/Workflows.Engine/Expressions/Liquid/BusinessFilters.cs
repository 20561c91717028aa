using System.Globalization;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters for messages to customers and staff that Liquid itself does not have.</summary>
internal static class BusinessFilters
{
    // Symbol and decimals; other codes are written before the amount, with two decimals.
    private static readonly Dictionary<string, (string Symbol, int Decimals)> Currencies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CNY"] = ("¥", 2),
        ["RMB"] = ("¥", 2),
        ["USD"] = ("US$", 2),
        ["EUR"] = ("€", 2),
        ["GBP"] = ("£", 2),
        ["HKD"] = ("HK$", 2),
        ["MOP"] = ("MOP$", 2),
        ["TWD"] = ("NT$", 2),
        ["SGD"] = ("S$", 2),
        ["AUD"] = ("A$", 2),
        ["CAD"] = ("C$", 2),
        ["JPY"] = ("JP¥", 0),
        ["KRW"] = ("₩", 0),
    };

    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("money", 0, 2, Money),
        new("mask", 0, 2, Mask),
    ];

    /// <summary>
    /// ¥1,234.50. Arguments: currency code (CNY), decimals. Exact: rounded once, half away from zero, never through a
    /// binary fraction. Nothing for nil or empty text; text that is no number is refused, for a wrong amount is worse than none.
    /// </summary>
    private static LiquidValue Money(FilterCall call)
    {
        if (call.Input.IsNil || (call.Input.Kind == LiquidKind.Text && string.IsNullOrWhiteSpace(call.Input.Text)))
            return LiquidValue.EmptyText;
        var number = call.Input.Kind == LiquidKind.Text ? LiquidNumbers.Parse(call.Input.Text) : call.Input.Kind == LiquidKind.Number ? call.Input : null;
        if (number is not { IsExact: true } amount)
        {
            var shown = call.Text;
            shown = shown.Length > 30 ? shown[..30] + "…" : shown;
            throw call.Meter.Error($"“{shown}”不是金额", $"{shown} is not an amount");
        }

        var code = call.Word(0, "CNY");
        if (code.Length is 0 or > 10)
            throw call.Meter.Error("货币代码不对", "bad currency code");
        var (symbol, decimals) = Currencies.TryGetValue(code, out var known) ? known : (code.ToUpperInvariant() + " ", 2);
        decimals = Math.Clamp(call.Whole(1, decimals), 0, 10);
        var rounded = NumberFilters.RoundTo(amount.Exact, decimals);
        var digits = Math.Abs(rounded).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return call.Made((rounded < 0 ? "-" : "") + symbol + digits);
    }

    /// <summary>
    /// Hides the middle of a text: 138****1234. Arguments: how many characters stay in front (3) and at the end (4). At least
    /// a third is hidden: a text too short for that keeps its first character only.
    /// </summary>
    private static LiquidValue Mask(FilterCall call)
    {
        var text = call.Text;
        call.Meter.Text(2L * text.Length);
        var characters = text.EnumerateRunes().ToList();
        var (front, end) = (Math.Max(call.Whole(0, 3), 0), Math.Max(call.Whole(1, 4), 0));
        if (((long)front + end) * 3 > characters.Count * 2L)
            (front, end) = (characters.Count > 1 ? 1 : 0, 0);
        var hidden = characters.Count - front - end;
        return LiquidValue.Of(string.Concat(characters.Take(front)) + new string('*', hidden) + string.Concat(characters.TakeLast(end)));
    }
}
