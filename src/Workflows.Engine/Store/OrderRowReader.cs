namespace Workflows.Engine.Store;

/// <summary>Orders. Times without a zone are the shop's; what is not in a file leaves what is known; an amount is in yuan.</summary>
internal sealed class OrderRows : RowReader<Order>
{
    public override IReadOnlyList<string> Required => ["OrderNo", "PlacedAt", "State"];

    protected override Order Make()
    {
        var stateWord = Text("State");
        var state = OrderState.Read(stateWord);
        if (state is null)
            Refuse($"没有订单状态“{stateWord}” (unknown state of an order)");
        var tierWord = Optional("CityTier");
        var tier = tierWord is null ? null : CityTiers.Read(tierWord);
        if (tierWord is not null && tier is null)
            Refuse($"没有城市级别“{tierWord}” (unknown city tier)");
        var approved = When("ApprovedAt");
        // Where a file does not tell payments, an order that was approved was paid.
        var paid = Has("PaidAt") ? When("PaidAt") : approved;
        return new Order(
            Text("OrderNo"), Optional("Customer"), Optional("Mobile"), tier, Optional("SupplierCode"), Optional("Carrier"), Optional("Waybill"), Instant("PlacedAt"), paid, approved,
            When("PromisedDispatchAt"), When("PromisedDeliveryAt"), When("DispatchedAt"), When("DeliveredAt"), state ?? "", Fen("Amount"));
    }

    private DateTimeOffset? When(string column) => Optional(column) is null ? null : Instant(column);

    private long? Fen(string column)
    {
        if (Optional(column) is null)
            return null;
        var yuan = Amount(column);
        if (yuan != decimal.Round(yuan, 2))
            Refuse($"{column} 超过两位小数 (more than two decimals)");
        return (long)(yuan * 100);
    }
}
