using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Backup, deletion in two parts, and the way back.</summary>
public sealed partial class EmbeddedStore
{
    private const string BackupPrefix = "B-";

    /// <summary>How many rows every other promotion had when a backup was made: what a deletion of this one must not touch.</summary>
    private const string Others = "others";

    private async Task<StoreOutcome> BackUpAsync(Session session, string key, StoreOperation.Backup backup, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, backup.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(backup.PromotionId);
        if (promotion.PageDeletedAt is not null && backup.Onto is null)
            return new StoreOutcome.Refused("活动已删除，没有可备份的内容 (already deleted, nothing to back up)");

        var rows = promotion.PageDeletedAt is null ? await LiveRowsAsync(session, promotion, cancellationToken) : await DataRowsAsync(session, promotion.Id, cancellationToken);
        if (backup.Onto is { } earlier)
        {
            if (await IntactRowsAsync(session, earlier, promotion.Id, cancellationToken) is not { } saved)
                return Damaged(earlier);
            rows = [.. rows, .. saved.ExceptBy(rows.Select(r => (r.Part, r.Key)), r => (r.Part, r.Key))];
        }

        var manifest = BackupManifest.Of(rows);
        // The key is unique for good and says which instance made the backup.
        var id = BackupPrefix + key;
        var set = new SqlArgs { ["id"] = id, ["promotion_id"] = promotion.Id, ["created_at"] = clock.GetUtcNow(), ["manifest"] = JsonText.Write(manifest.ToJson()) };
        await session.ExecuteAsync("store_add_backup", set, cancellationToken);
        await SaveRowsAsync(session, "store_add_backup_rows", rows, BackupColumns(id), cancellationToken);
        return new StoreOutcome.Done(new JsonObject
        {
            ["backupId"] = id,
            ["promotionId"] = promotion.Id,
            ["promotionName"] = promotion.Name,
            ["manifest"] = manifest.ToJson(),
            // On top of another it keeps that one's counts: what was lost in between is lost all the same.
            [Others] = (backup.Onto is { } below ? await OthersOfAsync(session, below, cancellationToken) : null)
                ?? new JsonObject((await CountOthersAsync(session, promotion.Id, cancellationToken)).Select(c => KeyValuePair.Create(c.Id, (JsonNode?)new JsonArray(c.Participants, c.Transactions)))),
        });
    }

