using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>What is known of a product at the instant of a scan.</summary>
/// <param name="LastSaleAt">Null when it never sold.</param>
/// <param name="UnitsSold">Pieces sold within the period; what came back later does not undo a sale.</param>
/// <param name="Opening">Stock when the period began; null when it had not been counted by then.</param>
/// <param name="Received">Pieces that came in within the period.</param>
/// <param name="Stock">Stock now; null when it was never counted.</param>
public sealed record ProductFigures(
    string StockCode,
    string Name,
    decimal? Price,
    decimal? Cost,
    DateTimeOffset? ListedAt,
    DateTimeOffset? LastSaleAt,
    long UnitsSold,
    long? Opening,
    long Received,
    long? Stock,
    IReadOnlyList<string> Marks);

/// <summary>A product that does not sell, and why it counts as such.</summary>
/// <param name="SellThrough">Percent sold of opening stock and received; null when that cannot be said.</param>
public sealed record SlowMover(ProductFigures Product, long? DaysWithoutSale, decimal? SellThrough, bool IsUnsold, bool IsSlow)
{
    public string Reason => (IsUnsold, IsSlow) switch
    {
        (true, true) => "长期未售出，且动销率低",
        (true, false) => "长期未售出",
        _ => "动销率低",
    };

    public JsonObject ToJson() => new()
    {
        ["stockCode"] = Product.StockCode,
        ["name"] = Product.Name,
        ["reason"] = Reason,
        ["lastSaleAt"] = Product.LastSaleAt?.ToString("O"),
        ["daysWithoutSale"] = DaysWithoutSale,
        ["unitsSold"] = Product.UnitsSold,
        ["sellThrough"] = SellThrough is { } percent ? Math.Round(percent, 2) : null,
        ["stock"] = Product.Stock,
        ["price"] = Product.Price,
        ["cost"] = Product.Cost,
        ["stockValue"] = Product.Stock * Product.Cost,
    };
}

/// <summary>
/// Which products count as slow (catalogue 2.3, N-17, N-68): no sale for <see cref="Days"/> times 24 hours, or at most
/// <see cref="SellThroughPercent"/> of opening stock and received sold within that time; both bounds count, percents are compared unrounded.
/// Left out are products in trial, kept for a season or under an open complaint, products not yet listed for that long (their figure does not
/// exist yet), and those of which nothing is left.
/// </summary>
public sealed record SlowMoverRule(int Days = 30, decimal SellThroughPercent = 5)
{
    /// <summary>Null when the product is not slow.</summary>
    public SlowMover? Judge(ProductFigures product, DateTimeOffset at)
    {
        var period = TimeSpan.FromDays(Days);
        if (product.Marks.Any(m => m is ProductMarks.Trial or ProductMarks.Seasonal or ProductMarks.Complaint)
            || product.Stock <= 0
            || at - product.ListedAt < period)
            return null;

        var since = product.LastSaleAt ?? product.ListedAt;
        var isUnsold = since is null || at - since >= period;
        decimal? sellThrough = product.Opening + product.Received is > 0 and var there ? product.UnitsSold * 100m / there : null;
        // Compared as a product of whole numbers, because a quotient may be rounded across the bound.
        var isSlow = product.Opening + product.Received is > 0 and var stock && product.UnitsSold * 100m <= SellThroughPercent * stock;
        return isUnsold || isSlow ? new SlowMover(product, (long?)(at - since)?.TotalDays, sellThrough, isUnsold, isSlow) : null;
    }
}
