using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Figures by day, week and month of the shop's own time zone.</summary>
public abstract class ShopFiguresContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private static readonly TimeSpan Shop8 = TimeSpan.FromHours(8);
    private int _lines;

    [Fact]
    public async Task A_day_begins_at_midnight_in_the_shop_and_customers_count_once()
    {
        var first = new DateOnly(2029, 12, 30);
        await Shop.SaveAsync(
            [
                Sale("A1", At(2029, 12, 30, 0, 0), 2, "C1"), Sale("A1", At(2029, 12, 30, 23, 59), 1, "C1"), Sale("A1", At(2029, 12, 30, 12, 0), 1, null), Sale("A1", At(2029, 12, 31, 0, 0), 5, "C2"),
                Sale("A1", At(2029, 12, 31, 9, 0), -1, "C2"), Sale("A1", At(2029, 12, 29, 23, 59), 9, "C3"), Sale("B2", At(2029, 12, 30, 9, 0), 7, "C4"),
            ],
            Token);
        await Shop.SaveAsync([new ProductVisits("A1", first, 100)], Token);

        var days = await Shop.ListProductDaysAsync("A1", first, first.AddDays(2), Token);

        Assert.Equal([(100L, 2L, 4L), (null, 1, 5), (null, 0, 0)], days.Select(d => (d.Visitors, d.Buyers, d.Sold)));
        Assert.Equal([2m, null, null], days.Select(d => d.Conversion));
    }

    [Fact]
    public async Task A_months_sell_through_is_sold_over_opening_and_received()
    {
        await Shop.SaveAsync([new StockEntry("A1", At(2029, 11, 15, 0, 0), StockEntry.Count, 100), new StockEntry("A1", At(2029, 12, 10, 0, 0), StockEntry.Received, 20)], Token);
        await Shop.SaveAsync([Sale("A1", At(2029, 11, 20, 9, 0), 20, "C1"), Sale("A1", At(2029, 12, 31, 23, 59), 25, "C1"), Sale("A1", At(2030, 1, 1, 0, 0), 5, "C1")], Token);

        var months = await Shop.ListProductMonthsAsync("A1", At(2030, 1, 2, 0, 0), 3, Token);

        Assert.Equal([new(2029, 11, 1), new(2029, 12, 1), new(2030, 1, 1)], months.Select(m => m.Month));
        Assert.Equal([(20L, 0L, null, 80L), (25, 20, 80, 75), (5, 0, 75, 70)], months.Select(m => (m.Sold, m.Received, m.Opening, m.Closing)));
        Assert.Equal([null, 25m, 5 * 100m / 75], months.Select(m => m.SellThrough));
    }

    [Fact]
    public async Task Complaints_are_counted_by_week_from_monday_without_those_that_had_no_ground()
    {
        // 31 December 2029 is a Monday.
        foreach (var (id, at, named) in new[] { ("c-1", At(2029, 12, 30, 23, 59), "物流"), ("c-2", At(2029, 12, 31, 0, 0), "物流"), ("c-3", At(2029, 12, 31, 9, 0), "商品质量"), ("c-4", At(2029, 12, 31, 10, 0), "物流"), ("c-5", At(2029, 12, 31, 11, 0), "物流") })
            await DoAsync(new StoreOperation.RecordComplaint(id, at, "C1", null, null, "电话", named, null, "内容"));
        await DoAsync(new StoreOperation.NoteComplaint("c-5", ComplaintState.Invalid));

        var weeks = await Shop.ListComplaintWeeksAsync(A.Now, 12, Token);

        Assert.Equal(["2029-12-24 物流 1", "2029-12-31 商品质量 1", "2029-12-31 物流 2"], weeks.OrderBy(w => w.Monday).ThenBy(w => w.Class, StringComparer.Ordinal).Select(w => $"{w.Monday:yyyy-MM-dd} {w.Class} {w.Count}"));
    }

    [Fact]
    public async Task Clocks_are_counted_by_the_month_they_were_due_in()
    {
        var (due, next) = (Micros(At(2029, 12, 31, 23, 59)), Micros(At(2030, 1, 1, 0, 0)));
        foreach (var (id, at, state, breached, stopped) in new[] { ("k1", due, 0, "null", "1"), ("k2", due, 2, "1", "1"), ("k3", due, 2, "1", "null"), ("k4", next, 1, "null", "null"), ("k5", next, 1, "null", "1") })
        {
            await Db.ExecuteAsync(
                "insert into clock (id, instance_id, definition_id, name, kind, state, calendar_id, calendar_version, started_at, due_at, breached_at, stopped_at, document) "
                + $"values ('{id}', 'i', 'p', 'n', 0, {state}, '24x7', 1, 0, {at}, {breached}, {stopped}, '{{}}')");
        }

        var months = (await Shop.ListClockMonthsAsync(A.Now, 2, Token)).OrderBy(m => m.Month);

        Assert.Equal([new("p", new DateOnly(2029, 12, 1), 1, 2, 0), new("p", new DateOnly(2030, 1, 1), 1, 0, 1)], months);
    }

    private static long Micros(DateTimeOffset at) => at.ToUnixTimeMilliseconds() * 1000;

    private static DateTimeOffset At(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, Shop8);

    private SalesLine Sale(string code, DateTimeOffset at, int quantity, string? customer) =>
        new(Guid.CreateVersion7(at.AddMilliseconds(_lines++)).ToByteArray(), $"I{_lines}", code, null, quantity, at, 10, customer, null, false);
}

public sealed class SqliteShopFiguresTests(SqliteFixture fixture) : ShopFiguresContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresShopFiguresTests(PostgresFixture fixture) : ShopFiguresContract(fixture), IClassFixture<PostgresFixture>;
