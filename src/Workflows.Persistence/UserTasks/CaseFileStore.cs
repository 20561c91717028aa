using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.UserTasks;

internal sealed class CaseFileStore(Database database) : ICaseFileStore
{
    public Task AddCopiesAsync(IReadOnlyList<CopyItem> copies, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            foreach (var copy in copies)
            {
                await session.ExecuteAsync(
                    "add_cc_item",
                    new()
                    {
                        ["id"] = copy.Id,
                        ["instance_id"] = copy.InstanceId,
                        ["task_id"] = copy.TaskId,
                        ["user_name"] = copy.UserName,
                        ["sent_by"] = copy.SentBy,
                        ["sent_at"] = copy.SentAt,
                        ["reason"] = copy.Reason,
                        ["note"] = copy.Note,
                    },
                    cancellationToken);
            }
        },
        cancellationToken);

    public async Task<(IReadOnlyList<CopyItem> Items, string? Next)> ListCopiesAsync(string userName, string? after, int limit, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["user_name"] = userName, ["limit"] = limit + 1 };
        if (PageCursor.Parse(after) is { } place)
            (args["after_number"], args["after_id"]) = (place.Number, place.Id);
        var rows = await database.QueryAsync("list_cc_items", args, row => (Item: ReadCopy(row), Cursor: new PageCursor(row.GetInt64(5), row.GetString(0))), cancellationToken);
        return ([.. rows.Take(limit).Select(r => r.Item)], rows.Count > limit ? rows[limit - 1].Cursor.ToString() : null);
    }

    public async Task<bool> MarkReadAsync(string id, string userName, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("read_cc_item", new() { ["id"] = id, ["user_name"] = userName, ["at"] = at }, cancellationToken) > 0;

    public async Task<bool> HasCopyAsync(string instanceId, string userName, CancellationToken cancellationToken) =>
        (await database.QueryAsync("has_cc_item", new() { ["instance_id"] = instanceId, ["user_name"] = userName }, row => row.GetInt32(0), cancellationToken)).Count > 0;

    public async Task<IReadOnlyList<CopyItem>> ListCopiesOfInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_cc_items_of_instance", new() { ["instance_id"] = instanceId }, ReadCopy, cancellationToken);

    public async Task<long> CountUnreadCopiesAsync(string userName, CancellationToken cancellationToken) =>
        (await database.QueryAsync("count_unread_cc_items", new() { ["user_name"] = userName }, row => row.GetInt64(0), cancellationToken))[0];

    public Task SaveDraftAsync(string taskId, string userName, JsonNode form, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.ExecuteAsync("save_task_draft", new() { ["task_id"] = taskId, ["user_name"] = userName, ["form"] = form.ToJsonString(), ["saved_at"] = at }, cancellationToken);

    public Task<TaskDraft?> FindDraftAsync(string taskId, string userName, CancellationToken cancellationToken) =>
        database.FirstAsync("find_task_draft", new() { ["task_id"] = taskId, ["user_name"] = userName }, row => new TaskDraft(row.Json(0), row.Instant(1)), cancellationToken);

    public Task DeleteDraftAsync(string taskId, string userName, CancellationToken cancellationToken) =>
        database.ExecuteAsync("delete_task_draft", new() { ["task_id"] = taskId, ["user_name"] = userName }, cancellationToken);

    public Task AddAttachmentAsync(Attachment attachment, CancellationToken cancellationToken) => database.ExecuteAsync(
        "add_attachment",
        new()
        {
            ["id"] = attachment.Id,
            ["instance_id"] = attachment.InstanceId,
            ["task_id"] = attachment.TaskId,
            ["name"] = attachment.Name,
            ["content_type"] = attachment.ContentType,
            ["size"] = attachment.Size,
            ["hash"] = attachment.Hash,
            ["added_by"] = attachment.AddedBy,
            ["added_at"] = attachment.AddedAt,
        },
        cancellationToken);

    public async Task<bool> RemoveAttachmentAsync(string id, string userName, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("remove_attachment", new() { ["id"] = id, ["user_name"] = userName }, cancellationToken) > 0;

    public Task<Attachment?> FindAttachmentAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("find_attachment", new() { ["id"] = id }, ReadAttachment, cancellationToken);

    public async Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string instanceId, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_attachments", new() { ["instance_id"] = instanceId }, ReadAttachment, cancellationToken);

    private static CopyItem ReadCopy(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.GetString(4), row.Instant(5), row.GetString(6), row.TextOrNull(7),
        row.InstantOrNull(8), row.TextOrNull(9), row.GetString(10));

    private static Attachment ReadAttachment(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetString(7), row.Instant(8));
}
