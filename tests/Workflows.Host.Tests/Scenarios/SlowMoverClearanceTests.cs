using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Schedules;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 2.3: what did not sell for 30 days, or sold at most 5 % of its stock, is cleared, kept or returned.</summary>
public abstract class SlowMoverClearanceTests(DatabaseKind kind)
{
    private const string Review = "滞销品逐项决定";
    private const string SalesHeader = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    [Fact]
    public async Task E_11_slow_movers()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var scan = await OpenShopAsync(scenario);
        await scenario.AtAsync(scan);
        await scenario.BeginAsync("product_ops_manager", "slow_mover_clearance", new { });

        // A and B are listed; C sold 6 of 100, D is in trial.
        var task = await scenario.TaskAsync("product_ops_manager", Review);
        await scenario.ToldAsync("product_ops_manager", "email", "E11-A 陶罐（长期未售出");
        await scenario.ToldAsync("product_ops_manager", "email", "E11-B 竹篮（动销率低");
        var list = Assert.Single(await scenario.MessagesAsync("product_ops_manager", "email"), m => m.Contains("本月滞销品共", StringComparison.Ordinal));
        Assert.DoesNotContain("E11-C", list, StringComparison.Ordinal);
        Assert.DoesNotContain("E11-D", list, StringComparison.Ordinal);

        // Three working days: Friday 18:00. A minute before, the director knows nothing; then they do.
        var due = new DateTimeOffset(scan.Date.AddDays(3).AddHours(18), ShopDays.Zone);
        Assert.Equal(due, (DateTimeOffset)task["dueAt"]!);
        await scenario.AtAsync(due.AddMinutes(-1));
        Assert.Empty(await scenario.MessagesAsync("ops_director", "sms"));
        await scenario.AtAsync(due.AddMinutes(1));
        await scenario.ToldAsync("ops_director", "sms", Review);

