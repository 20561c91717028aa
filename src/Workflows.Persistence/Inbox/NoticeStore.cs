using System.Data.Common;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.UserTasks;

namespace Workflows.Persistence.Inbox;

internal sealed class NoticeStore(Database database) : INoticeStore
{
    public Task AddAsync(Notice notice, CancellationToken cancellationToken) =>
        database.ExecuteAsync("add_notices", new() { ["rows"] = JsonRows.Write([Row(notice)]) }, cancellationToken);

    public async Task<(IReadOnlyList<Notice> Items, string? Next)> ListAsync(string userName, string? after, int limit, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["user_name"] = userName, ["limit"] = limit + 1 };
        if (PageCursor.Parse(after) is { } place)
            (args["after_number"], args["after_id"]) = (place.Number, place.Id);
        var rows = await database.QueryAsync(
            "list_notices",
            args,
            Read,
            cancellationToken);
        var page = rows.Take(limit).ToList();
        return (page, rows.Count > limit ? new PageCursor(Instants.ToMicros(page[^1].At), page[^1].Id).ToString() : null);
    }

    public Task<int> CountUnreadAsync(string userName, int cap, CancellationToken cancellationToken) =>
        database.FirstAsync("count_unread_notices", new() { ["user_name"] = userName, ["cap"] = cap }, row => row.GetInt32(0), cancellationToken);

    public async Task<IReadOnlyList<Notice>> ListOfInstanceAsync(string instanceId, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_notices_of_instance", new() { ["instance_id"] = instanceId, ["limit"] = limit }, Read, cancellationToken);

    public async Task<Notice?> OpenAsync(string id, string userName, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.ChangeAsync("open_notice", new() { ["id"] = id, ["user_name"] = userName, ["now"] = now }, Read, cancellationToken)).FirstOrDefault();

    public Task ReadAllAsync(string userName, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.ExecuteAsync("read_notices", new() { ["user_name"] = userName, ["now"] = now }, cancellationToken), cancellationToken);

    private static Notice Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.TextOrNull(5), row.Instant(6), row.InstantOrNull(7));

    internal static SqlArgs Row(Notice notice) => new()
    {
        ["id"] = notice.Id,
        ["user_name"] = notice.UserName,
        ["subject"] = notice.Subject,
        ["body"] = notice.Body,
        ["task_id"] = notice.TaskId,
        ["instance_id"] = notice.InstanceId,
        ["at"] = notice.At,
    };
}
