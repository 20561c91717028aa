using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Restoring for practice. The copy lies under a number of its own, is written by the statements that restore a promotion in earnest, and is removed before the
/// transaction ends, so that nobody meets it.
/// </summary>
public sealed partial class EmbeddedStore
{
    private static async Task<StoreOutcome> DrillRestoreAsync(Session session, StoreOperation.DrillRestore drill, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        var id = drill.BackupId;
        if (id.Length == 0)
        {
            var sealedSets = await session.QueryAsync("store_verified_backups", SqlArgs.None, row => row.GetString(0), cancellationToken);
            if (sealedSets.Count == 0)
                return new StoreOutcome.Done(new JsonObject { ["drill"] = drill.Drill, ["backupId"] = null, ["passed"] = false });
            id = sealedSets[(int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(drill.Drill))) % sealedSets.Count)];
        }

        if (await FindBackupAsync(session, id, cancellationToken) is not { } backup)
            return NoBackup(id);
        var saved = await BackupRowsAsync(session, id, cancellationToken);
        var copied = await CopyAsync(session, $"drill:{drill.Drill}", saved, cancellationToken) ?? [];
        var checks = backup.Manifest.Check(copied);
        var missing = saved.Except(copied).Concat(copied.Except(saved)).Select(r => (JsonNode)$"{r.Part}/{r.Key}").Distinct().ToList();
        return new StoreOutcome.Done(new JsonObject
        {
            ["drill"] = drill.Drill,
            ["backupId"] = id,
            ["promotionId"] = backup.PromotionId,
            ["passed"] = copied.Count > 0 && missing.Count == 0 && checks.All(c => c.IsEqual),
            ["rows"] = copied.Count,
            ["seconds"] = Math.Round(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 3),
            ["parts"] = ToJson(checks),
            ["different"] = missing.Count,
            ["examples"] = new JsonArray([.. missing.Take(20)]),
        });
    }

    /// <summary>The rows as they are read after having been restored under another number; null when the backup cannot be read at all.</summary>
    private static async Task<List<StoreRow>?> CopyAsync(Session session, string place, List<StoreRow> saved, CancellationToken cancellationToken)
    {
        if (saved.Where(r => r.Part == StoreRow.Settings).ToList() is not [var settings])
            return null;
        Promotion promotion;
        List<Participant> participants;
        List<PromotionTransaction> transactions;
        try
        {
            promotion = settings.ToPromotion(place);
            participants = [.. saved.Where(r => r.Part == StoreRow.Participants).Select(r => r.ToParticipant(place))];
            transactions = [.. saved.Where(r => r.Part == StoreRow.Transactions).Select(r => r.ToTransaction(place))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            return null;
        }

        await SaveRowsAsync(session, "store_save_promotions", [promotion], PromotionColumns, cancellationToken);
        await SaveRowsAsync(session, "store_save_participants", participants, ParticipantColumns, cancellationToken);
        await SaveRowsAsync(session, "store_save_transactions", transactions, TransactionColumns, cancellationToken);
        var found = await session.FirstAsync("store_find_promotion", new() { ["id"] = place }, ReadPromotion, cancellationToken);
        var copied = await LiveRowsAsync(session, found!, cancellationToken);
        foreach (var statement in (string[])["store_clear_participants", "store_clear_transactions", "store_remove_copy"])
            await session.ExecuteAsync(statement, new() { ["id"] = place }, cancellationToken);
        return [.. copied.Select(r => r.Part == StoreRow.Settings ? r with { Key = settings.Key } : r)];
    }
}
