using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 3.3: 24, 48 or 72 hours from the carrier's pick-up, a warning at 80 %, one coupon when late. The boundaries are in DeliveryLimitsTests.</summary>
public abstract class DeliveryTimeMonitoringTests(DatabaseKind kind)
{
    private const string Header = "OrderNo,Customer,Mobile,CityTier,Carrier,Waybill,PlacedAt,PaidAt,DispatchedAt,DeliveredAt,State,Amount\n";
    private const string Apply = "申请延长送达时限（不可抗力）";
    private const string Approve = "审批延长送达时限";
    private static readonly object Snow = new { reason = "暴雪", hours = 24, note = "高速封闭" };

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

    [Fact]
    public async Task Force_majeure_moves_the_limit_once_and_only_with_approval_before_it()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 10:00");
        await scenario.ImportAsync("orders", Header
            + "SO-1,C-1,,一线,中通,Z1,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,,dispatched,59\n"
            + "SO-2,C-2,,一线,圆通,Y2,2026-11-22 10:00:00,2026-11-22 10:01:00,2026-11-23 10:00:00,,dispatched,59\n");
        var (moved, kept) = (await scenario.CaseOfAsync("delivery_time_monitoring", "SO-1"), await scenario.CaseOfAsync("delivery_time_monitoring", "SO-2"));

        // Asked for by the department, for a listed reason and within the bounds; approved by the manager.
        await scenario.BeginAsync("supply_chain_dept", "delivery_time_monitoring", new { order = "SO-1", extend = true });
        Assert.NotEqual(200, await scenario.TryAsync("supply_chain_dept", Apply, "complete", form: new { reason = "暴雪", hours = 73, note = "高速封闭" }));
        Assert.NotEqual(200, await scenario.TryAsync("supply_chain_dept", Apply, "complete", form: new { reason = "太忙", hours = 24, note = "高速封闭" }));
        await scenario.CompleteAsync("supply_chain_dept", Apply, Snow);
        await scenario.DecideAsync("supply_chain_manager", Approve, "approve");
        Assert.Equal("extended", await scenario.EndStateAsync());
        await scenario.BuyerToldAsync("SO-1", "原因：暴雪。新的应送达时间：11月25日 10:00");

        // The manager's own goes one up. Neither a rejected one moves the limit nor a second one.
        await AskAsync(scenario, "SO-2", "reject");
        Assert.Equal("extension_rejected", await scenario.EndStateAsync());
        await AskAsync(scenario, "SO-1", "approve");
        Assert.Equal("not_extended", await scenario.EndStateAsync());

        // At the old limit the one is late; nothing moves it any more. The other is not even warned of.
        await scenario.AtAsync("2026-11-24 10:00:30");
        await scenario.BuyerToldAsync("SO-2", "已为您发放5元无门槛优惠券");
        await AskAsync(scenario, "SO-2", "approve");
        Assert.Equal("not_extended", await scenario.EndStateAsync());
        scenario.LookAt(kept);
        await scenario.ToldAsync("supply_chain_manager", "email", "即将超过送达时限");
        scenario.LookAt(moved);
        Assert.Empty(await scenario.MessagesAsync("supply_chain_manager", "email"));

        // 80 % of two days is 38 h 24 min; late after 48 hours and not before.
        await scenario.AtAsync("2026-11-25 00:23");
        Assert.Empty(await scenario.MessagesAsync("supply_chain_manager", "email"));
        await scenario.AtAsync("2026-11-25 00:25");
        await scenario.ToldAsync("supply_chain_manager", "email", "即将超过送达时限");
        await scenario.AtAsync("2026-11-25 09:59");
        Assert.Empty((await scenario.OrderAsync("SO-1"))["compensations"]!.AsArray());
        await scenario.AtAsync("2026-11-25 10:00:30");
        await scenario.BuyerToldAsync("SO-1", "已为您发放5元无门槛优惠券");
        await scenario.CompleteAsync("supply_chain_manager", "联系物流公司查件", new { state = "已丢失", reason = "分拨中心查无此件" });
        Assert.Equal("lost", await scenario.EndStateAsync());
        var extension = (await scenario.CaseAsync())["output"]!["extension"]!;
        Assert.Equal(("暴雪", "supply_chain_dept", "supply_chain_manager"), ((string)extension["reason"]!, (string)extension["appliedBy"]!, (string)extension["approvedBy"]!));
        Assert.Equal((Scenario.At("2026-11-24 10:00"), Scenario.At("2026-11-25 10:00")), ((DateTimeOffset)extension["oldDueAt"]!, (DateTimeOffset)extension["newDueAt"]!));
    }

    private static async Task AskAsync(Scenario scenario, string order, string decision)
    {
        await scenario.BeginAsync("supply_chain_manager", "delivery_time_monitoring", new { order, extend = true });
        await scenario.CompleteAsync("supply_chain_manager", Apply, Snow);
        await scenario.DecideAsync("ops_director", Approve, decision, "已核实路况");
    }
}

public sealed class SqliteDeliveryTimeMonitoringTests() : DeliveryTimeMonitoringTests(DatabaseKind.Sqlite);

public sealed class PostgresDeliveryTimeMonitoringTests() : DeliveryTimeMonitoringTests(DatabaseKind.Postgres);
