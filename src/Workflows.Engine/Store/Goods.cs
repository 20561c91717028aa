namespace Workflows.Engine.Store;

/// <summary>Reasons for which a product is kept out of something, while somebody wants it so.</summary>
public static class ProductMarks
{
    /// <summary>In its trial (试销中): not cleared.</summary>
    public const string Trial = "trial";

    /// <summary>Kept for its season (季节备货): not cleared.</summary>
    public const string Seasonal = "seasonal";

    /// <summary>An open complaint is about it (投诉未结): not cleared.</summary>
    public const string Complaint = "complaint";

    /// <summary>Not ordered any more (停止补货); does not keep it from being cleared.</summary>
    public const string NoReplenishment = "no-replenishment";

    public static IReadOnlyList<string> All { get; } = [Trial, Seasonal, Complaint, NoReplenishment];
}

/// <summary>A count of stock, or goods that came in.</summary>
/// <param name="Kind">count (盘点) or received (入库).</param>
public sealed record StockEntry(string StockCode, DateTimeOffset At, string Kind, long Quantity)
{
    public const string Count = "count";
    public const string Received = "received";
}

/// <summary>Unique visitors (UV) of a product's page on one calendar day of the shop's time zone.</summary>
public sealed record ProductVisits(string StockCode, DateOnly Day, long Visitors);

/// <summary>A price a process asks for.</summary>
public sealed record ProductPrice(string StockCode, decimal Price);

/// <summary>A coupon that counts for one product (新品专属优惠).</summary>
/// <param name="PercentOff">Above 0 and below 100.</param>
/// <param name="EndedAt">Set when it was switched off before its time.</param>
public sealed record ProductCoupon(string Id, string StockCode, string Title, decimal PercentOff, DateTimeOffset BeginsAt, DateTimeOffset EndsAt, DateTimeOffset? EndedAt);

/// <summary>A product with what the shop does with it.</summary>
/// <param name="Price">What it costs now.</param>
/// <param name="PriceBefore">What the price goes back to; null while it has no price for a time.</param>
/// <param name="PriceUntil">When the price for a time ends.</param>
/// <param name="OffSaleAt">Set while it is not on sale.</param>
/// <param name="IsBlocked">Its stock may not leave the house.</param>
/// <param name="Stock">Pieces; null when it was never counted.</param>
public sealed record ProductState(
    string StockCode,
    string Name,
    decimal? Price,
    decimal? Cost,
    DateTimeOffset? ListedAt,
    DateTimeOffset? OffSaleAt,
    string? OffSaleReason,
    bool IsBlocked,
    decimal? PriceBefore,
    DateTimeOffset? PriceUntil,
    long? Stock,
    IReadOnlyList<string> Marks);

/// <summary>How a trial went.</summary>
/// <param name="Visitors">Unique visitors, day by day; null when the shop has none on record.</param>
/// <param name="Buyers">Users who ordered; an order without a customer counts as a user of its own.</param>
public sealed record TrialFigures(string StockCode, DateTimeOffset From, DateTimeOffset To, long? Visitors, long Buyers, long Orders, long Units, long Returned, decimal Revenue, long? Stock);
