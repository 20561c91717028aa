using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Messages to customers, written as a set: one statement for all of them. Those by SMS are queued in the outbox in the same
/// transaction; the shop shares the database with it, so nothing can be written and not sent.
/// </summary>
public sealed partial class EmbeddedStore
{
    private const string Site = "site";
    private const string Sms = "sms";

    private async Task<StoreOutcome> MessageAsync(Session session, StoreOperation.MessageParticipants message, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, message.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(message.PromotionId);
        IReadOnlyList<StoreRow> kept;
        if (message.BackupId.Length == 0)
            kept = await KeptRowsAsync(session, promotion.Id, cancellationToken);
        else if (await FindBackupAsync(session, message.BackupId, cancellationToken) is { } backup && backup.PromotionId == promotion.Id)
            kept = await BackupRowsAsync(session, backup.Id, cancellationToken);
        else
            return NoBackup(message.BackupId);

        var people = kept.Where(r => r.Part == StoreRow.Participants).Select(r => r.ToParticipant(promotion.Id)).ToList();
        var rows = people.Select(p => new Recipient(Site, p.CustomerId, null)).ToList();
        if (message.Sms)
            rows.AddRange(people.Where(p => p.Mobile is not null).Select(p => new Recipient(Sms, p.CustomerId, p.Mobile)));
        return await WriteAsync(session, message.Batch, message.Batch, promotion.Id, message.Title, message.Body, rows, cancellationToken);
    }

    /// <summary>The rows of the newest backup; those that are there now when none was ever made.</summary>
    private static async Task<IReadOnlyList<StoreRow>> KeptRowsAsync(Session session, string promotionId, CancellationToken cancellationToken)
    {
        var backups = await session.QueryAsync("store_backups_of", new() { ["promotion_id"] = promotionId }, ReadBackup, cancellationToken);
        return backups.Count > 0 ? await BackupRowsAsync(session, backups[0].Id, cancellationToken) : await DataRowsAsync(session, promotionId, cancellationToken);
    }

    private async Task<StoreOutcome> CorrectAsync(Session session, StoreOperation.CorrectMessages correct, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, correct.PromotionId, cancellationToken) is not { } promotion)
            return NoPromotion(correct.PromotionId);

        var told = await session.QueryAsync(
            "store_messages_of_batch", new() { ["id"] = correct.Batch }, row => new Recipient(row.GetString(0), row.GetString(1), row.TextOrNull(2)), cancellationToken);
        return await WriteAsync(session, correct.Batch + "-correction", correct.Batch, promotion.Id, correct.Title, correct.Body, told, cancellationToken);
    }

    private async Task<StoreOutcome> WriteAsync(Session session, string batch, string cause, string promotionId, string title, string body, List<Recipient> recipients, CancellationToken cancellationToken)
    {
        if (recipients.Count > 0)
        {
            var head = new SqlArgs { ["id"] = batch, ["promotion_id"] = promotionId, ["title"] = title, ["body"] = body, ["at"] = clock.GetUtcNow() };
            await session.ExecuteAsync("store_add_batch", head, cancellationToken);
            await SaveRowsAsync(session, "store_add_messages", recipients, RecipientColumns(batch), cancellationToken);
            var (instance, execution) = ExecutionOf(cause);
            await session.ExecuteAsync("store_queue_sms", new() { ["batch_id"] = batch, ["instance_id"] = instance, ["execution"] = execution }, cancellationToken);
        }

        return new StoreOutcome.Done(new JsonObject
        {
            ["batch"] = batch,
            [Site] = recipients.Count(r => r.Channel == Site),
            [Sms] = recipients.Count(r => r.Channel == Sms),
        });
    }

    /// <summary>A batch is called after the activity execution that asked for it: "{instance}-{number}".</summary>
    private static (string Instance, int Execution) ExecutionOf(string batch) =>
        batch.LastIndexOf('-') is > 0 and var dash && int.TryParse(batch[(dash + 1)..], out var number) ? (batch[..dash], number) : (batch, 0);

    private static Column<Recipient>[] RecipientColumns(string batch) =>
    [
        Column.Text<Recipient>("batch_id", _ => batch),
        Column.Text<Recipient>("channel", r => r.Channel),
        Column.Text<Recipient>("customer_id", r => r.CustomerId),
        Column.Text<Recipient>("mobile", r => r.Mobile),
    ];

    private sealed record Recipient(string Channel, string CustomerId, string? Mobile);
}
