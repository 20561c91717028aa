using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 3.3: 24, 48 or 72 hours from the carrier's pick-up, a warning at 80 %, one coupon when late. The boundaries are in DeliveryLimitsTests.</summary>
public abstract class DeliveryTimeMonitoringTests(DatabaseKind kind)
{
    private const string Header = "OrderNo,Customer,Mobile,CityTier,Carrier,Waybill,PlacedAt,PaidAt,DispatchedAt,DeliveredAt,State,Amount\n";

    [Fact]
    public async Task A_parcel_is_warned_of_compensated_once_and_followed_until_it_arrives_or_is_lost()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 10:00");
        await scenario.ImportAsync("orders", Header
            + "SO-1,C-1,,一线,中通,Z1,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,,dispatched,59\n"
            + "SO-2,C-2,,二线,圆通,Y2,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,,dispatched,59\n"
            + "SO-3,C-3,,一线,中通,Z3,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,,dispatched,59\n");
        var (late, far, lost) = (await scenario.CaseOfAsync("delivery_time_monitoring", "SO-1"), await scenario.CaseOfAsync("delivery_time_monitoring", "SO-2"), await scenario.CaseOfAsync("delivery_time_monitoring", "SO-3"));

        // 80 % of a day is 19 h 12 min.
        scenario.LookAt(late);
        await scenario.AtAsync("2026-11-24 05:11");
        Assert.Empty(await scenario.MessagesAsync("supply_chain_manager", "email"));
        await scenario.AtAsync("2026-11-24 05:13");
        await scenario.ToldAsync("supply_chain_manager", "email", "即将超过送达时限");

        // At 24 hours: one coupon, an hour for the carrier. The other city has a day more.
        await scenario.AtAsync("2026-11-24 10:00:30");
        await scenario.BuyerToldAsync("SO-1", "已为您发放5元无门槛优惠券");
        var given = Assert.Single((await scenario.OrderAsync("SO-1"))["compensations"]!.AsArray())!;
        Assert.Equal(("物流延误", 5m), ((string)given["cause"]!, (decimal)given["amount"]!));
        Assert.Empty((await scenario.OrderAsync("SO-2"))["messages"]!.AsArray());
        await scenario.CompleteAsync("supply_chain_manager", "联系物流公司查件", new { state = "运输中", reason = "大雪", newDate = "2026-11-26" });
        await scenario.BuyerToldAsync("SO-1", "预计2026-11-26送达");
        scenario.LookAt(lost);
        await scenario.CompleteAsync("supply_chain_manager", "联系物流公司查件", new { state = "已丢失", reason = "分拨中心查无此件" });
        Assert.Equal("lost", await scenario.EndStateAsync());
        scenario.LookAt(await scenario.CaseOfAsync("order_exception", "SO-3"));
        await scenario.TaskAsync("cs_agent", "答复订单异常");

        // An export tells that both arrived; the one is in time, and the other late and not paid for again by the search for late orders.
        await scenario.ImportAsync("orders", Header
            + "SO-1,C-1,,一线,中通,Z1,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,2026-11-24 11:30:00,delivered,59\n"
            + "SO-2,C-2,,二线,圆通,Y2,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,2026-11-24 12:00:00,delivered,59\n");
        await scenario.AtAsync("2026-11-24 12:01");
        scenario.LookAt(late);
        Assert.Equal("late_compensated", await scenario.EndStateAsync());
        Assert.Equal(1.5, (double)(await scenario.CaseAsync())["output"]!["hoursLate"]!, 0.01);
        Assert.Single((await scenario.OrderAsync("SO-1"))["compensations"]!.AsArray());
        await scenario.AtAsync("2026-11-25 10:01");
        scenario.LookAt(far);
        Assert.Equal("on_time", await scenario.EndStateAsync());
        Assert.Empty((await scenario.OrderAsync("SO-2"))["compensations"]!.AsArray());
    }
}

public sealed class SqliteDeliveryTimeMonitoringTests() : DeliveryTimeMonitoringTests(DatabaseKind.Sqlite);

public sealed class PostgresDeliveryTimeMonitoringTests() : DeliveryTimeMonitoringTests(DatabaseKind.Postgres);
