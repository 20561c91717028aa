using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 2.7: off sale at once and blocked for quality, otherwise after approval; buyers are told and the cause is found.</summary>
public abstract class ProductDelistingTests(DatabaseKind kind)
{
    private static readonly string[] Cups = ["Q1"];
    private static readonly string[] Umbrellas = ["Q2"];

    [Fact]
    public async Task For_quality_the_product_goes_at_once_and_its_stock_is_blocked()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.ImportAsync("products", "StockCode,Name\nQ1,保温杯\n");
        await scenario.BeginAsync("ops_team", "product_delisting", new { stockCodes = Cups, reason = "漏水", isQuality = true });

        await scenario.ToldAsync("ops_director", "sms", "商品 Q1 因质量问题已下架，库存已冻结。原因：漏水。");
        var product = (await scenario.ProductAsync("Q1"))["product"]!;
        Assert.Equal(("漏水", true), ((string?)product["offSaleReason"], (bool)product["isBlocked"]!));
        await scenario.CompleteAsync("supply_chain_manager", "处置冻结库存", new { way = "送检", pieces = 120 });
        await scenario.CompleteAsync("product_ops_manager", "下架原因分析与措施", new { cause = "密封圈批次不良", measure = "更换供应商" });
        Assert.Equal("delisted", await scenario.EndStateAsync());
    }

    [Fact]
    public async Task Otherwise_the_product_manager_decides_first()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.ImportAsync("products", "StockCode,Name\nQ2,雨伞\n");
        await scenario.BeginAsync("supply_chain_manager", "product_delisting", new { stockCodes = Umbrellas, reason = "缺货" });
        await scenario.TaskAsync("product_ops_manager", "审批商品下架");
        Assert.Null((await scenario.ProductAsync("Q2"))["product"]!["offSaleAt"]);
        await scenario.DecideAsync("product_ops_manager", "审批商品下架", "reject", "三日内到货");
        Assert.Equal("cancelled", await scenario.EndStateAsync());
        Assert.Null((await scenario.ProductAsync("Q2"))["product"]!["offSaleAt"]);

        await scenario.BeginAsync("supply_chain_manager", "product_delisting", new { stockCodes = Umbrellas, reason = "停产" });
        await scenario.DecideAsync("product_ops_manager", "审批商品下架", "approve", "同意");
        await scenario.CompleteAsync("product_ops_manager", "下架原因分析与措施", new { cause = "工厂停产", measure = "寻找替代款" });
        Assert.Equal("delisted", await scenario.EndStateAsync());
        Assert.Equal("停产", (string?)(await scenario.ProductAsync("Q2"))["product"]!["offSaleReason"]);
    }
}

public sealed class SqliteProductDelistingTests() : ProductDelistingTests(DatabaseKind.Sqlite);

public sealed class PostgresProductDelistingTests() : ProductDelistingTests(DatabaseKind.Postgres);
