using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Notices to all customers.</summary>
public sealed partial class EmbeddedStore
{
    public async Task<IReadOnlyList<Announcement>> ListAnnouncementsAsync(int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_list_announcements",
        new() { ["limit"] = limit },
        row => new Announcement(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4), row.InstantOrNull(5)),
        cancellationToken);

    private async Task<StoreOutcome> PublishAsync(Session session, StoreOperation.PublishAnnouncement publish, CancellationToken cancellationToken)
    {
        var row = new SqlArgs { ["id"] = publish.Announcement, ["subject"] = publish.Subject, ["title"] = publish.Title, ["body"] = publish.Body, ["at"] = clock.GetUtcNow() };
        return await session.ExecuteAsync("store_add_announcement", row, cancellationToken) == 1
            ? new StoreOutcome.Done(new JsonObject { ["announcement"] = publish.Announcement })
            : new StoreOutcome.Refused($"编号为 {publish.Announcement} 的公告已存在 (an announcement of this number exists)");
    }

    /// <summary>One that was never published, because its host died before the act, has nothing to be withdrawn.</summary>
    private async Task<StoreOutcome> WithdrawAsync(Session session, StoreOperation.WithdrawAnnouncement withdraw, CancellationToken cancellationToken)
    {
        var changed = await session.ExecuteAsync("store_withdraw_announcement", new() { ["id"] = withdraw.Announcement, ["at"] = clock.GetUtcNow() }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["announcement"] = withdraw.Announcement, ["withdrawn"] = changed == 1 });
    }
}
