using System.Text.Json.Nodes;
using Workflows.Engine.Store;

namespace Workflows.Host.Tests.Pages;

/// <summary>Orders, the blacklist and budgets, on their pages and in the API: filtered, masked, with the cases behind them, each for those whose work it is.</summary>
public sealed class ShopControlPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_shows_its_course_its_limit_by_city_and_what_was_given_and_whose_it_is_only_for_a_reason()
    {
        var host = await shared.GetAsync();
        var placed = new DateTimeOffset(2021, 5, 3, 9, 0, 0, TimeSpan.FromHours(8));
        await host.Service<IStoreIntake>().SaveAsync(
            [
                new Order("LO-1", "李雷", "13900001234", CityTiers.First, "S001", "中通", "ZT1", placed, placed.AddMinutes(5), null, null, placed.AddDays(2), placed.AddHours(20), placed.AddDays(3), OrderState.Delivered, 12_900),
                new Order("LO-2", "C-9", null, null, null, null, null, placed.AddDays(1), null, null, null, null, null, null, OrderState.Created, null),
            ],
            Token);
        Assert.IsType<StoreOutcome.Done>(await host.Service<IStorePlatform>().PerformAsync("order-page", new StoreOperation.GiveCompensation("order-page-1", "LO-1", "物流延误", CompensationForm.Coupon, 5, null, null), Token));

        using var agent = await Visitor.OfAsync(host, "cs_agent");
        var list = await agent.GetAsync("/shop/orders?q=LO&sort=late");
        Assert.Matches("LO-1.*迟到1天.*LO-2", list.Text);
        Assert.DoesNotContain("LO-2", (await agent.GetAsync("/shop/orders?q=LO&late=1")).Text, StringComparison.Ordinal);
        Assert.Contains("没有符合条件的订单", (await agent.GetAsync("/shop/orders?q=LO&state=cancelled")).Text, StringComparison.Ordinal);
        var wrong = await agent.GetAsync("/shop/orders?from=soon");
        Assert.Equal(422, wrong.Status);
        Assert.Contains("日期无法识别", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await agent.GetAsync("/shop/orders/none")).Status);

        var page = await agent.GetAsync("/shop/orders/LO-1");
        Assert.Contains("李**", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13900001234", page.Html, StringComparison.Ordinal);
        // Picked up on the 4th at 05:00, 24 hours in a first-tier city, delivered on the 6th at 09:00.
        Assert.Contains("送达时限（一线城市，揽收后 1天） 2021-05-05 05:00 超时1天4小时", page.Text, StringComparison.Ordinal);
        Assert.Contains("物流延误 优惠券 ¥5.00", page.Text, StringComparison.Ordinal);
        var refused = await agent.PostAsync("/shop/orders/LO-1/reveal", new() { ["_csrf"] = page.Hidden("_csrf"), ["reason"] = "看" });
        Assert.Equal(422, refused.Status);
        Assert.DoesNotContain("13900001234", refused.Html, StringComparison.Ordinal);
        var whole = await agent.PostAsync("/shop/orders/LO-1/reveal", new() { ["_csrf"] = page.Hidden("_csrf"), ["reason"] = "致电说明迟到原因" });
        Assert.Contains("13900001234", whole.Text, StringComparison.Ordinal);
        Assert.Contains("致电说明迟到原因", (await agent.GetAsync("/shop/orders/LO-1")).Text, StringComparison.Ordinal);

        using var program = await host.AsAsync("cs_agent");
        var late = (await program.SendAsync(HttpMethod.Get, "/api/v1/store/orders?number=LO&late=true")).Body!["items"]!.AsArray();
        Assert.Equal(("LO-1", "李**"), ((string?)Assert.Single(late)!["orderNo"], (string?)late[0]!["customer"]));
        var first = (await program.SendAsync(HttpMethod.Get, "/api/v1/store/orders?number=LO&sort=late&limit=1")).Body!;
        Assert.Equal("LO-2", (string?)(await program.SendAsync(HttpMethod.Get, $"/api/v1/store/orders?number=LO&sort=late&limit=1&after={first["next"]}")).Body!["items"]![0]!["orderNo"]);
        Assert.Equal("LO-2", (string?)(await program.SendAsync(HttpMethod.Get, "/api/v1/store/orders?number=LO&from=2021-05-04&to=2021-05-04")).Body!["items"]![0]!["orderNo"]);
        Assert.Equal(400, (await program.SendAsync(HttpMethod.Get, "/api/v1/store/orders?state=lost&from=soon")).Status);
    }

    [Fact]
    public async Task The_blacklist_and_budgets_say_who_why_by_which_case_and_what_is_left()
    {
        var host = await shared.GetAsync();
        var platform = host.Service<IStorePlatform>();
        using var applicant = await host.AsAsync("cs_agent");
        var id = (string)(await applicant.PostAsync("/api/v1/instances", new { definitionId = "complaint_handling", input = new { customer = "王芳", channel = "电话", description = "反复恶意退货" } })).Body!["id"]!;
        async Task DoAsync(string key, StoreOperation operation) => Assert.IsType<StoreOutcome.Done>(await platform.PerformAsync(key, operation, Token));
        await DoAsync("cp-1", new StoreOperation.Blacklist($"{id}-901", "王芳", [BlacklistScope.Coupons, BlacklistScope.Reviews], "反复恶意退货", null));
        await DoAsync("cp-2", new StoreOperation.Blacklist($"{id}-902", "C000031", [BlacklistScope.Orders], "刷单", null));
        await DoAsync("cp-3", new StoreOperation.Unblacklist($"{id}-903", "C000031", null, "申诉成立"));
        await DoAsync("cp-4", new StoreOperation.OpenBudget($"{id}-904", "PB-1", "会员日推广", 1_000));
        await DoAsync("cp-5", new StoreOperation.ReserveBudget($"{id}-905", "PB-1", 300, "直通车"));
        await DoAsync("cp-6", new StoreOperation.SpendBudget($"{id}-906", $"{id}-905", 100.5m));

        using var agent = await Visitor.OfAsync(host, "cs_agent");
        var list = await agent.GetAsync("/shop/blacklist");
        Assert.Contains("王** 反复恶意退货", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/shop/customers/王", list.Html, StringComparison.Ordinal);
        Assert.Contains($"/instances/{id}", list.Html, StringComparison.Ordinal);
        Assert.Contains("移出：申诉成立", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("申诉成立", (await agent.GetAsync("/shop/blacklist?state=standing")).Text, StringComparison.Ordinal);
        Assert.Contains("/shop/customers/C000031", (await agent.GetAsync("/shop/blacklist?q=C000031")).Html, StringComparison.Ordinal);
        Assert.Contains("没有符合条件的记录", (await agent.GetAsync("/shop/blacklist?q=C0000")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await agent.GetAsync("/shop/budgets")).Status);
        var entries = (await applicant.SendAsync(HttpMethod.Get, "/api/v1/store/blacklist?state=ended")).Body!["items"]!.AsArray();
        Assert.Equal((id, id, "申诉成立"), ((string?)Assert.Single(entries)!["instance"], (string?)entries[0]!["removedIn"], (string?)entries[0]!["removalReason"]));

        // Whoever may not open the case sees that there is one, and its number.
        using var finance = await Visitor.OfAsync(host, "finance");
        Assert.Contains("会员日推广 PB-1", (await finance.GetAsync("/shop/budgets")).Text, StringComparison.Ordinal);
        var budget = await finance.GetAsync("/shop/budgets/PB-1");
        Assert.Contains("总额 ¥1,000.00 已支出 ¥100.50 已占用 ¥199.50 可用 ¥700.00", budget.Text, StringComparison.Ordinal);
        Assert.Contains("您无权查看", budget.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"/instances/{id}", budget.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", budget.Html, StringComparison.Ordinal);
        Assert.Contains("没有已撤销的预算", (await finance.GetAsync("/shop/budgets?state=closed")).Text, StringComparison.Ordinal);
        Assert.Equal((403, 404), ((await finance.GetAsync("/shop/blacklist")).Status, (await finance.GetAsync("/shop/budgets/none")).Status));
        using var accounts = await host.AsAsync("finance");
        var booking = (JsonNode)(await accounts.SendAsync(HttpMethod.Get, "/api/v1/store/budgets/PB-1")).Body!["reservations"]![0]!;
        Assert.Equal(("直通车", 199.5m, id), ((string?)booking["purpose"], (decimal)booking["open"]!, (string?)booking["instance"]));
    }
}
