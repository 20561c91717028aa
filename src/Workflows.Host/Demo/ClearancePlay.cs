using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Catalogue 2.3: what does not sell is cleared; a price below cost needs the director, who refuses the first one.</summary>
internal static class ClearancePlay
{
    private const string Review = "滞销品逐项决定";
    private const string Approval = "审批低于成本的清仓价";

    public static async Task PlayAsync(DemoPlayer story)
    {
        await story.TitleAsync("滞销品清理：低于成本须运营总监审批");
        var now = await story.NowAsync();
        var (jar, basket) = ($"S{now:MMddHHmm}A", $"S{now:MMddHHmm}B");
        await story.ImportAsync("products", $"StockCode,Name,Price,Cost,ListedAt\n{jar},陶罐,50,30,{At(now.AddDays(-200))}\n{basket},竹篮,60,35,{At(now.AddDays(-200))}\n");
        await story.ImportAsync("stock", $"StockCode,At,Kind,Quantity\n{jar},{At(now.AddDays(-31))},count,40\n{basket},{At(now.AddDays(-31))},count,100\n");
        await story.ImportAsync("sales", SalesHeader + Sale("1", basket, 5, now.AddDays(-20), 60));
        await story.TellAsync("导入商品：陶罐 40 件，30 天没有卖出；竹篮 100 件，30 天卖出 5 件（5.00 %）");

        await story.BeginAsync("product_ops_manager", "slow_mover_clearance", new JsonObject(), "扫描滞销品");
        await story.ToldAsync("product_ops_manager", "email", "本月滞销品共");
        await DecideAsync(story, jar, 20, basket, 40, "陶罐清仓价 20 元（成本 30 元），竹篮 40 元");
        await story.DecideAsync("ops_director", Approval, false, "价格过低，请重新定价");
        await story.CheckAsync(await PriceAsync(story, jar) == 50, "驳回后在售价格没有变化：陶罐仍为 50 元");
        await DecideAsync(story, jar, 25, basket, 40, "陶罐改为 25 元");
        await story.DecideAsync("ops_director", Approval, true, "同意");
        await story.ToldAsync("finance", "email", $"{jar} 清仓价 25 元，成本 30 元");
        await story.CompleteAsync("campaign_ops_manager", "上线清仓活动", new JsonObject { ["name"] = "年末清仓" }, "年末清仓上线");
        await story.CheckAsync(await PriceAsync(story, jar) == 25 && await PriceAsync(story, basket) == 40, "清仓价已生效，停止补货");

        var until = DemoPlayer.Local((await ProductAsync(story, jar))["priceUntil"]);
        await story.ImportAsync("sales", SalesHeader + Sale("2", jar, 40, until.AddDays(-2), 25));
        for (var weeks = 4; weeks > 0; weeks--)
            await story.AtAsync(until.AddDays(-2 - (7 * (weeks - 1))));
        await story.AtAsync(until.AddMinutes(1));
        await story.TellAsync("清仓到期：陶罐 40 件售罄，竹篮有余货");
        await story.CompleteAsync("product_ops_manager", "处理清仓余货", new JsonObject { ["way"] = "捆绑销售" }, "余货捆绑销售");
        await story.EndsAsync("partly_cleared", "部分清完");
        await story.CheckAsync((string?)(await ProductAsync(story, jar))["offSaleReason"] == "清仓售罄", "售罄的陶罐已下架");
        await story.CheckAsync(await PriceAsync(story, basket) == 60, "竹篮恢复原价 60 元");
        await story.TimelineAsync("流程记录");
    }

    private const string SalesHeader = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private static string At(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Sale(string number, string code, int quantity, DateTimeOffset at, decimal price) =>
        string.Create(CultureInfo.InvariantCulture, $"{code}-{number},{code},,{quantity},{At(at)},{price},C000001,中国\n");

    private static async Task<JsonNode> ProductAsync(DemoPlayer story, string code) => (await story.GetAsync($"/api/v1/store/products/{code}"))["product"]!;

    private static async Task<decimal> PriceAsync(DemoPlayer story, string code) => (decimal)(await ProductAsync(story, code))["price"]!;

    /// <summary>These two are cleared; whatever else is on the list is kept.</summary>
    private static async Task DecideAsync(DemoPlayer story, string first, decimal firstPrice, string second, decimal secondPrice, string text)
    {
        var task = await story.TaskAsync("product_ops_manager", Review);
        var form = (await story.GetAsync($"/api/v1/tasks/{(string)task["id"]!}"))["form"]!;
        var codes = form["properties"]!["items"]!["items"]!["properties"]!["stockCode"]!["enum"]!.AsArray().Select(c => (string)c!);
        var items = codes.Select(code => new JsonObject { ["stockCode"] = code, ["decision"] = "保留", ["reason"] = "下月有活动" }).ToArray();
        foreach (var (code, price) in ((string, decimal)[])[(first, firstPrice), (second, secondPrice)])
        {
            var item = items.Single(i => (string?)i["stockCode"] == code);
            item["decision"] = "清仓";
            item["price"] = price;
            item.Remove("reason");
        }

        await story.CompleteAsync("product_ops_manager", Review, new JsonObject { ["items"] = new JsonArray([.. items]) }, text);
    }
}
