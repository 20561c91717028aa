using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Lists that pages show: each filter, and every page after the one before, without a gap.</summary>
public abstract class LookingContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task Orders_are_found_by_number_state_lateness_and_day_and_the_late_ones_come_first_when_asked()
    {
        var now = A.Now;
        await Shop.SaveAsync(
            [
                Of("SO-1", OrderState.Delivered, -10, promised: -5, delivered: -5), Of("SO-2", OrderState.Delivered, -9, promised: -5, delivered: -4), Of("SO-3", OrderState.Dispatched, -8, promised: -1),
                Of("SO-4", OrderState.Cancelled, -7, promised: -1), Of("SO-5", OrderState.Paid, -6, promised: 1), Of("XO-6", OrderState.Created, -5),
            ],
            Token);
        async Task<string> FoundAsync(OrderFilter filter) => string.Join(' ', (await Shop.ListOrdersAsync(filter, Token)).Select(o => o.OrderNo));

        Assert.Equal("XO-6 SO-5 SO-4 SO-3 SO-2 SO-1", await FoundAsync(new OrderFilter()));
        Assert.Equal("SO-3 SO-2", await FoundAsync(new OrderFilter(IsLate: true)));
        Assert.Equal("XO-6 SO-5 SO-4 SO-1", await FoundAsync(new OrderFilter(IsLate: false)));
        Assert.Equal("SO-5 SO-4", await FoundAsync(new OrderFilter(PlacedFrom: now.AddDays(-7), PlacedBefore: now.AddDays(-5))));
        Assert.Equal("SO-2 SO-1", await FoundAsync(new OrderFilter(Number: "SO", State: OrderState.Delivered)));
        Assert.Equal("SO-3 SO-2 XO-6 SO-5 SO-4 SO-1", await FoundAsync(new OrderFilter(LateFirst: true)));
        foreach (var lateFirst in new[] { false, true })
        {
            var whole = await FoundAsync(new OrderFilter(LateFirst: lateFirst));
            var paged = new List<string>();
            string? after = null;
            while ((await FoundAsync(new OrderFilter(LateFirst: lateFirst, After: after, Limit: 1))) is { Length: > 0 } one)
                paged.Add(after = one);
            Assert.Equal(whole, string.Join(' ', paged));
        }

        Assert.All(await Shop.ListOrdersAsync(new OrderFilter(IsLate: true), Token), o => Assert.True(o.IsLate(now)));
        Assert.All(await Shop.ListOrdersAsync(new OrderFilter(IsLate: false), Token), o => Assert.False(o.IsLate(now)));

        Assert.Null(await Shop.RevealOrderAsync("SO-9", "cs_agent", "核对收件电话", Token));
        Assert.Empty(await Shop.ListDisclosuresAsync(Disclosure.OfOrder, "SO-9", 10, Token));
        Assert.Equal("13800001234", (await Shop.RevealOrderAsync("SO-1", "cs_agent", "核对收件电话", Token))!.Mobile);
        Assert.Equal("核对收件电话", Assert.Single(await Shop.ListDisclosuresAsync(Disclosure.OfOrder, "SO-1", 10, Token)).Reason);

        Order Of(string no, string state, int placed, int? promised = null, int? delivered = null) => new(
            no, "C-1", "13800001234", null, null, null, null, now.AddDays(placed), null, null, null, promised is { } p ? now.AddDays(p) : null, null, delivered is { } d ? now.AddDays(d) : null, state, null);
    }

    [Fact]
    public async Task The_blacklist_is_listed_by_customer_scope_and_whether_it_stands_page_by_page()
    {
        await DoAsync(new StoreOperation.Blacklist("case-1", "C-1", [BlacklistScope.Coupons, BlacklistScope.Reviews], "恶意退货", A.Now.AddDays(1)));
        Clock.Advance(TimeSpan.FromHours(1));
        await DoAsync(new StoreOperation.Blacklist("case-2", "C-2", [BlacklistScope.Coupons], "刷单", null));
        Clock.Advance(TimeSpan.FromHours(1));
        await DoAsync(new StoreOperation.Unblacklist("case-3", "C-2", null, "申诉成立"));
        async Task<string> FoundAsync(BlacklistFilter filter) => string.Join(' ', (await Shop.ListBlacklistAsync(filter, Token)).Select(b => $"{b.Customer}:{b.Scope}"));

        Assert.Equal("C-2:coupons C-1:reviews C-1:coupons", await FoundAsync(new BlacklistFilter()));
        Assert.Equal("C-1:reviews C-1:coupons", await FoundAsync(new BlacklistFilter(Stands: true)));
        Assert.Equal("C-2:coupons", await FoundAsync(new BlacklistFilter(Stands: false)));
        Assert.Equal("C-1:coupons", await FoundAsync(new BlacklistFilter("C-1", BlacklistScope.Coupons)));
        var lifted = Assert.Single(await Shop.ListBlacklistAsync(new BlacklistFilter("C-2"), Token));
        Assert.Equal(("case-2", "case-3", "申诉成立"), (lifted.Entry, lifted.RemovedBy, lifted.RemovalReason));
        var paged = new List<string>();
        BlacklistEntry? after = null;
        while (await Shop.ListBlacklistAsync(new BlacklistFilter(After: after, Limit: 1), Token) is [var one])
        {
            paged.Add($"{one.Customer}:{one.Scope}");
            after = one;
        }

        Assert.Equal("C-2:coupons C-1:reviews C-1:coupons", string.Join(' ', paged));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("", await FoundAsync(new BlacklistFilter(Stands: true)));
    }

    [Fact]
    public async Task A_budget_is_shown_with_what_was_reserved_spent_and_returned()
    {
        await DoAsync(new StoreOperation.OpenBudget("case-1", "B-1", "双11推广", 1_000));
        await DoAsync(new StoreOperation.OpenBudget("case-2", "B-2", "试用", 5));
        await DoAsync(new StoreOperation.CloseBudget("case-2", "B-2"));
        await DoAsync(new StoreOperation.ReserveBudget("case-3", "B-1", 600, "直通车"));
        await DoAsync(new StoreOperation.SpendBudget("case-4", "case-3", 250.5m));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await DoAsync(new StoreOperation.SpendBudget("case-5", "case-3", 100));
        await DoAsync(new StoreOperation.UnspendBudget("case-5"));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await DoAsync(new StoreOperation.ReserveBudget("case-6", "B-1", 200, "直播"));
        await DoAsync(new StoreOperation.ReleaseBudget("case-6"));

        Assert.Equal(["B-1", "B-2"], (await Shop.ListBudgetsAsync(null, null, 10, Token)).Select(b => b.Budget.Id));
        Assert.Equal(["B-2"], (await Shop.ListBudgetsAsync(null, "B-1", 10, Token)).Select(b => b.Budget.Id));
        Assert.Equal(["B-1"], (await Shop.ListBudgetsAsync(true, null, 10, Token)).Select(b => b.Budget.Id));
        Assert.NotNull(Assert.Single(await Shop.ListBudgetsAsync(false, null, 10, Token)).ClosedAt);
        Assert.Null(await Shop.FindBudgetRecordAsync("B-9", Token));
        var found = (await Shop.FindBudgetRecordAsync("B-1", Token))!;
        Assert.Equal((349.5m, 250.5m, 400m, "case-1"), (found.Budget.Reserved, found.Budget.Spent, found.Budget.Available, found.OpenedBy));
        var bookings = await Shop.ListReservationsAsync("B-1", Token);
        Assert.Equal([("直播", 0m, 0m), ("直通车", 349.5m, 250.5m)], bookings.Select(b => (b.Purpose, b.Open, b.Spent)));
        Assert.NotNull(bookings[0].ReleasedAt);
        Assert.Equal([(250.5m, false), (100m, true)], bookings[1].Spendings.Select(s => (s.Amount, s.UndoneAt is not null)));
    }
}

public sealed class SqliteLookingTests(SqliteFixture fixture) : LookingContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresLookingTests(PostgresFixture fixture) : LookingContract(fixture), IClassFixture<PostgresFixture>;
