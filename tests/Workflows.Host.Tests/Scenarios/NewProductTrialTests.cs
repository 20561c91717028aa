using System.Globalization;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 2.2: seven days on sale decide; 3.00 % conversion is promoted, less is delisted, fewer than 100 visitors decide nothing.</summary>
public abstract class NewProductTrialTests(DatabaseKind kind)
{
    private const string SalesHeader = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    private const string Veto = "新品未达标：下架或推翻";
    private const string TooFew = "试销样本不足：延长或下架";

    [Fact]
    public async Task E_10_new_product_trial()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var monday = ShopDays.PlainWeekdayAfter(await scenario.NowAsync(), DayOfWeek.Monday);
        await GoodsAsync(scenario, "A", "B", "C", "D");
        await VisitsAsync(scenario, monday, ("A", 1_000), ("B", 10_000), ("C", 60));
        await scenario.ImportAsync("sales", SalesHeader + Sales("A", 30, monday.AddDays(1)) + Sales("B", 299, monday.AddDays(2)) + Sales("C", 4, monday.AddDays(3)));
        await scenario.AtAsync(monday);
        var (a, b, c, d) = (await BeginAsync(scenario, "A"), await BeginAsync(scenario, "B"), await BeginAsync(scenario, "C"), await BeginAsync(scenario, "D"));
        await scenario.ToldAsync("traffic_ops_manager", "email", "E10-D 已上架，开始试销");
        Assert.Equal(["trial"], (await scenario.ProductAsync("E10-A"))["product"]!["marks"]!.AsArray().Select(m => (string)m!));
        // What it costs the shop is for those who price and buy.
        Assert.Equal(40m, (decimal)(await scenario.ProductAsync("E10-A"))["product"]!["cost"]!);
        Assert.Null((await (await scenario.AsAsync("cs_agent")).SendAsync(HttpMethod.Get, "/api/v1/store/products/E10-A")).Body!["product"]!["cost"]);

        // D is recalled on day 3: off sale at once, its stock blocked, the opinion plan opened.
        await scenario.AtAsync(monday.AddDays(2).AddHours(3));
        Assert.True((await (await scenario.AsAsync("super_admin")).PostAsync("/api/v1/events/new_product_trial.quality", new { instanceId = d, payload = new { reason = "釉面含铅" } })).Status is 200 or 202);
        await scenario.CompleteAsync("ops_team", "启动商品舆情应急", new { started = "已联系用户" });
        Assert.Equal("stopped_for_quality", await scenario.EndStateAsync());
        await Condition.FoundAsync(async () => (bool)(await scenario.ProductAsync("E10-D"))["product"]!["isBlocked"]! ? "" : null, "the stock is not blocked", TestContext.Current.CancellationToken);
        Assert.Equal("质量问题：釉面含铅", (string?)(await scenario.ProductAsync("E10-D"))["product"]!["offSaleReason"]);
        Assert.NotNull((await scenario.ProductAsync("E10-D"))["coupons"]![0]!["endedAt"]);

        // Nothing is decided before seven days are over.
        await scenario.AtAsync(monday.AddDays(7).AddMinutes(-1));
        scenario.LookAt(a);
        Assert.Empty(await scenario.MessagesAsync("traffic_ops_manager", "sms"));
        await scenario.AtAsync(monday.AddDays(7).AddMinutes(5));

        // A: 3.00 %. Promotion and stock plan, both due a day after the result.
        var due = monday.AddDays(8);
        foreach (var (user, title) in new[] { ("traffic_ops_manager", "加大新品推广"), ("supply_chain_manager", "新品备货计划") })
            Assert.InRange((DateTimeOffset)(await scenario.TaskAsync(user, title))["dueAt"]!, due, due.AddMinutes(6));
        await scenario.ToldAsync("traffic_ops_manager", "email", "转化率 3%");
        await scenario.CompleteAsync("supply_chain_manager", "新品备货计划", new { quantity = 500 });

        // C: 60 visitors say nothing; the manager extends, once.
        scenario.LookAt(c);
        await scenario.CompleteAsync("product_ops_manager", TooFew, new { decision = "延长一次" });

        // B: 2.99 %. Nobody overrides within 24 hours: off sale, the offer off, buyers told. A's promotion is late by then, and the director hears of it.
        scenario.LookAt(b);
        await scenario.ToldAsync("product_ops_manager", "email", "转化率 2.99%");
        await scenario.TaskAsync("product_ops_manager", Veto);
        Assert.Null((await scenario.ProductAsync("E10-B"))["product"]!["offSaleAt"]);
        await scenario.AtAsync(monday.AddDays(8).AddMinutes(10));
        await scenario.TaskAsync("supply_chain_manager", "处理试销余货和预算");
        await Condition.FoundAsync(async () => (long?)(await scenario.ProductAsync("E10-B"))["messages"]!["site"] == 299 ? "" : null, "buyers are not told", TestContext.Current.CancellationToken);
        Assert.Equal("新品试销未达标", (string?)(await scenario.ProductAsync("E10-B"))["product"]!["offSaleReason"]);
        Assert.NotNull((await scenario.ProductAsync("E10-B"))["coupons"]![0]!["endedAt"]);
        Assert.Empty((await scenario.ProductAsync("E10-B"))["product"]!["marks"]!.AsArray());
        await scenario.CompleteAsync("supply_chain_manager", "处理试销余货和预算", new { way = "转滞销品清理", budget = 300 });
        await scenario.CompleteAsync("product_ops_manager", "新品试销复盘", new { note = "定价偏高" });
        Assert.Equal("delisted", await scenario.EndStateAsync());
        scenario.LookAt(a);
        await scenario.ToldAsync("ops_director", "sms", "加大新品推广");
        await scenario.CompleteAsync("traffic_ops_manager", "加大新品推广", new { plan = "首页推荐" });
        await scenario.CompleteAsync("product_ops_manager", "新品试销复盘", new { note = "达标" });

