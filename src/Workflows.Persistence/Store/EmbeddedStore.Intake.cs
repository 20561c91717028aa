using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Taking data in, a batch per transaction.</summary>
public sealed partial class EmbeddedStore
{
    private static readonly Column<Supplier>[] SupplierColumns =
    [
        Column.Text<Supplier>("code", s => s.Code),
        Column.Text<Supplier>("name", s => s.Name),
        Column.Text<Supplier>("kind", s => s.Kind),
        Column.Text<Supplier>("email", s => s.Email),
        Column.Text<Supplier>("mobile", s => s.Mobile),
    ];

    private static readonly Column<Product>[] ProductColumns =
    [
        Column.Text<Product>("stock_code", p => p.StockCode),
        Column.Text<Product>("name", p => p.Name),
        Column.Number<Product>("price_e4", p => TenThousandths.Of(p.Price)),
        Column.Text<Product>("supplier_code", p => p.SupplierCode),
        Column.Number<Product>("cost_e4", p => TenThousandths.Of(p.Cost)),
        Column.Number<Product>("listed_at", p => Instants.ToMicros(p.ListedAt)),
    ];

    private static readonly Column<Promotion>[] PromotionColumns =
    [
        Column.Text<Promotion>("id", p => p.Id),
        Column.Text<Promotion>("name", p => p.Name),
        Column.Text<Promotion>("kind", p => p.Kind),
        Column.Number<Promotion>("starts_at", p => Instants.ToMicros(p.StartsAt)),
        Column.Number<Promotion>("ends_at", p => Instants.ToMicros(p.EndsAt)),
        Column.Text<Promotion>("settings", p => JsonText.Write(p.Settings ?? [])),
        Column.Text<Promotion>("rule_cache", p => p.RuleCache),
    ];

    private static readonly Column<Participant>[] ParticipantColumns =
    [
        Column.Text<Participant>("promotion_id", p => p.PromotionId),
        Column.Text<Participant>("customer_id", p => p.CustomerId),
        Column.Text<Participant>("name", p => p.Name),
        Column.Text<Participant>("mobile", p => p.Mobile),
        Column.Number<Participant>("joined_at", p => Instants.ToMicros(p.JoinedAt)),
        Column.Small<Participant>("flagged", p => p.IsFlagged ? 1 : 0),
    ];

    private static readonly Column<PromotionTransaction>[] TransactionColumns =
    [
        Column.Text<PromotionTransaction>("promotion_id", t => t.PromotionId),
        Column.Text<PromotionTransaction>("transaction_id", t => t.TransactionId),
        Column.Text<PromotionTransaction>("customer_id", t => t.CustomerId),
        Column.Number<PromotionTransaction>("at", t => Instants.ToMicros(t.At)),
        Column.Number<PromotionTransaction>("amount_e4", t => TenThousandths.Of(t.Amount)),
        Column.Number<PromotionTransaction>("discount_e4", t => TenThousandths.Of(t.Discount)),
    ];

    private static readonly Column<SalesLine>[] SalesColumns =
    [
        Column.Bytes<SalesLine>("key", l => l.Key),
        Column.Text<SalesLine>("invoice_no", l => l.InvoiceNo),
        Column.Text<SalesLine>("stock_code", l => l.StockCode),
        Column.Text<SalesLine>("description", l => l.Description),
        Column.Small<SalesLine>("quantity", l => l.Quantity),
        Column.Number<SalesLine>("at", l => Instants.ToMicros(l.At)),
        Column.Number<SalesLine>("unit_price_e4", l => TenThousandths.Of(l.UnitPrice)),
        Column.Text<SalesLine>("customer_id", l => l.CustomerId),
        Column.Text<SalesLine>("country", l => l.Country),
        Column.Small<SalesLine>("cancelled", l => l.IsCancelled ? 1 : 0),
    ];

    private static readonly Column<DailyVisits>[] VisitColumns =
    [
        Column.Number<DailyVisits>("day_at", v => Instants.ToMicros(ShopCalendar.BeginOf(v.Day))),
        Column.Number<DailyVisits>("visitors", v => v.Visitors),
    ];

    public Task<int> SaveAsync(IReadOnlyList<Supplier> suppliers, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_suppliers", suppliers, s => s.Code, SupplierColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_products", products, p => p.StockCode, ProductColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_promotions", promotions, p => p.Id, PromotionColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<Participant> participants, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_participants", participants, p => (p.PromotionId, p.CustomerId), ParticipantColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<PromotionTransaction> transactions, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_transactions", transactions, t => (t.PromotionId, t.TransactionId), TransactionColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<DailyVisits> visits, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_visits", visits, v => v.Day, VisitColumns, cancellationToken);

    public Task<int> SaveAsync(IReadOnlyList<SalesLine> lines, CancellationToken cancellationToken) =>
        database.WriteAsync(session => SaveRowsAsync(session, "store_save_sales", lines, SalesColumns, cancellationToken), cancellationToken);

    public async Task<IReadOnlySet<string>> FindOpenPromotionsAsync(IReadOnlyList<string> promotionIds, CancellationToken cancellationToken) =>
        (await database.QueryAsync("store_open_promotions", new() { ["ids"] = promotionIds.ToArray() }, row => row.GetString(0), cancellationToken)).ToHashSet();

    public async Task RecordAsync(ImportReport report, CancellationToken cancellationToken)
    {
        var record = new SqlArgs
        {
            ["kind"] = report.Kind,
            ["file_name"] = report.FileName,
            ["rows"] = report.Rows,
            ["saved"] = report.Saved,
            ["known"] = report.Known,
            ["rejected"] = report.Rejected,
            ["reasons"] = JsonText.Write(new JsonObject(report.Reasons.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value)))),
            ["started_at"] = report.StartedAt,
            ["finished_at"] = report.FinishedAt,
        };
        await database.ExecuteAsync("store_record_import", record, cancellationToken);
    }

    /// <summary>Of rows with the same key within a batch the last counts; PostgreSQL cannot update a row twice in one statement.</summary>
    private Task<int> SaveBatchAsync<T, TKey>(string statement, IReadOnlyList<T> rows, Func<T, TKey> key, Column<T>[] columns, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var last = new Dictionary<TKey, T>();
        foreach (var row in rows)
            last[key(row)] = row;
        return database.WriteAsync(session => SaveRowsAsync(session, statement, [.. last.Values], columns, cancellationToken), cancellationToken);
    }

    private static async Task<int> SaveRowsAsync<T>(Session session, string statement, IReadOnlyList<T> rows, Column<T>[] columns, CancellationToken cancellationToken)
    {
        if (session.Kind == DatabaseKind.Sqlite)
            return await session.ExecuteManyAsync(statement, rows.Select(row => Args(columns, c => c.One(row))), cancellationToken);
        return rows.Count == 0 ? 0 : await session.ExecuteAsync(statement, Args(columns, c => c.All(rows)), cancellationToken);
    }

    private static SqlArgs Args<T>(Column<T>[] columns, Func<Column<T>, object?> value)
    {
        var args = new SqlArgs();
        foreach (var column in columns)
            args[column.Name] = value(column);
        return args;
    }

    private static Column<StoreRow>[] BackupColumns(string backupId) =>
    [
        Column.Text<StoreRow>("backup_id", _ => backupId),
        Column.Text<StoreRow>("part", r => r.Part),
        Column.Text<StoreRow>("row_key", r => r.Key),
        Column.Text<StoreRow>("content", r => r.Content),
    ];
}