    private async Task<StoreOutcome> VerifyBackupAsync(Session session, StoreOperation.VerifyBackup verify, CancellationToken cancellationToken)
    {
        if (await FindBackupAsync(session, verify.BackupId, cancellationToken) is not { } backup)
            return NoBackup(verify.BackupId);

        var checks = backup.Manifest.Check(await BackupRowsAsync(session, backup.Id, cancellationToken));
        var valid = checks.All(c => c.IsEqual);
        // A set that fails loses the stamp of an earlier check.
        await session.ExecuteAsync("store_stamp_backup", new() { ["id"] = backup.Id, ["at"] = valid ? clock.GetUtcNow() : null }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["backupId"] = backup.Id, ["valid"] = valid, ["parts"] = ToJson(checks) });
    }

    private async Task<StoreOutcome> DeletePageAsync(Session session, StoreOperation.DeletePage delete, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, delete.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(delete.PromotionId);
        var (backup, fault) = await FindGuardAsync(session, delete.BackupId, promotion.Id, cancellationToken);
        if (backup is null)
            return new StoreOutcome.Refused(fault!);
        if (promotion.PageDeletedAt is { } at)
            return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["deletedAt"] = at.ToString("O"), ["already"] = true });

        var checks = backup.Manifest.Check(await LiveRowsAsync(session, promotion, cancellationToken));
        if (checks.FirstOrDefault(c => !c.IsEqual) is { } changed)
            return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["stale"] = $"备份之后{PartName(changed.Part)}有变化" });

        var now = clock.GetUtcNow();
        await session.ExecuteAsync("store_delete_page", new() { ["id"] = promotion.Id, ["at"] = now }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["deletedAt"] = now.ToString("O") });
    }

    private static async Task<StoreOutcome> ClearDataAsync(Session session, StoreOperation.ClearData clear, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, clear.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(clear.PromotionId);
        if (promotion.PageDeletedAt is null)
            return new StoreOutcome.Refused("前台页面还在，不能清理系统数据 (the page must be deleted first)");
        var (backup, fault) = await FindGuardAsync(session, clear.BackupId, promotion.Id, cancellationToken);
        if (backup is null)
            return new StoreOutcome.Refused(fault!);

        var saved = (await BackupRowsAsync(session, backup.Id, cancellationToken)).ToHashSet();
        var live = await DataRowsAsync(session, promotion.Id, cancellationToken);
        if (live.Count(row => !saved.Contains(row)) is > 0 and var unsaved)
            return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["stale"] = $"有 {unsaved} 条数据不在备份中" });

        var id = new SqlArgs { ["id"] = promotion.Id };
        var flags = await session.ExecuteAsync("store_clear_flags", id, cancellationToken);
        var participants = await session.ExecuteAsync("store_clear_participants", id, cancellationToken);
        var transactions = await session.ExecuteAsync("store_clear_transactions", id, cancellationToken);
        await session.ExecuteAsync("store_set_rule_cache", new() { ["id"] = promotion.Id, ["rule_cache"] = null }, cancellationToken);
        if (participants + transactions != live.Count)
            throw new InvalidOperationException($"Cleared {participants + transactions} rows of promotion {promotion.Id} where {live.Count} were seen.");
        return new StoreOutcome.Done(new JsonObject
        {
            ["promotionId"] = promotion.Id,
            ["flags"] = flags,
            ["participants"] = participants,
            ["transactions"] = transactions,
            ["ruleCache"] = promotion.RuleCache is not null,
        });
    }

    private static async Task<StoreOutcome> VerifyDeletedAsync(Session session, StoreOperation.VerifyDeleted verify, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, verify.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(verify.PromotionId);

        var (participants, flagged, transactions) = await CountAsync(session, promotion.Id, cancellationToken);
        var residue = new JsonArray();
        Note("page", "前台页面仍可打开", promotion.PageDeletedAt is null ? 1 : 0);
        Note("ruleCache", "活动规则缓存", promotion.RuleCache is null ? 0 : 1);
        Note("flags", "用户参与标识", flagged);
        Note("participants", "参与者数据", participants);
        Note("transactions", "交易记录", transactions);
        return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["residue"] = residue, ["lost"] = await FindLossAsync(session, promotion.Id, cancellationToken) });

        void Note(string what, string label, int count)
        {
            if (count > 0)
                residue.Add(new JsonObject { ["what"] = what, ["label"] = label, ["count"] = count });
        }
    }

    /// <summary>
    /// Rows that other promotions had when the last backup was made and have no more (catalogue 1.3: a count that does not agree). One whose own page was
    /// deleted meanwhile is not looked at; rows only grow otherwise.
    /// </summary>
    private static async Task<JsonArray> FindLossAsync(Session session, string promotionId, CancellationToken cancellationToken)
    {
        var lost = new JsonArray();
        var id = new SqlArgs { ["id"] = promotionId };
        if (await session.FirstAsync("store_last_backup", id, row => row.GetString(0), cancellationToken) is not { } backup)
            return lost;
        if (await OthersOfAsync(session, backup, cancellationToken) is not { } before)
            return lost;
        var now = (await CountOthersAsync(session, promotionId, cancellationToken)).ToDictionary(c => c.Id);
        foreach (var (other, counts) in before)
        {
            if (await session.FirstAsync("store_find_promotion", new() { ["id"] = other }, ReadPromotion, cancellationToken) is not { PageDeletedAt: null } promotion)
                continue;
            var (_, participants, transactions) = now.GetValueOrDefault(other);
            Note(promotion, "participants", "参与者数据", (long)counts![0]! - participants);
            Note(promotion, "transactions", "交易记录", (long)counts[1]! - transactions);
        }

        return lost;

        void Note(Promotion promotion, string part, string label, long count)
        {
            if (count > 0)
                lost.Add(new JsonObject { ["promotionId"] = promotion.Id, ["name"] = promotion.Name, ["part"] = part, ["label"] = label, ["count"] = count });
        }
    }

    /// <summary>A backup's number holds the key of the operation that made it, and that operation's answer the counts.</summary>
    private static async Task<JsonObject?> OthersOfAsync(Session session, string backup, CancellationToken cancellationToken)
    {
        var made = await session.FirstAsync("store_find_operation", new() { ["key"] = backup[BackupPrefix.Length..] }, row => row.GetString(1), cancellationToken);
        return made is null ? null : JsonNode.Parse(made)![Others]?.DeepClone() as JsonObject;
    }

    private static Task<List<(string Id, long Participants, long Transactions)>> CountOthersAsync(Session session, string promotionId, CancellationToken cancellationToken) =>
        session.QueryAsync("store_count_rows_of_others", new() { ["id"] = promotionId }, row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);

    private static async Task<StoreOutcome> RestoreDataAsync(Session session, StoreOperation.RestoreData restore, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, restore.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(restore.PromotionId);
        if (await IntactRowsAsync(session, restore.BackupId, promotion.Id, cancellationToken) is not { } rows)
            return Damaged(restore.BackupId);

        var participants = await SaveRowsAsync(
            session, "store_save_participants", [.. rows.Where(r => r.Part == StoreRow.Participants).Select(r => r.ToParticipant(promotion.Id))], ParticipantColumns, cancellationToken);
        var transactions = await SaveRowsAsync(
            session, "store_save_transactions", [.. rows.Where(r => r.Part == StoreRow.Transactions).Select(r => r.ToTransaction(promotion.Id))], TransactionColumns, cancellationToken);
        var cache = rows.Single(r => r.Part == StoreRow.Settings).ToPromotion(promotion.Id).RuleCache;
        await session.ExecuteAsync("store_set_rule_cache", new() { ["id"] = promotion.Id, ["rule_cache"] = cache }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["participants"] = participants, ["transactions"] = transactions, ["ruleCache"] = cache is not null });
    }

    private static async Task<StoreOutcome> RestorePageAsync(Session session, StoreOperation.RestorePage restore, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, restore.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(restore.PromotionId);
        if (await IntactRowsAsync(session, restore.BackupId, promotion.Id, cancellationToken) is not { } rows)
            return Damaged(restore.BackupId);

        var saved = rows.Single(r => r.Part == StoreRow.Settings).ToPromotion(promotion.Id);
        var page = new SqlArgs
        {
            ["id"] = saved.Id,
            ["name"] = saved.Name,
            ["kind"] = saved.Kind,
            ["starts_at"] = saved.StartsAt,
            ["ends_at"] = saved.EndsAt,
            ["settings"] = JsonText.Write(saved.Settings),
        };
        await session.ExecuteAsync("store_restore_page", page, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["promotionId"] = promotion.Id, ["restored"] = promotion.PageDeletedAt is not null });
    }

    private static async Task<StoreOutcome> VerifyRestoredAsync(Session session, StoreOperation.VerifyRestored verify, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, verify.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(verify.PromotionId);
        if (await FindBackupAsync(session, verify.BackupId, cancellationToken) is not { } backup || backup.PromotionId != promotion.Id)
            return NoBackup(verify.BackupId);

        var saved = await BackupRowsAsync(session, backup.Id, cancellationToken);
        if (verify.DataOnly)
            saved = [.. saved.Where(r => r.Part != StoreRow.Settings)];
        var live = promotion.PageDeletedAt is null && !verify.DataOnly
            ? await LiveRowsAsync(session, promotion, cancellationToken)
            : await DataRowsAsync(session, promotion.Id, cancellationToken);
        var missing = saved.Except(live).Select(r => (JsonNode)$"{r.Part}/{r.Key}").ToList();
        var surplus = live.Except(saved).Select(r => (JsonNode)$"{r.Part}/{r.Key}").ToList();
        var checks = backup.Manifest.Check(live).Where(c => !verify.DataOnly || c.Part != StoreRow.Settings).ToList();
        return new StoreOutcome.Done(new JsonObject
        {
            ["promotionId"] = promotion.Id,
            ["equal"] = missing.Count == 0 && surplus.Count == 0 && checks.All(c => c.IsEqual),
            ["rows"] = live.Count,
            ["parts"] = ToJson(checks),
            ["missing"] = missing.Count,
            ["surplus"] = surplus.Count,
            // Enough to begin looking; the counts tell the whole.
            ["examples"] = new JsonArray([.. missing.Concat(surplus).Take(20)]),
        });
    }

    private static StoreOutcome.Refused NoBackup(string id) => new($"没有编号为 {id} 的备份 (no such backup)");

    private static StoreOutcome.Refused Damaged(string id) => new($"备份 {id} 不存在、不属于本活动或与清单不符，不能用于恢复 (backup missing or damaged)");

    /// <summary>A backup that allows a deletion of this promotion; otherwise the reason why not.</summary>
    private static async Task<(BackupSummary? Backup, string? Fault)> FindGuardAsync(Session session, string backupId, string promotionId, CancellationToken cancellationToken) =>
        await FindBackupAsync(session, backupId, cancellationToken) switch
        {
            null => (null, "没有备份，不能删除 (no backup)"),
            { } other when other.PromotionId != promotionId => (null, "备份属于另一个活动，不能删除 (backup of another promotion)"),
            { VerifiedAt: null } => (null, "备份没有通过校验，不能删除 (backup is not verified)"),
            { } backup => (backup, null),
        };

    private static async Task<List<StoreRow>?> IntactRowsAsync(Session session, string backupId, string promotionId, CancellationToken cancellationToken)
    {
        if (await FindBackupAsync(session, backupId, cancellationToken) is not { } backup || backup.PromotionId != promotionId)
            return null;
        var rows = await BackupRowsAsync(session, backupId, cancellationToken);
        return backup.Manifest.Check(rows).All(c => c.IsEqual) ? rows : null;
    }

    private static JsonArray ToJson(IEnumerable<PartCheck> checks) => new([.. checks.Select(c => c.ToJson())]);

    private static string PartName(string part) => part switch
    {
        StoreRow.Settings => "活动设置",
        StoreRow.Participants => "参与者数据",
        _ => "交易记录",
    };
}
