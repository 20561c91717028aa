using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

public abstract class DemoShopContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task The_demo_shop_has_the_promotion_of_the_acceptance_scenario_with_figures()
    {
        await new DemoShop(Shop, Shop).SeedAsync(Clock.GetUtcNow(), Token);

        var state = (await Shop.FindPromotionAsync(DemoShop.MainPromotionId, Token))!;
        Assert.Equal(("满300减50返场", 3_412, 3_412, 5_870), (state.Promotion.Name, state.Participants, state.Flagged, state.Transactions));
        var impact = await DoAsync(new StoreOperation.MeasureImpact(DemoShop.MainPromotionId));
        Assert.True((long)impact["during"]!["orders"]! > 500);
        Assert.True((double)impact["change"]!["revenuePercent"]! > 10);
        Assert.InRange((double)impact["during"]!["conversion"]!, 0.001, 0.5);
    }

    [Fact]
    public async Task Seeding_again_changes_nothing_and_does_not_bring_back_what_was_deleted()
    {
        await new DemoShop(Shop, Shop).SeedAsync(Clock.GetUtcNow(), Token);
        var sales = await Shop.CountSalesAsync(Token);
        await DeleteAsync(DemoShop.MainPromotionId);

        Clock.Advance(TimeSpan.FromDays(3));
        await new DemoShop(Shop, Shop).SeedAsync(Clock.GetUtcNow(), Token);

        Assert.Equal(sales, await Shop.CountSalesAsync(Token));
        Assert.Equal(0, (await Shop.FindPromotionAsync(DemoShop.MainPromotionId, Token))!.Participants);
    }
}

public sealed class SqliteDemoShopTests(SqliteFixture fixture) : DemoShopContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresDemoShopTests(PostgresFixture fixture) : DemoShopContract(fixture), IClassFixture<PostgresFixture>;
