using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Reading: promotions, their rows, backups, figures.</summary>
public sealed partial class EmbeddedStore
{
    public async Task<IReadOnlyList<Promotion>> ListPromotionsAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("store_list_promotions", SqlArgs.None, ReadPromotion, cancellationToken);

    public Task<PromotionState?> FindPromotionAsync(string promotionId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                if (await session.FirstAsync("store_find_promotion", new() { ["id"] = promotionId }, ReadPromotion, cancellationToken) is not { } promotion)
                    return null;
                var (participants, flagged, transactions) = await CountAsync(session, promotionId, cancellationToken);
                var backups = await session.QueryAsync("store_backups_of", new() { ["promotion_id"] = promotionId }, ReadBackup, cancellationToken);
                return new PromotionState(promotion, participants, flagged, transactions, backups);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoreRow>> ReadRowsAsync(string promotionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoreRow>>(
            async session => await session.FirstAsync("store_find_promotion", new() { ["id"] = promotionId }, ReadPromotion, cancellationToken) switch
            {
                null => [],
                { PageDeletedAt: not null } => await DataRowsAsync(session, promotionId, cancellationToken),
                { } promotion => await LiveRowsAsync(session, promotion, cancellationToken),
            },
            cancellationToken);

    public Task<SalesFigures> MeasureAsync(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string>? stockCodes, CancellationToken cancellationToken) =>
        database.ReadAsync(session => MeasureAsync(session, from, to, stockCodes, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<CustomerMessage>> ListMessagesAsync(string promotionId, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "store_list_messages",
            new() { ["promotion_id"] = promotionId, ["limit"] = limit },
            row => new CustomerMessage(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetString(5), row.GetString(6), row.Instant(7)),
            cancellationToken);

    public async Task<IReadOnlyDictionary<string, long>> CountMessagesAsync(string promotionId, CancellationToken cancellationToken) =>
        (await database.QueryAsync("store_count_messages", new() { ["promotion_id"] = promotionId }, row => (row.GetString(0), row.GetInt64(1)), cancellationToken))
            .ToDictionary();

    public Task<long> CountSalesAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("store_count_sales", SqlArgs.None, row => row.GetInt64(0), cancellationToken);

    private static async Task<SalesFigures> MeasureAsync(Session session, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string>? stockCodes, CancellationToken cancellationToken)
    {
        var period = new SqlArgs { ["from"] = from, ["to"] = to };
        var visits = await session.FirstAsync("store_measure_visits", period, row => (Days: row.GetInt64(0), Visitors: row.GetInt64(1)), cancellationToken);
        var args = new SqlArgs { ["from"] = from, ["to"] = to };
        if (stockCodes is not null)
            args["codes"] = stockCodes.ToArray();
        var sales = await session.FirstAsync(
            "store_measure",
            args,
            row => new SalesFigures(from, to, row.GetInt64(0), TenThousandths.ToDecimal(row.GetInt64(1)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), visits.Days > 0 ? visits.Visitors : null),
            cancellationToken);
        return sales!;
    }

    private async Task<StoreOutcome> MeasureImpactAsync(Session session, StoreOperation.MeasureImpact impact, CancellationToken cancellationToken)
    {
        if (await session.FirstAsync("store_find_promotion", new() { ["id"] = impact.PromotionId }, ReadPromotion, cancellationToken) is not { } promotion)
            return NoPromotion(impact.PromotionId);

        var now = clock.GetUtcNow();
        var until = promotion.EndsAt < now ? promotion.EndsAt : now;
        until = promotion.PageDeletedAt < until ? promotion.PageDeletedAt.Value : until;
        until = until < promotion.StartsAt ? promotion.StartsAt : until;
        var codes = await StockCodesAsync(session, promotion, cancellationToken);
        var during = await MeasureAsync(session, promotion.StartsAt, until, codes, cancellationToken);
        var before = await MeasureAsync(session, promotion.StartsAt - (until - promotion.StartsAt), promotion.StartsAt, codes, cancellationToken);
        var (participants, _, transactions) = await CountAsync(session, promotion.Id, cancellationToken);
        return new StoreOutcome.Done(new JsonObject
        {
            ["promotionId"] = promotion.Id,
            ["promotionName"] = promotion.Name,
            ["participants"] = participants,
            ["transactions"] = transactions,
            ["during"] = during.ToJson(),
            ["before"] = before.ToJson(),
            ["change"] = during.ChangeAgainst(before),
            ["deletedAt"] = promotion.PageDeletedAt?.ToString("O"),
        });
    }

    private static async Task<StoreOutcome> SnapshotAsync(Session session, StoreOperation.SnapshotMetrics snapshot, CancellationToken cancellationToken)
    {
        if (await session.FirstAsync("store_find_promotion", new() { ["id"] = snapshot.PromotionId }, ReadPromotion, cancellationToken) is not { } promotion)
            return NoPromotion(snapshot.PromotionId);

        var codes = await StockCodesAsync(session, promotion, cancellationToken);
        var figures = await MeasureAsync(session, snapshot.From, snapshot.To, codes, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["label"] = snapshot.Label, ["figures"] = figures.ToJson() });
    }

    /// <summary>The products of a promotion; of a deleted one those in its newest backup. Null for the whole shop.</summary>
    private static async Task<IReadOnlyList<string>?> StockCodesAsync(Session session, Promotion promotion, CancellationToken cancellationToken)
    {
        var settings = promotion.Settings;
        if (promotion.PageDeletedAt is not null)
        {
            var backups = await session.QueryAsync("store_backups_of", new() { ["promotion_id"] = promotion.Id }, ReadBackup, cancellationToken);
            if (backups.FirstOrDefault(b => b.VerifiedAt is not null) is { } backup)
                settings = (await BackupRowsAsync(session, backup.Id, cancellationToken)).Single(r => r.Part == StoreRow.Settings).ToPromotion(promotion.Id).Settings;
        }

        return settings?["stockCodes"] is JsonArray { Count: > 0 } codes ? [.. codes.Select(c => c!.ToString())] : null;
    }

    private static async Task<(int Participants, int Flagged, int Transactions)> CountAsync(Session session, string promotionId, CancellationToken cancellationToken) =>
        await session.FirstAsync("store_count_rows", new() { ["id"] = promotionId }, row => ((int)row.GetInt64(0), (int)row.GetInt64(1), (int)row.GetInt64(2)), cancellationToken);

    private static async Task<List<StoreRow>> LiveRowsAsync(Session session, Promotion promotion, CancellationToken cancellationToken) =>
        [StoreRow.Of(promotion), .. await DataRowsAsync(session, promotion.Id, cancellationToken)];

    private static async Task<List<StoreRow>> DataRowsAsync(Session session, string promotionId, CancellationToken cancellationToken)
    {
        var id = new SqlArgs { ["id"] = promotionId };
        var participants = await session.QueryAsync(
            "store_participants",
            id,
            row => StoreRow.Of(new Participant(promotionId, row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.Instant(3), row.GetInt64(4) == 1)),
            cancellationToken);
        var transactions = await session.QueryAsync(
            "store_transactions",
            id,
            row => StoreRow.Of(new PromotionTransaction(promotionId, row.GetString(0), row.GetString(1), row.Instant(2), TenThousandths.ToDecimal(row.GetInt64(3)), TenThousandths.ToDecimal(row.GetInt64(4)))),
            cancellationToken);
        return [.. participants, .. transactions];
    }

    private static Task<BackupSummary?> FindBackupAsync(Session session, string id, CancellationToken cancellationToken) =>
        session.FirstAsync("store_find_backup", new() { ["id"] = id }, ReadBackup, cancellationToken);

    private static Task<List<StoreRow>> BackupRowsAsync(Session session, string backupId, CancellationToken cancellationToken) =>
        session.QueryAsync("store_backup_rows", new() { ["id"] = backupId }, row => new StoreRow(row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken);

    private static Promotion ReadPromotion(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Instant(3), row.Instant(4), row.Json(5) as JsonObject, row.TextOrNull(6), row.InstantOrNull(7));

    private static BackupSummary ReadBackup(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Instant(2), row.InstantOrNull(3), BackupManifest.Parse(row.GetString(4)));
}
