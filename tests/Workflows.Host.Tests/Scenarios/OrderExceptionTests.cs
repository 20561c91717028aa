using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 3.5: answered within 10 minutes and solved within 24 hours of the report; an order is cancelled and refunded once.</summary>
public abstract class OrderExceptionTests(DatabaseKind kind)
{
    private const string Orders = "OrderNo,Customer,Mobile,PlacedAt,PaidAt,DispatchedAt,DeliveredAt,State,Amount\n"
        + "SO-1,C-1,13800001111,2026-11-20 10:00:00,2026-11-20 10:01:00,2026-11-20 18:00:00,2026-11-23 10:00:00,delivered,59\n"
        + "SO-2,C-2,13800002222,2026-11-20 10:00:00,2026-11-20 10:01:00,2026-11-20 18:00:00,2026-11-23 10:00:00,delivered,59\n"
        + "SO-3,C-3,13800003333,2026-11-24 08:50:00,2026-11-24 08:51:00,,,paid,300.50\n";

    [Fact]
    public async Task E_21_order_exception()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 09:00");
        await scenario.ImportAsync("orders", Orders);

        // A number nobody has: said at once, and nothing begins.
        await BeginAsync(scenario, "SO-9", "错发商品");
        Assert.Equal("unknown_order", await scenario.EndStateAsync());
        await scenario.ToldAsync("cs_agent", "email", "没有订单号为“SO-9”的订单");

        // A duplicate, reported twice: above the limit the manager approves; cancelled and refunded once.
        await BeginAsync(scenario, "SO-3", "重复下单");
        await ReplyAsync(scenario);
        await CheckAsync(scenario, "重复下单", "取消并退款", 300.5m);
        await scenario.DecideAsync("cs_manager", "审批订单异常方案", "approve", "同意");
        await ConsentAsync(scenario);
        await scenario.BuyerToldAsync("SO-3", "已处理完毕");
        await BeginAsync(scenario, "SO-3", "重复下单");
        await ReplyAsync(scenario);
        await CheckAsync(scenario, "重复下单", "取消并退款", 0);
        await ConsentAsync(scenario);
        await scenario.TaskAsync("cs_agent", "回访订单异常顾客");
        var order = (await scenario.OrderAsync("SO-3"))["order"]!;
        Assert.Equal(("cancelled", 30_050, "重复下单"), ((string)order["state"]!, (int)order["refundedFen"]!, (string)order["cancelReason"]!));

        // Two wrong items, reported at nine.
        await BeginAsync(scenario, "SO-1", "错发商品");
        var kept = scenario.Id;
        await BeginAsync(scenario, "SO-2", "错发商品");
        var late = scenario.Id;
        await scenario.BuyerToldAsync("SO-2", "正在核实");
        Assert.Equal([("订单异常答复", 10 / 60.0), ("订单异常解决", 24.0)], await scenario.ClocksAsync());
        await scenario.AtAsync("2026-11-24 09:04");
        Assert.DoesNotContain(await scenario.MessagesAsync("cs_agent", "sms"), m => m.Contains("订单异常答复", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-24 09:09");
        await scenario.ToldAsync("cs_agent", "sms", "订单异常答复");
        foreach (var id in (string[])[kept, late])
        {
            scenario.LookAt(id);
            await ReplyAsync(scenario);
            await CheckAsync(scenario, "错发商品", "补发正确商品", 59);
            await ConsentAsync(scenario);
        }

        // The one is sent next day at 08:50: both limits kept.
        await scenario.AtAsync("2026-11-25 08:50");
        scenario.LookAt(kept);
        await ShipAsync(scenario);
        await scenario.BuyerToldAsync("SO-1", "已处理完毕");
        Assert.DoesNotContain(await scenario.ClockStatesAsync(), c => c.Value.Contains("Breached", StringComparison.Ordinal));
        Assert.Equal(("reshipment", 59m), await scenario.OnlyCompensationAsync("SO-1"));
        await scenario.CompleteAsync("cs_agent", "回访订单异常顾客", new { result = "满意" });
        Assert.Equal("solved", await scenario.EndStateAsync());

        // The other is not: the manager at nine, the director at twenty-one.
        scenario.LookAt(late);
        Assert.DoesNotContain(await scenario.MessagesAsync("cs_manager", "sms"), m => m.Contains("订单异常解决", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-25 09:01");
        await scenario.ToldAsync("cs_manager", "sms", "订单异常解决");
        await scenario.AtAsync("2026-11-25 20:59");
        Assert.DoesNotContain(await scenario.MessagesAsync("ops_director", "sms"), m => m.Contains("订单异常解决", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-25 21:01");
        await scenario.ToldAsync("ops_director", "sms", "订单异常解决");
        await ShipAsync(scenario);
        await scenario.CompleteAsync("cs_agent", "回访订单异常顾客", new { result = "不满意", note = "太慢" });
        Assert.Equal("to_complaint", await scenario.EndStateAsync());
        Assert.Contains("Breached", (await scenario.ClockStatesAsync())["订单异常解决"], StringComparison.Ordinal);
        await scenario.ChildAsync("complaint_handling");
    }

    private static Task BeginAsync(Scenario scenario, string order, string kind) =>
        scenario.BeginAsync("cs_agent", "order_exception", new { order, kind, description = kind, evidence = "照片 1 张", source = "顾客" });

    private static Task ReplyAsync(Scenario scenario) => scenario.CompleteAsync("cs_agent", "答复订单异常", new { reply = "已收到，一小时内给您结果。" });

    private static Task CheckAsync(Scenario scenario, string kind, string solution, decimal amount) =>
        scenario.CompleteAsync("cs_agent", "核实订单异常并定方案", new { verdict = "属实", kind, solution, amount });

    private static Task ConsentAsync(Scenario scenario) => scenario.CompleteAsync("cs_agent", "征得顾客同意订单方案", new { answer = "同意" });

    private static Task ShipAsync(Scenario scenario) => scenario.CompleteAsync("cs_agent", "寄出正确商品并安排取回", new { waybill = "SF1000000001", pickup = "上门取回" });
}

public sealed class SqliteOrderExceptionTests() : OrderExceptionTests(DatabaseKind.Sqlite);

public sealed class PostgresOrderExceptionTests() : OrderExceptionTests(DatabaseKind.Postgres);
