using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Operations on products: each once per key, each undo only for what its own step did.</summary>
public abstract class GoodsContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private async Task<ProductState> ProductAsync(string code) => Assert.Single(await Shop.ListProductsAsync([code], null, 10, Token));

    private Task<int> StockAsync(string code, long pieces, int daysAgo) => Shop.SaveAsync([new StockEntry(code, A.Now.AddDays(-daysAgo), StockEntry.Count, pieces)], Token);

    private async Task OpenGoodsAsync()
    {
        await Shop.SaveAsync([new Product("A1", "盘子", 50, null, 30, A.Now.AddDays(-90)), new Product("B2", "杯子", 20, null, 12, A.Now.AddDays(-90)), new Product("C3", "碗", null, null)], Token);
        await StockAsync("A1", 100, 60);
    }

    [Fact]
    public async Task A_price_for_a_time_carries_its_end_and_its_undo_brings_the_old_one_back()
    {
        await OpenGoodsAsync();
        var change = new StoreOperation.ChangePrices("i-7", [new("A1", 25), new("B2", 10)], A.Now.AddDays(30));
        await DoAsync(change, "k");
        await DoAsync(change, "k");
        var product = await ProductAsync("A1");
        Assert.Equal((25m, 50m, A.Now.AddDays(30)), (product.Price, product.PriceBefore, product.PriceUntil));

        // Another case can neither set a second price nor end this one; an import meanwhile changes what it goes back to.
        Assert.Contains("A1", await RefusalAsync(new StoreOperation.ChangePrices("i-8", [new("A1", 5)], A.Now.AddDays(3))), StringComparison.Ordinal);
        await DoAsync(new StoreOperation.EndPrices("i-8"));
        await Shop.SaveAsync([new Product("A1", "盘子", 55, null)], Token);
        Assert.Equal(25m, (await ProductAsync("A1")).Price);

        await DoAsync(new StoreOperation.EndPrices("i-7", ["B2"], Stay: true));
        await DoAsync(new StoreOperation.EndPrices("i-7"));
        Assert.Equal((55m, null, 30m), ((await ProductAsync("A1")).Price, (await ProductAsync("A1")).PriceUntil, (await ProductAsync("A1")).Cost));
        Assert.Equal((10m, null), ((await ProductAsync("B2")).Price, (await ProductAsync("B2")).PriceUntil));
    }

    [Fact]
    public async Task Prices_are_refused_as_a_whole()
    {
        await OpenGoodsAsync();
        Assert.Contains("X9", await RefusalAsync(new StoreOperation.ChangePrices("i-1", [new("A1", 5), new("X9", 5)], A.Now.AddDays(1))), StringComparison.Ordinal);
        Assert.Contains("结束时间", await RefusalAsync(new StoreOperation.ChangePrices("i-1", [new("A1", 5)], A.Now)), StringComparison.Ordinal);
        Assert.Contains("小于 0", await RefusalAsync(new StoreOperation.ChangePrices("i-1", [new("A1", -1)], A.Now.AddDays(1))), StringComparison.Ordinal);
        Assert.Equal(50m, (await ProductAsync("A1")).Price);
    }

    [Fact]
    public async Task A_product_is_marked_while_a_complaint_about_it_is_open()
    {
        await OpenGoodsAsync();
        await DoAsync(new StoreOperation.RecordComplaint("c-1", A.Now, "C1", null, null, "电话", "商品质量", null, "碎了", null, "A1"));
        await DoAsync(new StoreOperation.RecordComplaint("c-2", A.Now, "C2", null, null, "电话", "商品质量", null, "没听说过的商品", null, "X9"));
        Assert.Equal([ProductMarks.Complaint], (await ProductAsync("A1")).Marks);
        foreach (var (state, isMarked) in new[] { (ComplaintState.Replied, true), (ComplaintState.Solved, false), (ComplaintState.Reopened, true), (ComplaintState.Dispute, true), (ComplaintState.Closed, false) })
        {
            await DoAsync(new StoreOperation.NoteComplaint("c-1", state));
            Assert.Equal(isMarked, (await ProductAsync("A1")).Marks.Contains(ProductMarks.Complaint));
        }
    }

    [Fact]
    public async Task Two_marks_of_two_cases_go_one_by_one()
    {
        await OpenGoodsAsync();
        await DoAsync(new StoreOperation.MarkProducts("i-1", ProductMarks.NoReplenishment, ["A1"]));
        await DoAsync(new StoreOperation.MarkProducts("i-2", ProductMarks.NoReplenishment, ["A1"]));
        await DoAsync(new StoreOperation.UnmarkProducts("i-1", ProductMarks.NoReplenishment));
        Assert.Equal(["no-replenishment"], (await ProductAsync("A1")).Marks);
        await DoAsync(new StoreOperation.UnmarkProducts("i-2", ProductMarks.NoReplenishment));
        Assert.Empty((await ProductAsync("A1")).Marks);
        Assert.Contains("nonsense", await RefusalAsync(new StoreOperation.MarkProducts("i-3", "nonsense", ["A1"])), StringComparison.Ordinal);
        Assert.Contains("X9", await RefusalAsync(new StoreOperation.MarkProducts("i-3", ProductMarks.Trial, ["X9"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_off_sale_for_quality_the_stock_is_blocked_and_the_undo_opens_only_its_own()
    {
        await OpenGoodsAsync();
        await DoAsync(new StoreOperation.TakeOffSale("i-1", ["A1"], "清仓售罄"));
        await DoAsync(new StoreOperation.TakeOffSale("i-2", ["A1", "B2"], "质量问题", Block: true));
        Assert.Equal(("清仓售罄", true), ((await ProductAsync("A1")).OffSaleReason, (await ProductAsync("A1")).IsBlocked));
        Assert.Equal("质量问题", (await ProductAsync("B2")).OffSaleReason);

        await DoAsync(new StoreOperation.PutOnSale(["A1", "B2"], "i-2"));
        Assert.NotNull((await ProductAsync("A1")).OffSaleAt);
        Assert.Equal((null, false), ((await ProductAsync("B2")).OffSaleAt, (await ProductAsync("B2")).IsBlocked));
        await DoAsync(new StoreOperation.PutOnSale(["C3"]));
        Assert.Equal(A.Now, (await ProductAsync("C3")).ListedAt);
        Assert.Contains("已下架", await RefusalAsync(new StoreOperation.ChangePrices("i-3", [new("A1", 5)], A.Now.AddDays(1))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coupon_is_started_once_and_ended()
    {
        await OpenGoodsAsync();
        var start = new StoreOperation.StartCoupon("i-1", "A1", "新品专属折扣", 12.5m, A.Now.AddDays(7));
        await DoAsync(start, "k");
        await DoAsync(start, "k");
        Assert.Contains("i-1", await RefusalAsync(start), StringComparison.Ordinal);
        Assert.NotEmpty(await RefusalAsync(new StoreOperation.StartCoupon("i-2", "A1", "全免", 100, A.Now.AddDays(7))));
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.True((bool)(await DoAsync(new StoreOperation.EndCoupon("i-1")))["ended"]!);
        Assert.False((bool)(await DoAsync(new StoreOperation.EndCoupon("never")))["ended"]!);
        Assert.Equal(new ProductCoupon("i-1", "A1", "新品专属折扣", 12.5m, A.Now, A.Now.AddDays(7), A.Now.AddDays(2)), Assert.Single(await Shop.ListCouponsAsync("A1", Token)));
    }

    [Fact]
    public async Task Stock_is_the_last_count_with_what_came_in_went_out_and_came_back()
    {
        await OpenGoodsAsync();
        await Shop.SaveAsync([new StockEntry("A1", A.Now.AddDays(-9), StockEntry.Received, 20)], Token);
        await Shop.SaveAsync([Sale("1", "A1", 70, -50), Sale("2", "A1", 30, -8), Sale("C3", "A1", -5, -7), Sale("4", "A1", 999, 3)], Token);

        Assert.Equal("[{\"stockCode\":\"A1\",\"stock\":25},{\"stockCode\":\"B2\",\"stock\":null}]".Replace("25", (100 + 20 - 70 - 30 + 5).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal), (await DoAsync(new StoreOperation.ReadStock(["A1", "B2"])))["items"]!.ToJsonString());
        await StockAsync("A1", 7, 1);
        Assert.Equal(7, (await ProductAsync("A1")).Stock);
    }

    [Fact]
    public async Task The_scan_lists_what_did_not_sell_with_the_reason()
    {
        await OpenGoodsAsync();
        await StockAsync("B2", 100, 31);
        await Shop.SaveAsync([Sale("1", "A1", 10, -31), Sale("2", "B2", 5, -10), Sale("3", "C3", 1, -1)], Token);

        var items = (await DoAsync(new StoreOperation.FindSlowMovers(30, 5)))["items"]!.AsArray();

        Assert.Equal(["A1", "B2"], items.Select(i => (string)i!["stockCode"]!));
        Assert.Equal((31, 0, 0m, 90, 2700m, "长期未售出，且动销率低"), ((int)items[0]!["daysWithoutSale"]!, (int)items[0]!["unitsSold"]!, (decimal)items[0]!["sellThrough"]!, (int)items[0]!["stock"]!, (decimal)items[0]!["stockValue"]!, (string)items[0]!["reason"]!));
        Assert.Equal((5m, "动销率低"), ((decimal)items[1]!["sellThrough"]!, (string)items[1]!["reason"]!));

        await DoAsync(new StoreOperation.MarkProducts("i-1", ProductMarks.Seasonal, ["A1"]));
        await DoAsync(new StoreOperation.TakeOffSale("i-1", ["B2"], "换季"));
        Assert.Empty((await DoAsync(new StoreOperation.FindSlowMovers(30, 5)))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_trial_counts_visitors_by_day_and_buyers_once()
    {
        await OpenGoodsAsync();
        await Shop.SaveAsync([.. Enumerable.Range(0, 9).Select(d => new ProductVisits("A1", DateOnly.FromDateTime(A.Now.ToOffset(TimeSpan.FromHours(8)).DateTime).AddDays(d - 7), 10))], Token);
        await Shop.SaveAsync([Sale("1", "A1", 1, -6, "C1"), Sale("2", "A1", 2, -5, "C1"), Sale("3", "A1", 1, -4, null), Sale("4", "A1", 1, -3, null), Sale("C5", "A1", -1, -2, "C1"), Sale("6", "A1", 1, -8, "C9")], Token);

        var figures = await DoAsync(new StoreOperation.MeasureTrial("A1", A.Now.AddDays(-7), A.Now));

        Assert.Equal((70, 3, 4, 5, 1), ((int)figures["visitors"]!, (int)figures["buyers"]!, (int)figures["orders"]!, (int)figures["units"]!, (int)figures["returned"]!));
        Assert.Null((await DoAsync(new StoreOperation.MeasureTrial("B2", A.Now.AddDays(-7), A.Now)))["visitors"]);
        Assert.Contains("X9", await RefusalAsync(new StoreOperation.MeasureTrial("X9", A.Now.AddDays(-7), A.Now)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buyers_are_written_to_once_and_idle_ones_alone_when_asked()
    {
        await OpenGoodsAsync();
        await OpenShopAsync();
        await Shop.SaveAsync([Sale("1", "A1", 1, -100, "C1"), Sale("2", "A1", 1, -100, "C2"), Sale("3", "B2", 1, -3, "C2"), Sale("4", "A1", 1, -400, "C3"), Sale("5", "A1", 1, -50, null)], Token);
        var message = new StoreOperation.MessageBuyers("i1-4", ["A1"], A.Now.AddDays(-365), "下架通知", "您购买的盘子已下架。", Sms: true);

        var first = await DoAsync(message, "k");
        Assert.Equal(first.ToJsonString(), (await DoAsync(message, "k")).ToJsonString());

        // Of C1 no number is known.
        Assert.Equal((2, 1), ((int)first["site"]!, (int)first["sms"]!));
        Assert.Equal((2L, 1L), ((await Shop.CountProductMessagesAsync("A1", Token))["site"], (await Shop.CountProductMessagesAsync("A1", Token))["sms"]));
        Assert.Equal((1, 0), await IdleAsync());

        async Task<(int Site, int Sms)> IdleAsync()
        {
            var result = await DoAsync(message with { Batch = "i1-5", IdleDays = 30 });
            return ((int)result["site"]!, (int)result["sms"]!);
        }
    }

    [Fact]
    public async Task Pages_of_products_go_on_after_the_last()
    {
        await OpenGoodsAsync();
        Assert.Equal(["A1", "B2"], (await Shop.ListProductsAsync(null, null, 2, Token)).Select(p => p.StockCode));
        Assert.Equal(["C3"], (await Shop.ListProductsAsync(null, "B2", 2, Token)).Select(p => p.StockCode));
    }

    private static SalesLine Sale(string invoice, string code, int quantity, int day, string? customer = "C1") => new(
        System.Text.Encoding.UTF8.GetBytes($"{invoice}{code}"), invoice, code, null, quantity, A.Now.AddDays(day), 10, customer, null, invoice.StartsWith('C'));
}

public sealed class SqliteGoodsTests(SqliteFixture fixture) : GoodsContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresGoodsTests(PostgresFixture fixture) : GoodsContract(fixture), IClassFixture<PostgresFixture>;
