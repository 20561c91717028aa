using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>The blacklist keeps from coupons and from nothing that is due; a budget is never promised twice. Each act has its undo.</summary>
public abstract class ControlContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private const string Customer = "C-1";

    [Fact]
    public async Task Whom_the_blacklist_keeps_from_coupons_gets_refunds_all_the_same()
    {
        var listed = await DoAsync(List("e-1", BlacklistScope.Coupons), "k1");
        Assert.Equal(["coupons"], listed["listed"]!.AsArray().Select(s => (string)s!));
        await DoAsync(List("e-1", BlacklistScope.Coupons), "k1");
        Assert.Single(await Shop.ListBlacklistAsync(Customer, Token));

        var coupon = await DoAsync(Give("p-1", "破损", CompensationForm.Coupon));
        Assert.Equal((false, true), ((bool)coupon["given"]!, (bool)coupon["barred"]!));
        Assert.Empty(await Shop.ListCompensationsAsync("SO-1", Token));
        Assert.True((bool)(await DoAsync(Give("p-2", "破损", CompensationForm.Refund)))["given"]!);
        Assert.Null((await DoAsync(Give("p-3", "破损", CompensationForm.Coupon)))["barred"]);
        Assert.True((bool)(await DoAsync(Give("p-4", "延迟发货", CompensationForm.Coupon) with { Customer = "C-2" }))["given"]!);

        // Nor does another name help: the shop knows whose order it is.
        await ImportOrderAsync();
        Assert.True((bool)(await DoAsync(Give("p-6", "物流延误", CompensationForm.Coupon) with { Customer = "张三" }))["barred"]!);

        await DoAsync(new StoreOperation.UndoBlacklist("e-1"));
        Assert.True((bool)(await DoAsync(Give("p-5", "物流延误", CompensationForm.Coupon)))["given"]!);
    }

    [Fact]
    public async Task A_listing_ends_by_itself_or_with_a_reason_and_an_undo_touches_only_its_own()
    {
        await DoAsync(List("e-1", BlacklistScope.Coupons, BlacklistScope.Orders) with { Until = A.Now.AddDays(180) });
        var second = await DoAsync(List("e-2", BlacklistScope.Coupons, BlacklistScope.Reviews) with { Until = A.Now.AddDays(90) });
        Assert.Equal(["reviews"], Texts(second["listed"]));
        Assert.Equal(["coupons"], Texts(second["already"]));
        await DoAsync(new StoreOperation.UndoBlacklist("e-2"));
        Assert.Equal(["coupons", "orders"], (await Shop.ListBlacklistAsync(Customer, Token)).Select(b => b.Scope).Order(StringComparer.Ordinal));

        Assert.Equal(1, (int)(await DoAsync(new StoreOperation.Unblacklist("u-1", Customer, [BlacklistScope.Coupons], "申诉成立")))["removed"]!);
        Assert.True((bool)(await DoAsync(Give("p-1", "破损", CompensationForm.Coupon)))["given"]!);
        Assert.Equal(1, (int)(await DoAsync(new StoreOperation.UndoUnblacklist("u-1")))["listed"]!);
        Assert.True((bool)(await DoAsync(Give("p-2", "丢件", CompensationForm.Coupon)))["barred"]!);
        Clock.Advance(TimeSpan.FromDays(180));
        Assert.True((bool)(await DoAsync(Give("p-3", "丢件", CompensationForm.Coupon)))["given"]!);
        Assert.Equal(0, (int)(await DoAsync(new StoreOperation.Unblacklist("u-2", Customer, null, "到期")))["removed"]!);

        Assert.Contains("理由", await RefusalAsync(List("e-3", BlacklistScope.Orders) with { Reason = " " }), StringComparison.Ordinal);
        Assert.Contains("nothing", await RefusalAsync(List("e-3", "nothing")), StringComparison.Ordinal);
        Assert.Contains("到期时间已过", await RefusalAsync(List("e-3", BlacklistScope.Orders) with { Until = A.Now }), StringComparison.Ordinal);
        Assert.Contains("理由", await RefusalAsync(new StoreOperation.Unblacklist("u-3", Customer, null, "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_listing_does_not_swallow_a_longer_one()
    {
        await DoAsync(List("e-1", BlacklistScope.Coupons) with { Until = A.Now.AddDays(1) });
        Assert.Equal(["coupons"], Texts((await DoAsync(List("e-2", BlacklistScope.Coupons)))["listed"]));
        Assert.Equal(["coupons"], Texts((await DoAsync(List("e-3", BlacklistScope.Coupons) with { Until = A.Now.AddDays(30) }))["already"]));
        await DoAsync(new StoreOperation.UndoBlacklist("e-1"));
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.True((bool)(await DoAsync(Give("p-1", "破损", CompensationForm.Coupon)))["barred"]!);
    }

    [Fact]
    public async Task A_budget_is_reserved_spent_and_released_and_never_exceeded()
    {
        await DoAsync(new StoreOperation.OpenBudget("o-1", "B-1", "双11推广", 1_000));
        Assert.True((bool)(await DoAsync(Reserve("r-1", 600)))["reserved"]!);
        var refused = await DoAsync(Reserve("r-2", 400.01m));
        Assert.Equal((false, 400m), ((bool)refused["reserved"]!, (decimal)refused["available"]!));
        Assert.True((bool)(await DoAsync(Reserve("r-3", 400)))["reserved"]!);

        Assert.Equal(350m, (decimal)(await DoAsync(new StoreOperation.SpendBudget("s-1", "r-1", 250), "k1"))["left"]!);
        Assert.Equal(350m, (decimal)(await DoAsync(new StoreOperation.SpendBudget("s-1", "r-1", 250), "k1"))["left"]!);
        Assert.Contains("350", await RefusalAsync(new StoreOperation.SpendBudget("s-2", "r-1", 350.01m)), StringComparison.Ordinal);
        Assert.Equal((750m, 250m, 0m), await StandAsync());
        await DoAsync(new StoreOperation.UnspendBudget("s-1"));
        await DoAsync(new StoreOperation.UnspendBudget("s-1"));
        Assert.Equal((1_000m, 0m, 0m), await StandAsync());

        await DoAsync(new StoreOperation.SpendBudget("s-3", "r-1", 100));
        await DoAsync(new StoreOperation.ReleaseBudget("r-1"));
        Assert.Equal((400m, 100m, 500m), await StandAsync());
        // What is undone after the rest was given back is free again, and not reserved for anybody.
        await DoAsync(new StoreOperation.UnspendBudget("s-3"));
        Assert.Equal((400m, 0m, 600m), await StandAsync());

        Assert.Contains("已有占用", await RefusalAsync(new StoreOperation.CloseBudget("o-1", "B-1")), StringComparison.Ordinal);
        Assert.Contains("B-9", await RefusalAsync(Reserve("r-9", 1) with { Budget = "B-9" }), StringComparison.Ordinal);
        Assert.Contains("大于 0", await RefusalAsync(Reserve("r-9", 0)), StringComparison.Ordinal);
        Assert.Contains("r-9", await RefusalAsync(new StoreOperation.SpendBudget("s-9", "r-9", 1)), StringComparison.Ordinal);
        Assert.Contains("B-1", await RefusalAsync(new StoreOperation.OpenBudget("o-2", "B-1", "again", 5)), StringComparison.Ordinal);
        await DoAsync(new StoreOperation.OpenBudget("o-3", "B-2", "试用", 5));
        Assert.False((bool)(await DoAsync(new StoreOperation.CloseBudget("o-1", "B-2")))["closed"]!);
        Assert.True((bool)(await DoAsync(new StoreOperation.CloseBudget("o-3", "B-2")))["closed"]!);
        Assert.Null(await Shop.FindBudgetAsync("B-2", Token));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_only_so_many_get_of_a_budget_as_there_is()
    {
        await DoAsync(new StoreOperation.OpenBudget("o-1", "B-1", "抢占", 500));

        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(n => AskAsync(Reserve($"r-{n}", 100), $"key-{n}")));

        Assert.Equal(5, answers.Count(a => (bool)Assert.IsType<StoreOutcome.Done>(a).Result["reserved"]!));
        Assert.Equal((500m, 0m, 0m), await StandAsync());
    }

    private static StoreOperation.Blacklist List(string entry, params string[] scopes) => new(entry, Customer, scopes, "恶意退货", null);

    private async Task ImportOrderAsync()
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"OrderNo,Customer,PlacedAt,State\nSO-1,{Customer},2030-01-05 10:00:00,paid\n"));
        Assert.IsType<ImportOutcome.Finished>(await new StoreImporter(Shop, Clock).ImportAsync("orders", "orders.csv", file, null, Token));
    }

    private static StoreOperation.GiveCompensation Give(string id, string cause, string form) => new(id, "SO-1", cause, form, 5, Customer, null);

    private static StoreOperation.ReserveBudget Reserve(string id, decimal amount) => new(id, "B-1", amount, "推广");

    private static List<string> Texts(System.Text.Json.Nodes.JsonNode? list) => [.. list!.AsArray().Select(s => (string)s!)];

    private async Task<(decimal Reserved, decimal Spent, decimal Available)> StandAsync() => (await Shop.FindBudgetAsync("B-1", Token)) is { } b ? (b.Reserved, b.Spent, b.Available) : default;
}

public sealed class SqliteControlTests(SqliteFixture fixture) : ControlContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresControlTests(PostgresFixture fixture) : ControlContract(fixture), IClassFixture<PostgresFixture>;
