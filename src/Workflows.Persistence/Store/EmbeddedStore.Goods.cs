using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Products: prices for a time, on and off sale, marks, coupons, stock, and what a scan or a trial asks for.
/// </summary>
/// <remarks>
/// What can go wrong: two processes change one product, and the undo of the first takes back what the second did. The rule: whoever sets
/// something is written beside it, and ending it touches only rows that carry that name.
/// </remarks>
public sealed partial class EmbeddedStore
{
    private static readonly Column<StockEntry>[] StockColumns =
    [
        Column.Text<StockEntry>("stock_code", e => e.StockCode),
        Column.Number<StockEntry>("at", e => Instants.ToMicros(e.At)),
        Column.Text<StockEntry>("kind", e => e.Kind),
        Column.Number<StockEntry>("quantity", e => e.Quantity),
    ];

    private static readonly Column<ProductVisits>[] ProductVisitColumns =
    [
        Column.Text<ProductVisits>("stock_code", v => v.StockCode),
        Column.Number<ProductVisits>("day_at", v => Instants.ToMicros(ShopCalendar.BeginOf(v.Day))),
        Column.Number<ProductVisits>("visitors", v => v.Visitors),
    ];

    public Task<int> SaveAsync(IReadOnlyList<StockEntry> entries, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_stock", entries, e => (e.StockCode, e.Kind, e.At), StockColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<ProductVisits> visits, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_product_visits", visits, v => (v.StockCode, v.Day), ProductVisitColumns, cancellationToken);

    public Task<IReadOnlyList<ProductState>> ListProductsAsync(IReadOnlyList<string>? stockCodes, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ProductState>>(
            async session =>
            {
                var args = new SqlArgs { ["limit"] = limit, ["after"] = after };
                if (stockCodes is not null)
                    args["codes"] = stockCodes.ToArray();
                var products = await session.QueryAsync("store_products", args, ReadProduct, cancellationToken);
                var codes = products.Select(p => p.StockCode).ToArray();
                var marks = await MarksAsync(session, codes, cancellationToken);
                var stock = await StockAtAsync(session, clock.GetUtcNow(), codes, cancellationToken);
                return [.. products.Select(p => p with { Stock = stock.TryGetValue(p.StockCode, out var pieces) ? pieces : null, Marks = [.. marks[p.StockCode]] })];
            },
            cancellationToken);

    public async Task<IReadOnlyList<ProductCoupon>> ListCouponsAsync(string stockCode, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_coupons_of",
        new() { ["code"] = stockCode },
        row => new ProductCoupon(row.GetString(0), row.GetString(1), row.GetString(2), TenThousandths.ToDecimal(row.GetInt64(3)), row.Instant(4), row.Instant(5), row.InstantOrNull(6)),
        cancellationToken);

    public async Task<IReadOnlyDictionary<string, long>> CountProductMessagesAsync(string stockCode, CancellationToken cancellationToken) =>
        (await database.QueryAsync("store_count_goods_notices", new() { ["code"] = stockCode }, row => (row.GetString(0), row.GetInt64(1)), cancellationToken)).ToDictionary();

    public Task<IReadOnlyList<SlowMover>> FindSlowMoversAsync(SlowMoverRule rule, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindSlowMoversAsync(session, rule, at, cancellationToken), cancellationToken);

    public Task<TrialFigures> MeasureTrialAsync(string stockCode, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        database.ReadAsync(session => MeasureTrialAsync(session, stockCode, from, to, cancellationToken), cancellationToken);

    private static async Task<IReadOnlyList<SlowMover>> FindSlowMoversAsync(Session session, SlowMoverRule rule, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var from = at - TimeSpan.FromDays(rule.Days);
        var marks = await MarksAsync(session, null, cancellationToken);
        var (opening, stock) = (await StockAtAsync(session, from, null, cancellationToken), await StockAtAsync(session, at, null, cancellationToken));
        var received = (await session.QueryAsync("store_received", new() { ["from"] = from, ["at"] = at }, row => (row.GetString(0), row.GetInt64(1)), cancellationToken)).ToDictionary();
        var products = await session.QueryAsync(
            "store_goods_figures",
            new() { ["from"] = from, ["at"] = at },
            row =>
            {
                var code = row.GetString(0);
                return new ProductFigures(
                    code, row.GetString(1), MoneyOrNull(row, 2), MoneyOrNull(row, 3), row.InstantOrNull(4), row.InstantOrNull(5), row.IsDBNull(6) ? 0 : row.GetInt64(6),
                    opening.TryGetValue(code, out var first) ? first : null, received.GetValueOrDefault(code), stock.TryGetValue(code, out var left) ? left : null, [.. marks[code]]);
            },
            cancellationToken);
        return [.. products.Select(p => rule.Judge(p, at)).OfType<SlowMover>().OrderBy(s => s.Product.StockCode, StringComparer.Ordinal)];
    }

    private async Task<StoreOutcome> FindSlowMoversAsync(Session session, StoreOperation.FindSlowMovers find, CancellationToken cancellationToken)
    {
        var slow = await FindSlowMoversAsync(session, new SlowMoverRule(find.Days, find.SellThroughPercent), clock.GetUtcNow(), cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["items"] = new JsonArray([.. slow.Select(s => (JsonNode)s.ToJson())]) });
    }

    private async Task<StoreOutcome> ChangePricesAsync(Session session, StoreOperation.ChangePrices change, CancellationToken cancellationToken)
    {
        if (change.Until <= clock.GetUtcNow())
            return new StoreOutcome.Refused("价格的结束时间已过 (the price would have ended already)");
        foreach (var (code, price) in change.Prices.OrderBy(p => p.StockCode, StringComparer.Ordinal))
        {
            if (await LockProductAsync(session, code, cancellationToken) is not { } product)
                return NoProduct(code);
            if (price < 0)
                return new StoreOutcome.Refused($"商品 {code} 的价格小于 0 (negative price)");
            if (product.OffSaleAt is not null)
                return new StoreOutcome.Refused($"商品 {code} 已下架，不能改价 (not on sale)");
            if (product.PriceUntil is not null)
                return new StoreOutcome.Refused($"商品 {code} 已有限时价格，请先结束 (has a price for a time already)");
        }

        foreach (var (code, price) in change.Prices)
            await session.ExecuteAsync("store_price_for_a_time", new() { ["code"] = code, ["price"] = TenThousandths.Of(price), ["until"] = change.Until, ["by"] = change.By }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["by"] = change.By, ["changed"] = change.Prices.Count, ["until"] = change.Until.ToString("O") });
    }

