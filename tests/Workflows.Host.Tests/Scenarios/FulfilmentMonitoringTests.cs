using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 3.2: what is not dispatched 24 hours after its payment is paid for once, explained, and followed until it leaves or is cancelled.</summary>
public abstract class FulfilmentMonitoringTests(DatabaseKind kind)
{
    private const string Header = "OrderNo,Customer,Mobile,SupplierCode,PlacedAt,PaidAt,PromisedDispatchAt,DispatchedAt,State,Amount\n";

    [Fact]
    public async Task E_13_late_dispatch_paid_once()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-28 20:15");
        await scenario.ImportAsync("orders", Header
            + "SO-A,C-1,13800001111,S001,2026-11-28 20:10:00,2026-11-28 20:15:00,,,paid,59\n"
            + "SO-B,C-2,13800002222,S001,2026-11-28 20:10:00,2026-11-28 20:15:00,,,paid,88.50\n");
        // What comes in is watched, once: somebody who asks again, or an event that does, begins nothing.
        var (dispatched, late) = (await scenario.CaseOfAsync("fulfilment_monitoring", "SO-A"), await scenario.CaseOfAsync("fulfilment_monitoring", "SO-B"));
        await scenario.BeginAsync("supply_chain_manager", "fulfilment_monitoring", new { order = "SO-B" });
        Assert.Equal("already_watched", await scenario.EndStateAsync());

        // Dispatched a minute before the limit, the one is over.
        await scenario.AtAsync("2026-11-29 20:14");
        Assert.Equal(202, (await (await scenario.AsAsync("super_admin")).PostAsync("/api/v1/events/order.dispatched", new { correlationId = "SO-A", payload = new { } })).Status);
        scenario.LookAt(dispatched);
        Assert.Equal("in_time", await scenario.EndStateAsync());
        scenario.LookAt(late);
        Assert.Empty((await scenario.OrderAsync("SO-B"))["messages"]!.AsArray());

        // The other: at the limit one coupon and the explanation, and an hour for the supplier's answer.
        await scenario.AtAsync("2026-11-29 20:15:30");
        await scenario.BuyerToldAsync("SO-B", "已为您发放5元无门槛优惠券");
        Assert.Equal(("coupon", 5m), await scenario.OnlyCompensationAsync("SO-B"));
        Assert.Empty((await scenario.OrderAsync("SO-A"))["messages"]!.AsArray());
        var task = await scenario.TaskAsync("supply_chain_manager", "联系供应商并确定新的发货时间");
        Assert.Equal(Scenario.At("2026-11-29 21:15"), (DateTimeOffset)task["dueAt"]!, TimeSpan.FromSeconds(40));
        await scenario.ToldAsync("supply_chain_manager", "email", "SO-B");
        await scenario.CompleteAsync("supply_chain_manager", "联系供应商并确定新的发货时间", new { reason = "原料未到", newDate = "2026-12-02" });
        await scenario.BuyerToldAsync("SO-B", "2026-12-02发货");
        await scenario.CompleteAsync("cs_agent", "告知顾客新的发货时间并询问是否取消", new { answer = "继续等待" });

