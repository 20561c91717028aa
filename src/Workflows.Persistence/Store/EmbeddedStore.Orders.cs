using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Orders: brought in, searched for late ones, cancelled, and their customers written to.
/// </summary>
/// <remarks>
/// What can go wrong: a search for late orders runs twice, or its host dies between the search and what is started for each order. The rule: what
/// a search answers is written down in the transaction of the search, under a key of order and cause; the same search asked again is
/// answered the same list (the operation's own key), any other search what is left.
/// </remarks>
public sealed partial class EmbeddedStore : IStoreOrders
{
    private const int MostClaimed = 1_000;

    private static readonly Column<Order>[] OrderColumns =
    [
        Column.Text<Order>("order_no", o => o.OrderNo),
        Column.Text<Order>("customer", o => o.Customer),
        Column.Text<Order>("mobile", o => o.Mobile),
        Column.Text<Order>("city_tier", o => o.CityTier),
        Column.Text<Order>("supplier_code", o => o.SupplierCode),
        Column.Text<Order>("carrier", o => o.Carrier),
        Column.Text<Order>("waybill", o => o.Waybill),
        Column.Number<Order>("placed_at", o => Instants.ToMicros(o.PlacedAt)),
        Column.Number<Order>("paid_at", o => Instants.ToMicros(o.PaidAt)),
        Column.Number<Order>("approved_at", o => Instants.ToMicros(o.ApprovedAt)),
        Column.Number<Order>("promised_dispatch_at", o => Instants.ToMicros(o.PromisedDispatchAt)),
        Column.Number<Order>("promised_delivery_at", o => Instants.ToMicros(o.PromisedDeliveryAt)),
        Column.Number<Order>("dispatched_at", o => Instants.ToMicros(o.DispatchedAt)),
        Column.Number<Order>("delivered_at", o => Instants.ToMicros(o.DeliveredAt)),
        Column.Text<Order>("state", o => o.State),
        Column.Number<Order>("amount_fen", o => o.AmountFen),
    ];

    public Task<int> SaveAsync(IReadOnlyList<Order> orders, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_orders", orders, o => o.OrderNo, OrderColumns, cancellationToken);

    public Task<Order?> FindOrderAsync(string orderNo, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindOrderAsync(session, orderNo, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<OrderNotice>> ListOrderNoticesAsync(string orderNo, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_order_notices",
        new() { ["order_no"] = orderNo },
        row => new OrderNotice(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4)),
        cancellationToken);

    private static async Task<StoreOutcome> ReadOrderAsync(Session session, StoreOperation.ReadOrder read, CancellationToken cancellationToken)
    {
        if (await FindOrderAsync(session, read.OrderNo.Trim(), cancellationToken) is not { } order)
            return new StoreOutcome.Done(new JsonObject { ["found"] = false, ["order"] = read.OrderNo });
        var result = order.ToJson();
        result["found"] = true;
        if (order.SupplierCode is { } code)
        {
            result["supplierContact"] = await session.FirstAsync(
                "store_order_supplier",
                new() { ["code"] = code },
                row => new JsonObject { ["code"] = row.GetString(0), ["name"] = row.GetString(1), ["email"] = row.TextOrNull(2), ["mobile"] = row.TextOrNull(3) },
                cancellationToken);
        }

        return new StoreOutcome.Done(result);
    }

    private async Task<StoreOutcome> ClaimLateOrdersAsync(Session session, StoreOperation.ClaimLateOrders claim, CancellationToken cancellationToken)
    {
        if (claim.Limit is < 1 or > MostClaimed)
            return new StoreOutcome.Refused($"每次查找须为 1 到 {MostClaimed} 单 (1 to {MostClaimed} orders at once)");
        if (Given(claim.Cause) is not { } cause)
            return new StoreOutcome.Refused("查找迟到订单须写明补偿原因 (the cause is missing)");
        var args = new SqlArgs { ["cause"] = cause, ["by"] = claim.By, ["at"] = clock.GetUtcNow(), ["since"] = claim.Since, ["limit"] = claim.Limit };
        await session.ExecuteAsync("store_claim_late_orders", args, cancellationToken);
        var orders = await session.QueryAsync("store_claimed_orders", new() { ["by"] = claim.By }, ReadOrderRow, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["items"] = new JsonArray([.. orders.Select(o => (JsonNode)o.ToJson())]) });
    }

    private async Task<StoreOutcome> WatchOrderAsync(Session session, StoreOperation.WatchOrder watch, CancellationToken cancellationToken)
    {
        if (watch.Watch is not (OrderWatch.Dispatch or OrderWatch.Delivery or OrderWatch.Extension))
            return NoWatch(watch.Watch);
        if (await FindOrderAsync(session, watch.OrderNo, cancellationToken) is not { } order)
            return NoOrder(watch.OrderNo);
        var args = new SqlArgs { ["order_no"] = order.OrderNo, ["cause"] = CauseOf(watch.Watch), ["by"] = watch.By, ["at"] = clock.GetUtcNow() };
        return new StoreOutcome.Done(new JsonObject { ["order"] = order.OrderNo, ["begun"] = await session.ExecuteAsync("store_watch_order", args, cancellationToken) == 1 });
    }

    private static async Task<StoreOutcome> FindOrdersToWatchAsync(Session session, StoreOperation.FindOrdersToWatch find, CancellationToken cancellationToken)
    {
        if (find.Watch is not (OrderWatch.Dispatch or OrderWatch.Delivery))
            return NoWatch(find.Watch);
        if (find.Limit is < 1 or > MostClaimed)
            return new StoreOutcome.Refused($"每次查找须为 1 到 {MostClaimed} 单 (1 to {MostClaimed} orders at once)");
        var args = new SqlArgs { ["cause"] = CauseOf(find.Watch), ["since"] = find.Since, ["after"] = find.After ?? "", ["limit"] = find.Limit };
        var orders = await session.QueryAsync(find.Watch == OrderWatch.Dispatch ? "store_undispatched_orders" : "store_undelivered_orders", args, row => row.GetString(0), cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["orders"] = Texts(orders) });
    }

