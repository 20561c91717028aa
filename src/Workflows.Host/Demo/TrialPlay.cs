using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Catalogue 2.2: seven days on sale decide; 3.00 % is promoted, 2.99 % goes off sale.</summary>
internal static class TrialPlay
{
    private const string Definition = "new_product_trial";

    public static async Task PlayAsync(DemoPlayer story)
    {
        await story.TitleAsync("新品试销：七天转化率决定去留");
        var start = await story.NowAsync();
        var (good, poor) = ($"N{start:MMddHHmm}A", $"N{start:MMddHHmm}B");
        await story.ImportAsync("products", $"StockCode,Name,Price,Cost\n{good},云纹茶杯,99,40\n{poor},云纹茶盘,99,40\n");
        await story.ImportAsync("product-visits", "StockCode,Day,Visitors\n" + Visits(good, 1_000, start) + Visits(poor, 10_000, start));
        await story.ImportAsync("sales", "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" + Sales(good, 30, start.AddDays(2)) + Sales(poor, 299, start.AddDays(2)));
        await story.TellAsync("导入两款新品七天的访客和订单：茶杯 1000 人中 30 人下单，茶盘 10000 人中 299 人下单");

        var promoted = await BeginAsync(story, good, "云纹茶杯");
        var delisted = await BeginAsync(story, poor, "云纹茶盘");
        foreach (var day in (int[])[1, 3, 5, 7])
            await story.AtAsync(start.AddDays(day).AddMinutes(5));

        story.LookAt(promoted);
        await story.ToldAsync("traffic_ops_manager", "email", "转化率 3%");
        await story.CompleteAsync("traffic_ops_manager", "加大新品推广", new JsonObject { ["plan"] = "首页推荐" }, "首页推荐");
        await story.CompleteAsync("supply_chain_manager", "新品备货计划", new JsonObject { ["quantity"] = 500 }, "备货 500 件");
        await story.CompleteAsync("product_ops_manager", "新品试销复盘", new JsonObject { ["note"] = "达标" }, "达标");

        // The manager has 24 hours to override, and does not.
        story.LookAt(delisted);
        await story.ToldAsync("product_ops_manager", "email", "转化率 2.99%");
        await story.TaskAsync("product_ops_manager", "新品未达标：下架或推翻");
        await story.CheckAsync(await IsOnSaleAsync(story, poor), "24 小时否决期内，茶盘仍在售");
        await story.AtAsync(start.AddDays(8).AddMinutes(10));
        await story.CompleteAsync("supply_chain_manager", "处理试销余货和预算", new JsonObject { ["way"] = "转滞销品清理", ["budget"] = 300 }, "余货转清理，预算退回");
        await story.CompleteAsync("product_ops_manager", "新品试销复盘", new JsonObject { ["note"] = "定价偏高" }, "定价偏高");
        await story.CheckAsync(!await IsOnSaleAsync(story, poor), "2.99 %：茶盘已下架");
        await story.EndsAsync("delisted", "已下架");
        await story.TimelineAsync("茶盘的流程记录");

        story.LookAt(promoted);
        await story.CheckAsync(await IsOnSaleAsync(story, good), "3.00 %：茶杯在售并加大推广");
        await story.AtAsync(start.AddDays(37).AddMinutes(10));
        await story.EndsAsync("promoted", "加大推广，30 天后复查");
        await story.TimelineAsync("茶杯的流程记录");
    }

    private static async Task<string> BeginAsync(DemoPlayer story, string code, string name)
    {
        var id = await story.BeginAsync("product_ops_manager", Definition, new JsonObject { ["stockCode"] = code, ["offer"] = "新品专属折扣", ["percentOff"] = 15 }, $"{name}试销，专属折扣 15 %");
        await story.FoundAsync(async () => (await story.GetAsync($"/api/v1/store/products/{code}"))["coupons"]!.AsArray().FirstOrDefault(), "试销没有开始");
        return id;
    }

    private static async Task<bool> IsOnSaleAsync(DemoPlayer story, string code) => (await story.GetAsync($"/api/v1/store/products/{code}"))["product"]!["offSaleAt"] is null;

    private static string Visits(string code, int visitors, DateTimeOffset from) => string.Concat(Enumerable.Range(0, 7).Select(
        day => string.Create(CultureInfo.InvariantCulture, $"{code},{from.AddDays(day):yyyy-MM-dd},{(visitors / 7) + (day == 0 ? visitors % 7 : 0)}\n")));

    /// <summary>One order each of so many users.</summary>
    private static string Sales(string code, int users, DateTimeOffset at) => string.Concat(Enumerable.Range(1, users).Select(
        n => string.Create(CultureInfo.InvariantCulture, $"{code}-{n},{code},,1,{at:yyyy-MM-dd HH:mm:ss},99,{code}-{n},中国\n")));
}
