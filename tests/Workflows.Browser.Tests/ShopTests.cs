using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Engine.Store;

namespace Workflows.Browser.Tests;

/// <summary>The shop's pages in a browser: charts are drawn under the strict policy, a file is brought in, and everything fits its screen.</summary>
public sealed class ShopTests(BrowserUnderTest browser)
{
    [Theory]
    [InlineData(Screen.Desktop, false)]
    [InlineData(Screen.Phone, true)]
    public async Task The_shop_is_looked_at_in_charts_and_a_file_comes_in(Screen screen, bool dark)
    {
        await SeedAsync();
        await using var window = await browser.OpenAsync(screen, dark: dark);
        var name = $"{screen.ToString().ToLowerInvariant()}{(dark ? "-dark" : "")}";
        await window.SignInAsync("ops_director");

        foreach (var (address, title, charts) in ((string, string, int)[])
        [
            ("/shop", "shop", 0), ("/shop/products", "products", 0), ("/shop/products/B900?from=2020-03-02&days=7", "product", 2), ("/shop/promotions/P-1001", "promotion", 1), ("/shop/complaints", "complaints", 0),
            ("/shop/sla", "sla", 0),
        ])
        {
            await window.Page.GotoAsync(address);
            if (charts > 0)
                await Assertions.Expect(window.Page.Locator(".chart svg")).ToHaveCountAsync(charts);
            await window.ShootAsync($"{name}-{title}");
            await window.CheckStructureAsync();
            await window.CheckWidthAsync();
        }

        await window.Page.GotoAsync("/shop/import");
        await window.Page.SelectOptionAsync("select[name=kind]", "products");
        await window.Page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "商品.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"名称,货号,价格\n浴巾,B9-{name},19.9\n坏行,,1\n") });
        await window.Page.ClickAsync("main button.primary");
        await window.ShootAsync($"{name}-import-preview");
        await window.CheckStructureAsync();
        await window.CheckWidthAsync();
        await window.Page.ClickAsync("button[value=import]");
        await Assertions.Expect(window.Page.Locator("a[href$='/rejected']")).ToBeVisibleAsync();
        await window.ShootAsync($"{name}-import-done");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Orders_the_blacklist_and_budgets_fit_a_phone()
    {
        var placed = new DateTimeOffset(2021, 5, 3, 9, 0, 0, TimeSpan.FromHours(8));
        await browser.Services.GetRequiredService<IStoreIntake>().SaveAsync(
            [new Order("BO-1", "C-1", "13900001234", CityTiers.First, "S001", "中通", "ZT1", placed, placed, null, null, placed.AddDays(2), placed.AddHours(20), placed.AddDays(3), OrderState.Delivered, 12_900)],
            TestContext.Current.CancellationToken);
        var shop = browser.Services.GetRequiredService<IStorePlatform>();
        foreach (StoreOperation operation in (StoreOperation[])
        [
            new StoreOperation.Blacklist("bl-1", "C-1", [BlacklistScope.Coupons, BlacklistScope.Reviews], "三个月内七次以“破损”为由仅退款", null), new StoreOperation.OpenBudget("bl-2", "BB-1", "双11会场推广预算", 500_000),
            new StoreOperation.ReserveBudget("bl-3", "BB-1", 200_000, "直通车第一期"), new StoreOperation.SpendBudget("bl-4", "bl-3", 120_000.5m),
        ])
            Assert.IsType<StoreOutcome.Done>(await shop.PerformAsync("browser-" + operation.Kind, operation, TestContext.Current.CancellationToken));
        await using var window = await browser.OpenAsync(Screen.Phone);
        await window.SignInAsync("ops_director");

        foreach (var (address, title) in ((string, string)[])
        [
            ("/shop/orders?q=BO&sort=late", "orders"), ("/shop/orders?q=none", "orders-none"), ("/shop/orders/BO-1", "order"), ("/shop/blacklist", "blacklist"), ("/shop/budgets", "budgets"), ("/shop/budgets?state=closed", "budgets-none"),
            ("/shop/budgets/BB-1", "budget"),
        ])
        {
            await window.Page.GotoAsync(address);
            await window.ShootAsync($"phone-{title}");
            await window.CheckStructureAsync();
            await window.CheckWidthAsync();
        }

        Assert.Empty(window.Complaints);
    }

    private async Task SeedAsync()
    {
        var intake = browser.Services.GetRequiredService<IStoreIntake>();
        var token = TestContext.Current.CancellationToken;
        var first = new DateTimeOffset(2020, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));
        await intake.SaveAsync([new Product("B900", "试销杯", 59, null)], token);
        await intake.SaveAsync([.. Enumerable.Range(0, 7).Select(d => new ProductVisits("B900", DateOnly.FromDateTime(first.AddDays(d).DateTime), 100))], token);
        await intake.SaveAsync([new StockEntry("B900", first, StockEntry.Count, 100)], token);
        await intake.SaveAsync([.. Enumerable.Range(0, 21).Select(n => new SalesLine(Encoding.ASCII.GetBytes($"shop-browser-{n:000}"), $"B{n}", "B900", null, 1, first.AddDays(n / 3).AddHours(9), 59, $"K{n}", null, false))], token);
    }
}
