using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Figures by calendar day, week and month. The database counts by day, which is a plain division; months are put together here.</summary>
public sealed partial class EmbeddedStore : IShopFigures
{
    public Task<IReadOnlyList<ProductDay>> ListProductDaysAsync(string stockCode, DateOnly first, DateOnly last, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ProductDay>>(
        async session =>
        {
            var args = new SqlArgs { ["code"] = stockCode, ["from"] = ShopCalendar.BeginOf(first), ["to"] = ShopCalendar.BeginOf(last.AddDays(1)) };
            var sales = (await session.QueryAsync("figures_product_days", args, row => (Day: row.GetInt64(0), Buyers: row.GetInt64(1), Sold: row.GetInt64(2)), cancellationToken)).ToDictionary(d => d.Day);
            var visits = (await session.QueryAsync("figures_product_visits", args, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken)).ToDictionary();
            return
            [
                .. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(n => new ProductDay(
                    first.AddDays(n), visits.TryGetValue(n, out var visitors) ? visitors : null, sales.GetValueOrDefault(n).Buyers, sales.GetValueOrDefault(n).Sold)),
            ];
        },
        cancellationToken);

    public Task<IReadOnlyList<ProductMonth>> ListProductMonthsAsync(string stockCode, DateTimeOffset now, int months, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ProductMonth>>(
        async session =>
        {
            var starts = ShopCalendar.MonthsUpTo(now, months);
            var args = new SqlArgs { ["code"] = stockCode, ["from"] = ShopCalendar.BeginOf(starts[0]), ["to"] = now };
            var sales = await session.QueryAsync("figures_product_days", args, row => (Day: row.GetInt64(0), Count: row.GetInt64(2)), cancellationToken);
            var received = await session.QueryAsync("figures_received", args, row => (Day: row.GetInt64(0), Count: row.GetInt64(1)), cancellationToken);
            var stock = new List<long?>();
            // What is sold at the stroke of midnight belongs to the new month.
            foreach (var at in starts.Select(m => ShopCalendar.BeginOf(m).AddMicroseconds(-1)).Append(now))
                stock.Add((await StockAtAsync(session, at, [stockCode], cancellationToken)).TryGetValue(stockCode, out var pieces) ? pieces : null);
            long In(IEnumerable<(long Day, long Count)> days, DateOnly month) => days.Where(d => ShopCalendar.MonthOf(starts[0].AddDays((int)d.Day)) == month).Sum(d => d.Count);
            return [.. starts.Select((m, i) => new ProductMonth(m, In(sales, m), In(received, m), stock[i], stock[i + 1]))];
        },
        cancellationToken);

    public async Task<IReadOnlyList<ComplaintWeek>> ListComplaintWeeksAsync(DateTimeOffset now, int weeks, CancellationToken cancellationToken)
    {
        var first = ShopCalendar.WeeksUpTo(now, weeks)[0];
        return await database.QueryAsync(
            "figures_complaint_weeks", new() { ["from"] = ShopCalendar.BeginOf(first), ["to"] = now }, row => new ComplaintWeek(first.AddDays(7 * (int)row.GetInt64(0)), row.GetString(1), row.GetInt64(2)), cancellationToken);
    }

    public async Task<IReadOnlyList<ClockMonth>> ListClockMonthsAsync(DateTimeOffset now, int months, CancellationToken cancellationToken)
    {
        var starts = ShopCalendar.MonthsUpTo(now, months);
        var days = await database.QueryAsync(
            "figures_clock_days",
            new() { ["from"] = ShopCalendar.BeginOf(starts[0]), ["to"] = ShopCalendar.BeginOf(starts[^1].AddMonths(1)) },
            row => (Definition: row.GetString(0), Month: ShopCalendar.MonthOf(starts[0].AddDays((int)row.GetInt64(1))), Kept: row.GetInt64(2), Breached: row.GetInt64(3), Open: row.GetInt64(4)),
            cancellationToken);
        return [.. days.GroupBy(d => (d.Definition, d.Month)).Select(g => new ClockMonth(g.Key.Definition, g.Key.Month, g.Sum(d => d.Kept), g.Sum(d => d.Breached), g.Sum(d => d.Open)))];
    }
}