        // C again: no second extension.
        scenario.LookAt(c);
        await scenario.AtAsync(monday.AddDays(14).AddMinutes(20));
        var task = await scenario.TaskAsync("product_ops_manager", TooFew);
        Assert.Equal(422, (await (await scenario.AsAsync("product_ops_manager")).PostAsync($"/api/v1/tasks/{(string)task["id"]!}/complete", new { form = new { decision = "延长一次" } })).Status);
        await scenario.CompleteAsync("product_ops_manager", TooFew, new { decision = "下架" });
        await scenario.TaskAsync("supply_chain_manager", "处理试销余货和预算");

        // Thirty days after the promotion A is looked at again.
        scenario.LookAt(a);
        await scenario.AtAsync(monday.AddDays(39));
        Assert.Equal("promoted", await scenario.EndStateAsync());
    }

    [Theory]
    [InlineData("approve", "traffic_ops_manager", "加大新品推广", false)]
    [InlineData("reject", "supply_chain_manager", "处理试销余货和预算", true)]
    public async Task E_10_an_override_needs_a_reason_and_the_director(string decision, string user, string title, bool isDelisted)
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var monday = ShopDays.PlainWeekdayAfter(await scenario.NowAsync(), DayOfWeek.Monday);
        await GoodsAsync(scenario, "B");
        await VisitsAsync(scenario, monday, ("B", 10_000));
        await scenario.ImportAsync("sales", SalesHeader + Sales("B", 299, monday.AddDays(2)));
        await scenario.AtAsync(monday);
        await BeginAsync(scenario, "B");
        await scenario.AtAsync(monday.AddDays(7).AddMinutes(5));

        await scenario.CompleteAsync("product_ops_manager", Veto, new { decision = "推翻，加大推广", reason = "只差 0.01 个百分点，周末有直播" });
        await scenario.DecideAsync("ops_director", "审批推翻新品下架", decision, "已阅");

        await scenario.TaskAsync(user, title);
        Assert.Equal(isDelisted, await IsOffSaleAsync(scenario, "B", isDelisted));
    }

    [Fact]
    public async Task E_10_a_plan_of_nine_products_warns_and_starts_their_trials()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var goods = Enumerable.Range(1, 9).Select(n => $"P{n}").ToArray();
        await GoodsAsync(scenario, goods);
        await scenario.BeginAsync("product_ops_manager", "new_product_trial", new { plan = goods.Select(g => new { stockCode = $"E10-{g}", percentOff = 20 }).ToArray() });

        await scenario.ToldAsync("product_ops_manager", "sms", "本月新品计划共 9 款，应为 10 至 15 款");
        Assert.Equal("planned", await scenario.EndStateAsync());
        foreach (var code in goods)
            await Condition.FoundAsync(async () => (await scenario.ProductAsync($"E10-{code}"))["coupons"]!.AsArray().Count == 1 ? "" : null, $"no trial of {code}", TestContext.Current.CancellationToken);
    }

    private static async Task<bool> IsOffSaleAsync(Scenario scenario, string code, bool expected)
    {
        if (expected)
            await Condition.FoundAsync(async () => (await scenario.ProductAsync($"E10-{code}"))["product"]!["offSaleAt"] is null ? null : "", "it stays on sale", TestContext.Current.CancellationToken);
        return (await scenario.ProductAsync($"E10-{code}"))["product"]!["offSaleAt"] is not null;
    }

    private static async Task<string> BeginAsync(Scenario scenario, string code)
    {
        await scenario.BeginAsync("product_ops_manager", "new_product_trial", new { stockCode = $"E10-{code}", offer = "新品专属折扣", percentOff = 15 });
        await Condition.FoundAsync(async () => (await scenario.ProductAsync($"E10-{code}"))["coupons"]!.AsArray().Count == 1 ? "" : null, "the trial does not begin", TestContext.Current.CancellationToken);
        return scenario.Id;
    }

    private static Task GoodsAsync(Scenario scenario, params string[] codes) =>
        scenario.ImportAsync("products", "StockCode,Name,Price,Cost\n" + string.Concat(codes.Select(c => $"E10-{c},新品{c},99,40\n")));

    private static Task VisitsAsync(Scenario scenario, DateTimeOffset monday, params (string Code, int Visitors)[] visits) =>
        scenario.ImportAsync("product-visits", "StockCode,Day,Visitors\n" + string.Concat(visits.SelectMany(v => Enumerable.Range(0, 7).Select(
            d => string.Create(CultureInfo.InvariantCulture, $"E10-{v.Code},{monday.AddDays(d):yyyy-MM-dd},{(v.Visitors / 7) + (d == 0 ? v.Visitors % 7 : 0)}\n")))));

    /// <summary>One order each of so many users.</summary>
    private static string Sales(string code, int users, DateTimeOffset at) => string.Concat(Enumerable.Range(1, users).Select(
        n => string.Create(CultureInfo.InvariantCulture, $"N-{code}-{n},E10-{code},,1,{at.ToOffset(ShopDays.Zone):yyyy-MM-dd HH:mm:ss},99,E10-{code}-{n},中国\n")));
}

public sealed class SqliteNewProductTrialTests() : NewProductTrialTests(DatabaseKind.Sqlite);

public sealed class PostgresNewProductTrialTests() : NewProductTrialTests(DatabaseKind.Postgres);
