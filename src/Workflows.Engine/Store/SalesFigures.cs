using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>Sales of a period, from invoice lines.</summary>
/// <param name="From">First instant.</param>
/// <param name="To">First instant that no longer belongs to it.</param>
/// <param name="Lines">Invoice lines, cancelled ones and returns included.</param>
/// <param name="Revenue">Quantity times price over all lines: returns and cancellations reduce it.</param>
/// <param name="Units">Quantity over all lines, likewise net.</param>
/// <param name="Orders">Different invoices that are not cancellations.</param>
/// <param name="Customers">Different known customers of those invoices.</param>
/// <param name="Visitors">Visitors on the days of the period; null when none are recorded.</param>
public sealed record SalesFigures(DateTimeOffset From, DateTimeOffset To, long Lines, decimal Revenue, long Units, long Orders, long Customers, long? Visitors)
{
    /// <summary>Length in days, never zero.</summary>
    public double Days => Math.Max((To - From).TotalDays, 1.0 / 24);

    /// <summary>Orders per visitor; null without visitors.</summary>
    public double? Conversion => Visitors is > 0 and { } visitors ? (double)Orders / visitors : null;

    public JsonObject ToJson() => new()
    {
        ["from"] = From.ToString("O"),
        ["to"] = To.ToString("O"),
        ["days"] = Math.Round(Days, 4),
        ["lines"] = Lines,
        ["revenue"] = Revenue,
        ["units"] = Units,
        ["orders"] = Orders,
        ["customers"] = Customers,
        ["revenuePerDay"] = Math.Round(Revenue / (decimal)Days, 4),
        ["unitsPerDay"] = Math.Round(Units / Days, 4),
        ["ordersPerDay"] = Math.Round(Orders / Days, 4),
        ["visitors"] = Visitors,
        ["conversion"] = Conversion,
    };

    /// <summary>
    /// Change of the daily averages against a base, in percent; a member is null when the base is zero or unknown, for then
    /// there is nothing to compare with.
    /// </summary>
    public JsonObject ChangeAgainst(SalesFigures basis) => new()
    {
        ["revenuePercent"] = Percent((double)Revenue / Days, (double)basis.Revenue / basis.Days),
        ["unitsPercent"] = Percent(Units / Days, basis.Units / basis.Days),
        ["ordersPercent"] = Percent(Orders / Days, basis.Orders / basis.Days),
        ["conversionPercent"] = Conversion is { } now && basis.Conversion is { } then ? Percent(now, then) : null,
    };

    private static JsonValue? Percent(double now, double then) => then <= 0 ? null : JsonValue.Create(Math.Round((now - then) / then * 100, 4));
}