    private static async Task<StoreOutcome> EndPricesAsync(Session session, StoreOperation.EndPrices end, CancellationToken cancellationToken)
    {
        var set = await session.QueryAsync("store_priced_by", new() { ["by"] = end.By }, row => row.GetString(0), cancellationToken);
        var ended = set.Where(code => end.StockCodes?.Contains(code) ?? true).ToList();
        foreach (var code in ended)
            await session.ExecuteAsync(end.Stay ? "store_end_price_stay" : "store_end_price_back", new() { ["code"] = code, ["by"] = end.By }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["ended"] = Texts(ended) });
    }

    private static async Task<StoreOutcome> MarkAsync(Session session, StoreOperation.MarkProducts mark, CancellationToken cancellationToken)
    {
        if (!ProductMarks.All.Contains(mark.Mark))
            return new StoreOutcome.Refused($"没有“{mark.Mark}”这种标记，可选：{string.Join("、", ProductMarks.All)} (unknown mark)");
        if (await FirstUnknownAsync(session, mark.StockCodes, cancellationToken) is { } unknown)
            return NoProduct(unknown);
        foreach (var code in mark.StockCodes)
            await session.ExecuteAsync("store_mark_product", new() { ["code"] = code, ["mark"] = mark.Mark, ["by"] = mark.By }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["by"] = mark.By, ["marked"] = mark.StockCodes.Count });
    }

    private static async Task<StoreOutcome> UnmarkAsync(Session session, StoreOperation.UnmarkProducts unmark, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["unmarked"] = await session.ExecuteAsync("store_unmark_products", new() { ["mark"] = unmark.Mark, ["by"] = unmark.By }, cancellationToken) });

    private async Task<StoreOutcome> TakeOffSaleAsync(Session session, StoreOperation.TakeOffSale take, CancellationToken cancellationToken)
    {
        if (await FirstUnknownAsync(session, take.StockCodes, cancellationToken) is { } unknown)
            return NoProduct(unknown);
        foreach (var code in take.StockCodes)
        {
            var args = new SqlArgs { ["code"] = code, ["at"] = clock.GetUtcNow(), ["by"] = take.By, ["reason"] = take.Reason, ["block"] = take.Block ? 1 : 0 };
            await session.ExecuteAsync("store_take_off_sale", args, cancellationToken);
        }

        return new StoreOutcome.Done(new JsonObject { ["by"] = take.By, ["offSale"] = take.StockCodes.Count });
    }

    private async Task<StoreOutcome> PutOnSaleAsync(Session session, StoreOperation.PutOnSale put, CancellationToken cancellationToken)
    {
        if (await FirstUnknownAsync(session, put.StockCodes, cancellationToken) is { } unknown)
            return NoProduct(unknown);
        var codes = put.TakenOffBy is { } by
            ? (await session.QueryAsync("store_taken_off_by", new() { ["by"] = by }, row => row.GetString(0), cancellationToken)).Where(put.StockCodes.Contains).ToList()
            : put.StockCodes;
        foreach (var code in codes)
            await session.ExecuteAsync("store_put_on_sale", new() { ["code"] = code, ["at"] = clock.GetUtcNow() }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["onSale"] = Texts(codes) });
    }

    private async Task<StoreOutcome> StartCouponAsync(Session session, StoreOperation.StartCoupon start, CancellationToken cancellationToken)
    {
        if (await LockProductAsync(session, start.StockCode, cancellationToken) is null)
            return NoProduct(start.StockCode);
        if (start.PercentOff is <= 0 or >= 100)
            return new StoreOutcome.Refused("优惠幅度须大于 0、小于 100 % (percent off must lie between 0 and 100)");
        var args = new SqlArgs
        {
            ["id"] = start.Coupon,
            ["code"] = start.StockCode,
            ["title"] = start.Title,
            ["percent"] = TenThousandths.Of(start.PercentOff),
            ["at"] = clock.GetUtcNow(),
            ["until"] = start.Until,
        };
        return await session.ExecuteAsync("store_add_coupon", args, cancellationToken) == 1
            ? new StoreOutcome.Done(new JsonObject { ["coupon"] = start.Coupon })
            : new StoreOutcome.Refused($"编号为 {start.Coupon} 的优惠券已存在 (a coupon of this number exists)");
    }

    /// <summary>One that never began, because its host died before the act, has nothing to be ended.</summary>
    private async Task<StoreOutcome> EndCouponAsync(Session session, StoreOperation.EndCoupon end, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["ended"] = await session.ExecuteAsync("store_end_coupon", new() { ["id"] = end.Coupon, ["at"] = clock.GetUtcNow() }, cancellationToken) == 1 });

    private async Task<StoreOutcome> ReadStockAsync(Session session, StoreOperation.ReadStock read, CancellationToken cancellationToken)
    {
        var stock = await StockAtAsync(session, clock.GetUtcNow(), [.. read.StockCodes], cancellationToken);
        return new StoreOutcome.Done(new JsonObject
        {
            ["items"] = new JsonArray([.. read.StockCodes.Select(code => (JsonNode)new JsonObject { ["stockCode"] = code, ["stock"] = stock.TryGetValue(code, out var left) ? left : null })]),
        });
    }

    private static async Task<TrialFigures> MeasureTrialAsync(Session session, string code, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var days = new SqlArgs { ["code"] = code, ["from"] = DayOf(from), ["to"] = DayOf(to) };
        var (counted, visitors) = await session.FirstAsync("store_trial_visits", days, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken);
        var stock = await StockAtAsync(session, to, [code], cancellationToken);
        var figures = await session.FirstAsync(
            "store_trial_sales",
            new() { ["code"] = code, ["from"] = from, ["to"] = to },
            row => new TrialFigures(
                code, from, to, counted > 0 ? visitors : null, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? 0 : row.GetInt64(3), TenThousandths.ToDecimal(row.GetInt64(4)),
                stock.TryGetValue(code, out var left) ? left : null),
            cancellationToken);
        return figures!;
    }

    private static async Task<StoreOutcome> MeasureTrialAsync(Session session, StoreOperation.MeasureTrial measure, CancellationToken cancellationToken)
    {
        if (await FirstUnknownAsync(session, [measure.StockCode], cancellationToken) is { } unknown)
            return NoProduct(unknown);
        var figures = await MeasureTrialAsync(session, measure.StockCode, measure.From, measure.To, cancellationToken);
        return new StoreOutcome.Done(new JsonObject
        {
            ["stockCode"] = figures.StockCode,
            ["from"] = figures.From.ToString("O"),
            ["to"] = figures.To.ToString("O"),
            ["visitors"] = figures.Visitors,
            ["buyers"] = figures.Buyers,
            ["orders"] = figures.Orders,
            ["units"] = figures.Units,
            ["returned"] = figures.Returned,
            ["revenue"] = figures.Revenue,
            ["stock"] = figures.Stock,
        });
    }

    private async Task<StoreOutcome> MessageBuyersAsync(Session session, StoreOperation.MessageBuyers message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var args = new SqlArgs { ["codes"] = message.StockCodes.ToArray(), ["since"] = message.Since };
        if (message.IdleDays is { } days)
            (args["idle_since"], args["at"]) = (now - TimeSpan.FromDays(days), now);
        var people = await session.QueryAsync("store_buyers", args, row => (Customer: row.GetString(0), Mobile: row.TextOrNull(1)), cancellationToken);
        var rows = people.Select(p => new Recipient(Site, p.Customer, null)).ToList();
        if (message.Sms)
            rows.AddRange(people.Where(p => p.Mobile is not null).Select(p => new Recipient(Sms, p.Customer, p.Mobile)));

        await session.ExecuteAsync("store_add_goods_notice", new() { ["id"] = message.Batch, ["title"] = message.Title, ["body"] = message.Body, ["at"] = now }, cancellationToken);
        foreach (var code in message.StockCodes)
            await session.ExecuteAsync("store_add_goods_notice_product", new() { ["id"] = message.Batch, ["code"] = code }, cancellationToken);
        await SaveRowsAsync(session, "store_add_goods_notice_customers", rows, NoticeColumns(message.Batch), cancellationToken);
        var (instance, execution) = ExecutionOf(message.Batch);
        await session.ExecuteAsync("store_queue_goods_sms", new() { ["id"] = message.Batch, ["instance_id"] = instance, ["execution"] = execution }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["batch"] = message.Batch, [Site] = rows.Count(r => r.Channel == Site), [Sms] = rows.Count(r => r.Channel == Sms) });
    }

    private static async Task<ILookup<string, string>> MarksAsync(Session session, string[]? codes, CancellationToken cancellationToken)
    {
        var args = codes is null ? SqlArgs.None : new SqlArgs { ["codes"] = codes };
        return (await session.QueryAsync("store_marks", args, row => (Code: row.GetString(0), Mark: row.GetString(1)), cancellationToken)).ToLookup(m => m.Code, m => m.Mark);
    }

    private static async Task<Dictionary<string, long>> StockAtAsync(Session session, DateTimeOffset at, string[]? codes, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["at"] = at };
        if (codes is not null)
            args["codes"] = codes;
        return (await session.QueryAsync("store_stock_at", args, row => (row.GetString(0), row.GetInt64(1)), cancellationToken)).ToDictionary();
    }

    private static Task<ProductState?> LockProductAsync(Session session, string code, CancellationToken cancellationToken) =>
        session.FirstAsync("store_lock_product", new() { ["code"] = code }, ReadProduct, cancellationToken);

    /// <summary>Locks the products in one order, so that two operations never wait for each other; answers the first that does not exist.</summary>
    private static async Task<string?> FirstUnknownAsync(Session session, IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        foreach (var code in codes.Order(StringComparer.Ordinal))
        {
            if (await LockProductAsync(session, code, cancellationToken) is null)
                return code;
        }

        return null;
    }

    private static StoreOutcome.Refused NoProduct(string code) => new($"没有编号为 {code} 的商品 (no such product)");

    private static DateTimeOffset DayOf(DateTimeOffset at) => ShopCalendar.BeginOf(ShopCalendar.DayOf(at));

    private static decimal? MoneyOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : TenThousandths.ToDecimal(row.GetInt64(column));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static ProductState ReadProduct(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), MoneyOrNull(row, 2), MoneyOrNull(row, 3), row.InstantOrNull(4), row.InstantOrNull(5), row.TextOrNull(6), row.GetInt64(7) == 1,
        row.IsDBNull(10) ? null : MoneyOrNull(row, 8), row.InstantOrNull(9), null, []);

    private static Column<Recipient>[] NoticeColumns(string notice) =>
    [
        Column.Text<Recipient>("notice_id", _ => notice),
        Column.Text<Recipient>("channel", r => r.Channel),
        Column.Text<Recipient>("customer_id", r => r.CustomerId),
        Column.Text<Recipient>("mobile", r => r.Mobile),
    ];
}