        // A clearance without a price comes back at once. Below cost the director must agree; they do not, and nothing changed on sale.
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, new { stockCode = "E11-A", decision = "清仓" }, Keep("E11-B")));
        Assert.Contains("E11-A 须填写不高于现价的清仓价", (await scenario.TaskAsync("product_ops_manager", Review)).ToJsonString(Plain), StringComparison.Ordinal);
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, new { stockCode = "E11-A", decision = "清仓", price = 20 }, new { stockCode = "E11-B", decision = "清仓", price = 40 }));
        await scenario.DecideAsync("ops_director", "审批低于成本的清仓价", "reject", "价格过低");
        await scenario.ToldAsync("product_ops_manager", "email", "价格过低");
        Assert.Equal((50m, null), await PriceAsync(scenario, "E11-A"));
        Assert.Empty((await scenario.ProductAsync("E11-A"))["product"]!["marks"]!.AsArray());

        // A new price, still below cost, is approved: finance is told, replenishment stops, the price carries its end.
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, new { stockCode = "E11-A", decision = "清仓", price = 25 }, new { stockCode = "E11-B", decision = "清仓", price = 40 }));
        await scenario.DecideAsync("ops_director", "审批低于成本的清仓价", "approve", "同意");
        await scenario.ToldAsync("finance", "email", "E11-A 清仓价 25 元，成本 30 元");
        await scenario.TaskAsync("campaign_ops_manager", "上线清仓活动");
        var (price, until) = await PriceAsync(scenario, "E11-A");
        Assert.Equal(25m, price);
        Assert.Equal(40m, (await PriceAsync(scenario, "E11-B")).Price);
        Assert.Equal(["no-replenishment"], Marks(await scenario.ProductAsync("E11-A")));
        await scenario.CompleteAsync("campaign_ops_manager", "上线清仓活动", new { name = "年末清仓" });

        // A sells out, B does not. At the end A keeps its price and goes off sale; B is back at the old price and somebody decides about the rest.
        await scenario.ImportAsync("sales", SalesHeader + Sale("S-9", "E11-A", 40, until!.Value.AddDays(-2), 25));
        await scenario.AtAsync(until.Value.AddMinutes(-1));
        Assert.Equal(25m, (await PriceAsync(scenario, "E11-A")).Price);
        await scenario.AtAsync(until.Value.AddMinutes(1));
        await scenario.TaskAsync("product_ops_manager", "处理清仓余货");
        Assert.Equal((25m, null), await PriceAsync(scenario, "E11-A"));
        Assert.Equal("清仓售罄", (string?)(await scenario.ProductAsync("E11-A"))["product"]!["offSaleReason"]);
        Assert.Equal((60m, null), await PriceAsync(scenario, "E11-B"));
        Assert.Null((await scenario.ProductAsync("E11-B"))["product"]!["offSaleAt"]);

        await scenario.CompleteAsync("product_ops_manager", "处理清仓余货", new { way = "捆绑销售" });
        Assert.Equal("partly_cleared", await scenario.EndStateAsync());
        await scenario.ToldAsync("finance", "email", "售罄 1 个，余货 1 个");
    }

    [Fact]
    public async Task What_is_kept_or_returned_changes_nothing_on_sale()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.AtAsync(await OpenShopAsync(scenario));
        await scenario.BeginAsync("product_ops_manager", "slow_mover_clearance", new { });
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, Keep("E11-A"), new { stockCode = "E11-B", decision = "退回供应商" }));
        await scenario.CompleteAsync("supply_chain_manager", "把滞销品退回供应商", new { result = "供应商同意退货", amount = 1200 });

        Assert.Equal("returned", await scenario.EndStateAsync());
        Assert.Equal((50m, null), await PriceAsync(scenario, "E11-A"));
        Assert.Empty(Marks(await scenario.ProductAsync("E11-A")));
    }

    [Fact]
    public async Task Leftovers_are_cleared_once_more_and_then_written_off_by_finance_and_director()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.AtAsync(await OpenShopAsync(scenario));
        await scenario.BeginAsync("product_ops_manager", "slow_mover_clearance", new { });
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, new { stockCode = "E11-A", decision = "清仓", price = 35 }, Keep("E11-B")));
        await EndRoundAsync("第二轮清仓");

        // Only what is left comes back, at the old price.
        Assert.Equal((50m, null), await PriceAsync(scenario, "E11-A"));
        await scenario.CompleteAsync("product_ops_manager", Review, new { items = new[] { new { stockCode = "E11-A", decision = "清仓", price = 31 } } });
        await EndRoundAsync("报损");
        await scenario.DecideAsync("finance", "审批余货报损", "reject", "先问供应商");
        await scenario.CompleteAsync("product_ops_manager", "处理清仓余货", new { way = "报损" });
        await scenario.DecideAsync("finance", "审批余货报损", "approve", "同意");
        await scenario.DecideAsync("ops_director", "审批余货报损", "approve", "同意");

        Assert.Equal("written_off", await scenario.EndStateAsync());
        var product = (await scenario.ProductAsync("E11-A"))["product"]!;
        Assert.Equal(("余货报损", true), ((string?)product["offSaleReason"], (bool)product["isBlocked"]!));

        async Task EndRoundAsync(string way)
        {
            await scenario.CompleteAsync("campaign_ops_manager", "上线清仓活动", new { name = "清仓" });
            await scenario.AtAsync((await PriceAsync(scenario, "E11-A")).Until!.Value.AddMinutes(1));
            await scenario.CompleteAsync("product_ops_manager", "处理清仓余货", new { way });
        }
    }

    [Fact]
    public async Task Taking_the_clearance_back_restores_price_and_replenishment()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.AtAsync(await OpenShopAsync(scenario));
        await scenario.BeginAsync("product_ops_manager", "slow_mover_clearance", new { });
        await scenario.CompleteAsync("product_ops_manager", Review, await DecisionsAsync(scenario, new { stockCode = "E11-A", decision = "清仓", price = 35 }, Keep("E11-B")));
        await scenario.TaskAsync("campaign_ops_manager", "上线清仓活动");
        Assert.Equal(35m, (await PriceAsync(scenario, "E11-A")).Price);

        var answer = await (await scenario.AsAsync("super_admin")).PostAsync("/api/v1/events/slow_mover_clearance.taken_out", new { instanceId = scenario.Id, payload = new { reason = "转为季节备货" } });
        Assert.True(answer.Status is 200 or 202, answer.Body?.ToJsonString());

        Assert.Equal("taken_out", await scenario.EndStateAsync());
        Assert.Equal((50m, null), await PriceAsync(scenario, "E11-A"));
        Assert.Empty(Marks(await scenario.ProductAsync("E11-A")));
    }

    [Fact]
    public async Task The_scan_begins_by_itself_on_the_first_of_the_month_at_nine()
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        var definition = (await host.Service<IDefinitionStore>().ListTriggersAsync(Schedule.Types, TestContext.Current.CancellationToken)).Single(t => t.DefinitionId == "slow_mover_clearance");

        var next = Schedule.Of(definition, new DateTimeOffset(2026, 11, 15, 0, 0, 0, ShopDays.Zone))!.NextAfter(new DateTimeOffset(2026, 11, 15, 0, 0, 0, ShopDays.Zone));

        Assert.Equal(new DateTimeOffset(2026, 12, 1, 9, 0, 0, ShopDays.Zone), next);
    }

    /// <summary>A not sold for 30 days and 13 hours; B sold 5 of 100; C 6 of 100; D new, in trial, unsold. Answers when the scan is: a Tuesday, 09:00.</summary>
    private static async Task<DateTimeOffset> OpenShopAsync(Scenario scenario)
    {
        var scan = ShopDays.PlainWeekdayAfter(await scenario.NowAsync(), DayOfWeek.Tuesday);
        await scenario.ImportAsync("products", $"""
            StockCode,Name,Price,Cost,ListedAt
            E11-A,陶罐,50,30,{At(scan.AddDays(-200))}
            E11-B,竹篮,60,35,{At(scan.AddDays(-200))}
            E11-C,木碗,70,40,{At(scan.AddDays(-200))}
            E11-D,新款托盘,80,45,{At(scan.AddDays(-60))}
            """);
        await scenario.ImportAsync("stock", $"""
            StockCode,At,Kind,Quantity
            E11-A,{At(scan.AddDays(-30).AddHours(-20))},count,40
            E11-B,{At(scan.AddDays(-30).AddHours(-1))},count,100
            E11-C,{At(scan.AddDays(-30).AddHours(-1))},count,80
            E11-C,{At(scan.AddDays(-10))},received,20
            E11-D,{At(scan.AddDays(-59))},count,100
            """);
        await scenario.ImportAsync("sales", SalesHeader
            + Sale("S-0", "E11-A", 1, scan.AddDays(-30).AddHours(-21), 50) + Sale("S-1", "E11-A", 3, scan.AddDays(-30).AddHours(-13), 50)
            + Sale("S-2", "E11-B", 5, scan.AddDays(-20), 60) + Sale("S-3", "E11-C", 6, scan.AddDays(-20), 70));
        await scenario.PerformAsync(new Engine.Store.StoreOperation.MarkProducts("trial-case", "trial", ["E11-D"]));
        // Three were sold after the count.
        await scenario.ImportAsync("stock", $"StockCode,At,Kind,Quantity\nE11-A,{At(scan.AddDays(-30).AddHours(-12))},received,3\n");
        return scan;
    }

    private static string At(DateTimeOffset at) => at.ToOffset(ShopDays.Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Sale(string invoice, string code, int quantity, DateTimeOffset at, decimal price) => string.Create(CultureInfo.InvariantCulture, $"{invoice},{code},,{quantity},{At(at)},{price},C000001,中国\n");

    private static object Keep(string code) => new { stockCode = code, decision = "保留", reason = "下月有活动" };

    /// <summary>These decisions, and whatever else is on the list is kept.</summary>
    private static async Task<object> DecisionsAsync(Scenario scenario, params object[] decisions)
    {
        var task = await scenario.TaskAsync("product_ops_manager", Review);
        var view = (await (await scenario.AsAsync("product_ops_manager")).SendAsync(HttpMethod.Get, $"/api/v1/tasks/{(string)task["id"]!}")).Body!;
        var codes = Find(view, "items")!["items"]!["properties"]!["stockCode"]!["enum"]!.AsArray().Select(c => (string)c!);
        return new { items = decisions.Concat(codes.Where(c => !c.StartsWith("E11-", StringComparison.Ordinal)).Select(Keep)).ToArray() };
    }

    private static JsonNode? Find(JsonNode? node, string property) => node switch
    {
        JsonObject o => o["properties"] is JsonObject p && p.ContainsKey(property) && p[property]?["items"] is not null ? p[property] : o.Select(m => Find(m.Value, property)).FirstOrDefault(n => n is not null),
        JsonArray a => a.Select(n => Find(n, property)).FirstOrDefault(n => n is not null),
        _ => null,
    };

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task<(decimal Price, DateTimeOffset? Until)> PriceAsync(Scenario scenario, string code)
    {
        var product = (await scenario.ProductAsync(code))["product"]!;
        return ((decimal)product["price"]!, (DateTimeOffset?)product["priceUntil"]);
    }

    private static string[] Marks(JsonNode view) => [.. view["product"]!["marks"]!.AsArray().Select(m => (string)m!)];
}

public sealed class SqliteSlowMoverClearanceTests() : SlowMoverClearanceTests(DatabaseKind.Sqlite);

public sealed class PostgresSlowMoverClearanceTests() : SlowMoverClearanceTests(DatabaseKind.Postgres);
