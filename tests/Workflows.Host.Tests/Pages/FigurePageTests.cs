using System.Text;
using Workflows.Engine.Store;

namespace Workflows.Host.Tests.Pages;

/// <summary>The shop's pages: every chart's figures stand in a table, and each page is for those whose work it is.</summary>
public sealed class FigurePageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_products_trial_is_shown_by_day_with_the_line_it_must_reach_and_its_cost_only_to_those_who_price()
    {
        var host = await shared.GetAsync();
        var intake = host.Service<IStoreIntake>();
        var first = new DateTimeOffset(2020, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));
        var token = TestContext.Current.CancellationToken;
        await intake.SaveAsync([new Product("T900", "试销杯", 59, null, 21.5m)], token);
        await intake.SaveAsync([.. Enumerable.Range(0, 7).Select(d => new ProductVisits("T900", DateOnly.FromDateTime(first.AddDays(d).DateTime), 100))], token);
        await intake.SaveAsync([.. Enumerable.Range(0, 21).Select(n => new SalesLine(Encoding.ASCII.GetBytes($"figure-page-{n:0000}"), $"T{n}", "T900", null, 1, first.AddDays(n / 3).AddHours(9), 59, $"K{n}", null, false))], token);

        using var manager = await Visitor.OfAsync(host, "product_ops_manager");
        var page = await manager.GetAsync("/shop/products/T900?from=2020-03-02&days=7");
        Assert.Contains("7 天合计：21 位下单用户 ÷ 700 位访客 = 3.00%，达到推广线", page.Text, StringComparison.Ordinal);
        Assert.Contains("03-02 100 3 3 %", page.Text, StringComparison.Ordinal);
        Assert.Contains("¥21.50", page.Text, StringComparison.Ordinal);
        Assert.Contains("/assets/echarts.js", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Html, StringComparison.Ordinal);
        var missed = await manager.GetAsync("/shop/products/T900?from=2020-03-02&days=8");
        Assert.Contains("8 天合计：21 位下单用户 ÷ 700 位访客", missed.Text, StringComparison.Ordinal);

        using var agent = await Visitor.OfAsync(host, "cs_agent");
        Assert.DoesNotContain("21.50", (await agent.GetAsync("/shop/products/T900")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await agent.GetAsync("/shop/products/none")).Status);
        Assert.Contains("试销杯", (await agent.GetAsync("/shop/products?q=T900")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/assets/echarts.js", (await agent.GetAsync("/shop/products")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_page_of_the_shop_is_offered_to_those_who_may_open_it()
    {
        var host = await shared.GetAsync();
        foreach (var (user, offered) in new[] { ("cs_agent", "概览 商品 促销活动 订单 投诉 顾客 黑名单"), ("data_analyst", "概览 商品 促销活动 顾客 黑名单 导入"), ("finance", "概览 商品 促销活动 预算"), ("ops_director", "概览 商品 促销活动 订单 投诉 时限达成 黑名单 预算 导入") })
        {
            using var visitor = await Visitor.OfAsync(host, user);
            Assert.Contains(offered, (await visitor.GetAsync("/shop/products")).Text, StringComparison.Ordinal);
        }

        using var director = await Visitor.OfAsync(host, "ops_director");
        Assert.Contains("每月的时限达成", (await director.GetAsync("/shop/sla")).Text, StringComparison.Ordinal);
        Assert.Contains("每周的投诉类型", (await director.GetAsync("/shop/complaints")).Text, StringComparison.Ordinal);
        var promotion = await director.GetAsync("/shop/promotions/P-1001");
        Assert.Contains("参与者 3,412", promotion.Text, StringComparison.Ordinal);
        Assert.Contains("还没有备份", promotion.Text, StringComparison.Ordinal);
        using var finance = await Visitor.OfAsync(host, "finance");
        Assert.Equal((403, 403), ((await finance.GetAsync("/shop/sla")).Status, (await finance.GetAsync("/shop/complaints")).Status));
    }
}