        // A complaint about the same delay links the coupon.
        await scenario.AtAsync("2026-11-30 09:00");
        await scenario.BeginAsync("cs_agent", "complaint_handling", new { customer = "C-2", order = "SO-B", description = "还没发货", channel = "电话" });
        await scenario.CompleteAsync("cs_agent", "投诉分类派单", new { verdict = "受理", @class = "物流", cause = "延迟发货", crisis = "否" });
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "正在催促供应商。" });
        await scenario.CompleteAsync("cs_agent", "制定投诉处理方案", new { solution = "优惠券", plan = "五元券", amount = 5 });
        await scenario.CompleteAsync("cs_agent", "征得投诉顾客同意", new { answer = "同意" });
        await scenario.TaskAsync("cs_agent", "执行投诉处理方案");
        Assert.Equal(("coupon", 5m), await scenario.OnlyCompensationAsync("SO-B"));

        // A day later somebody calls and offers to cancel; the customer does, and the money goes back once.
        scenario.LookAt(late);
        await scenario.AtAsync("2026-11-30 20:14");
        Assert.False(await scenario.HasTaskAsync("cs_agent", "电话联系顾客，可取消并退款"));
        await scenario.AtAsync("2026-11-30 20:15:30");
        await scenario.CompleteAsync("cs_agent", "电话联系顾客，可取消并退款", new { answer = "取消并退款" });
        Assert.Equal("cancelled_refunded", await scenario.EndStateAsync());
        var order = (await scenario.OrderAsync("SO-B"))["order"]!;
        Assert.Equal(("cancelled", 8_850), ((string)order["state"]!, (int)order["refundedFen"]!));
    }

    /// <summary>Boundary row of E-26, with what only an export tells: at the limit the shop's data decide, not what was heard.</summary>
    [Fact]
    public async Task Exports_end_a_watch_and_presale_goods_have_a_time_of_their_own()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-28 20:15");
        await scenario.ImportAsync("orders", Header
            + "SO-1,C-1,,,2026-11-28 20:10:00,2026-11-28 20:15:00,,,paid,59\n"
            + "SO-2,C-2,,,2026-11-28 20:10:00,2026-11-28 20:15:00,,,paid,59\n"
            + "SO-3,C-3,,,2026-11-28 20:10:00,2026-11-28 20:15:00,2026-11-30 12:00:00,,paid,59\n");
        var ids = new Dictionary<string, string>();
        foreach (var order in (string[])["SO-1", "SO-2", "SO-3"])
            ids[order] = await scenario.CaseOfAsync("fulfilment_monitoring", order);
        await scenario.BeginAsync("supply_chain_manager", "fulfilment_monitoring", new { order = "SO-9" });
        Assert.Equal("unknown_order", await scenario.EndStateAsync());
        await scenario.ToldAsync("supply_chain_manager", "email", "没有订单号为“SO-9”的订单");

        // Dispatched at 23 h 59 min, and told by an export: no late order. Not dispatched: late at 24 h, over within an hour of the export that tells it.
        await scenario.ImportAsync("orders", Header + "SO-1,C-1,,,2026-11-28 20:10:00,2026-11-28 20:15:00,,2026-11-29 20:14:00,已发货,59\n");
        await scenario.AtAsync("2026-11-29 20:15:30");
        scenario.LookAt(ids["SO-1"]);
        Assert.Equal("in_time", await scenario.EndStateAsync());
        await scenario.BuyerToldAsync("SO-2", "优惠券");
        await scenario.ImportAsync("orders", Header + "SO-2,C-2,,,2026-11-28 20:10:00,2026-11-28 20:15:00,,2026-11-29 20:45:00,已发货,59\n");
        await scenario.AtAsync("2026-11-29 21:16");
        scenario.LookAt(ids["SO-2"]);
        Assert.Equal("dispatched_late", await scenario.EndStateAsync());
        Assert.Equal(0.5, (double)(await scenario.CaseAsync())["output"]!["hoursLate"]!, 0.01);
        await scenario.BuyerToldAsync("SO-2", "您的订单已发货");

        // Pre-sale: nothing before its own time; whom the blacklist keeps from coupons gets the explanation alone. Nobody dispatches: the director hears of it.
        await scenario.PerformAsync(new Engine.Store.StoreOperation.Blacklist("e-1", "C-3", ["coupons"], "恶意退货", null));
        scenario.LookAt(ids["SO-3"]);
        await scenario.AtAsync("2026-11-30 11:59");
        Assert.Empty((await scenario.OrderAsync("SO-3"))["messages"]!.AsArray());
        await scenario.AtAsync("2026-11-30 12:00:30");
        await scenario.BuyerToldAsync("SO-3", "非常抱歉");
        Assert.Empty((await scenario.OrderAsync("SO-3"))["compensations"]!.AsArray());
        Assert.DoesNotContain(await scenario.MessagesAsync("ops_director", "sms"), m => m.Contains("多次超时", StringComparison.Ordinal));
        await scenario.AtAsync("2026-12-02 12:01");
        await scenario.ToldAsync("ops_director", "sms", "多次超时仍未发货");
        Assert.Equal(403, (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, "/api/v1/store/orders/SO-3")).Status);
    }
}

public sealed class SqliteFulfilmentMonitoringTests() : FulfilmentMonitoringTests(DatabaseKind.Sqlite);

public sealed class PostgresFulfilmentMonitoringTests() : FulfilmentMonitoringTests(DatabaseKind.Postgres);
