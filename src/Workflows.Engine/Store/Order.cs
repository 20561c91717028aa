using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>An order of a customer, as the seller back end tells it.</summary>
/// <param name="OrderNo">The shop's own number of it.</param>
/// <param name="CityTier">One of <see cref="CityTiers"/>; null when the address is not known.</param>
/// <param name="PaidAt">From here the dispatch clock counts (catalogue F-13).</param>
/// <param name="ApprovedAt">When the order was checked.</param>
/// <param name="PromisedDispatchAt">Of pre-sale goods, whose dispatch is promised for a time of its own.</param>
/// <param name="PromisedDeliveryAt">What the customer was told.</param>
/// <param name="DispatchedAt">Handed to the carrier.</param>
/// <param name="State">One of <see cref="OrderState"/>.</param>
/// <param name="AmountFen">What was paid, in 分; null when not known.</param>
/// <param name="RefundedFen">What went back when the shop cancelled it, in 分.</param>
public sealed record Order(
    string OrderNo,
    string? Customer,
    string? Mobile,
    string? CityTier,
    string? SupplierCode,
    string? Carrier,
    string? Waybill,
    DateTimeOffset PlacedAt,
    DateTimeOffset? PaidAt,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? PromisedDispatchAt,
    DateTimeOffset? PromisedDeliveryAt,
    DateTimeOffset? DispatchedAt,
    DateTimeOffset? DeliveredAt,
    string State,
    long? AmountFen,
    DateTimeOffset? CancelledAt = null,
    string? CancelReason = null,
    long? RefundedFen = null)
{
    /// <summary>Delivered after the promised instant, or still under way when it has passed. An order without a promise is never late.</summary>
    public bool IsLate(DateTimeOffset now) =>
        DeliveredAt > PromisedDeliveryAt || (DeliveredAt is null && PromisedDeliveryAt < now && State is (OrderState.Created or OrderState.Paid or OrderState.Dispatched));

    /// <summary>As processes read it: instants in ISO 8601, the amount in yuan.</summary>
    public JsonObject ToJson() => new()
    {
        ["order"] = OrderNo,
        ["customer"] = Customer,
        ["cityTier"] = CityTier,
        ["supplier"] = SupplierCode,
        ["carrier"] = Carrier,
        ["waybill"] = Waybill,
        ["placedAt"] = Text(PlacedAt),
        ["paidAt"] = Text(PaidAt),
        ["promisedDispatchAt"] = Text(PromisedDispatchAt),
        ["promisedDeliveryAt"] = Text(PromisedDeliveryAt),
        ["dispatchedAt"] = Text(DispatchedAt),
        ["deliveredAt"] = Text(DeliveredAt),
        ["state"] = State,
        ["amount"] = AmountFen / 100m,
    };

    private static string? Text(DateTimeOffset? at) => at?.ToString("O");
}

/// <summary>Where an order stands.</summary>
public static class OrderState
{
    public const string Created = "created";
    public const string Paid = "paid";
    public const string Dispatched = "dispatched";
    public const string Delivered = "delivered";
    public const string Cancelled = "cancelled";

    /// <summary>Cannot be delivered (缺货).</summary>
    public const string Unavailable = "unavailable";

    public static IReadOnlyList<string> All { get; } = [Created, Paid, Dispatched, Delivered, Cancelled, Unavailable];

    /// <summary>The words of exports for them; null for one nobody knows.</summary>
    public static string? Read(string word) => word switch
    {
        "created" or "待付款" => Created,
        "paid" or "approved" or "processing" or "invoiced" or "已付款" or "待发货" => Paid,
        "dispatched" or "shipped" or "已发货" => Dispatched,
        "delivered" or "已签收" or "交易成功" => Delivered,
        "cancelled" or "canceled" or "已取消" or "交易关闭" => Cancelled,
        "unavailable" or "缺货" => Unavailable,
        _ => null,
    };
}

/// <summary>How far away a customer lives (catalogue 3.3): each has its own limit from the carrier's pick-up to the delivery.</summary>
public static class CityTiers
{
    public const string First = "tier1";
    public const string Second = "tier2";
    public const string Remote = "remote";

    /// <summary>The words of exports for them; null for one nobody knows.</summary>
    public static string? Read(string word) => word switch
    {
        First or "一线" or "一线城市" => First,
        Second or "二线" or "二线城市" => Second,
        Remote or "偏远" or "偏远地区" or "其他" => Remote,
        _ => null,
    };
}

/// <summary>What an order is watched for.</summary>
public static class OrderWatch
{
    /// <summary>Until it leaves the house (catalogue 3.2).</summary>
    public const string Dispatch = "dispatch";

    /// <summary>Until it is with the customer (catalogue 3.3).</summary>
    public const string Delivery = "delivery";

    /// <summary>That its delivery limit was extended for force majeure, which is done once (catalogue 3.3).</summary>
    public const string Extension = "extension";
}

/// <summary>What the shop wrote to the customer of an order.</summary>
public sealed record OrderNotice(string Id, string OrderNo, string Title, string Body, DateTimeOffset At);

/// <summary>Which orders to list; null means any.</summary>
/// <param name="Number">The beginning of a number.</param>
/// <param name="State">One of <see cref="OrderState"/>.</param>
/// <param name="IsLate">As <see cref="Order.IsLate"/> says now.</param>
/// <param name="PlacedFrom">Placed at or after this.</param>
/// <param name="PlacedBefore">Placed before this.</param>
/// <param name="LateFirst">Puts the late ones before the others.</param>
/// <param name="After">The last order of the page before.</param>
public sealed record OrderFilter(
    string? Number = null, string? State = null, bool? IsLate = null, DateTimeOffset? PlacedFrom = null, DateTimeOffset? PlacedBefore = null, bool LateFirst = false, string? After = null, int Limit = 50);

/// <summary>Looking at orders.</summary>
public interface IStoreOrders
{
    /// <summary>Orders, the newest first, or the late ones before the others.</summary>
    Task<IReadOnlyList<Order>> ListOrdersAsync(OrderFilter filter, CancellationToken cancellationToken);

    /// <summary>An order; null when none of this number was brought in.</summary>
    Task<Order?> FindOrderAsync(string orderNo, CancellationToken cancellationToken);

    /// <summary>What the customer of an order was written, oldest first.</summary>
    Task<IReadOnlyList<OrderNotice>> ListOrderNoticesAsync(string orderNo, CancellationToken cancellationToken);

    /// <summary>Numbers of the complaints about an order, newest first.</summary>
    Task<IReadOnlyList<string>> ListComplaintsOfOrderAsync(string orderNo, CancellationToken cancellationToken);

    /// <summary>The whole order, with the record of who looked and why; null when there is none, and then nothing is recorded.</summary>
    Task<Order?> RevealOrderAsync(string orderNo, string by, string reason, CancellationToken cancellationToken);
}