    private static StoreOutcome.Refused NoWatch(string watch) => new($"没有“{watch}”这种订单监控 (unknown watch)");

    /// <summary>Watches stand beside searches, under words that no compensation has.</summary>
    private static string CauseOf(string watch) => "watch:" + watch;

    private static async Task<StoreOutcome> ReleaseOrdersAsync(Session session, StoreOperation.ReleaseOrders release, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["released"] = await session.ExecuteAsync("store_release_orders", new() { ["by"] = release.By }, cancellationToken) });

    private async Task<StoreOutcome> CancelOrderAsync(Session session, StoreOperation.CancelOrder cancel, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["order_no"] = cancel.OrderNo, ["by"] = cancel.By, ["reason"] = cancel.Reason, ["at"] = clock.GetUtcNow() };
        var changed = await session.ExecuteAsync("store_cancel_order", args, cancellationToken) == 1;
        return await FindOrderAsync(session, cancel.OrderNo, cancellationToken) switch
        {
            null => NoOrder(cancel.OrderNo),
            { State: OrderState.Cancelled } order => new StoreOutcome.Done(new JsonObject { ["order"] = order.OrderNo, ["cancelled"] = changed, ["refunded"] = (order.RefundedFen ?? 0) / 100m }),
            _ => new StoreOutcome.Refused($"订单 {cancel.OrderNo} 已发货，不能取消，请走退货 (it was dispatched; that is a return)"),
        };
    }

    private static async Task<StoreOutcome> ReinstateOrderAsync(Session session, StoreOperation.ReinstateOrder reinstate, CancellationToken cancellationToken)
    {
        var changed = await session.ExecuteAsync("store_reinstate_order", new() { ["order_no"] = reinstate.OrderNo, ["by"] = reinstate.By }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["order"] = reinstate.OrderNo, ["reinstated"] = changed == 1 });
    }

    private async Task<StoreOutcome> TellBuyerAsync(Session session, StoreOperation.TellBuyer tell, CancellationToken cancellationToken)
    {
        if (await FindOrderAsync(session, tell.OrderNo, cancellationToken) is not { } order)
            return NoOrder(tell.OrderNo);
        var now = clock.GetUtcNow();
        var notice = new SqlArgs { ["id"] = tell.Notice, ["order_no"] = order.OrderNo, ["title"] = tell.Title, ["body"] = tell.Body, ["at"] = now };
        if (await session.ExecuteAsync("store_add_order_notice", notice, cancellationToken) == 1 && order.Mobile is { } mobile)
            await QueueSmsAsync(session, tell.Notice, mobile, tell.Body, now, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["notice"] = tell.Notice, [Sms] = order.Mobile is not null });
    }

    private static StoreOutcome.Refused NoOrder(string orderNo) => new($"没有订单号为 {orderNo} 的订单 (no such order)");

    private static Task<Order?> FindOrderAsync(Session session, string orderNo, CancellationToken cancellationToken) =>
        session.FirstAsync("store_find_order", new() { ["order_no"] = orderNo }, ReadOrderRow, cancellationToken);

    private static Order ReadOrderRow(DbDataReader row) => new(
        row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.Instant(7), row.InstantOrNull(8), row.InstantOrNull(9),
        row.InstantOrNull(10), row.InstantOrNull(11), row.InstantOrNull(12), row.InstantOrNull(13), row.GetString(14), row.IsDBNull(15) ? null : row.GetInt64(15),
        row.InstantOrNull(16), row.TextOrNull(17), row.IsDBNull(18) ? null : row.GetInt64(18));
}
