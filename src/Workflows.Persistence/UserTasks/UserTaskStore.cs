using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.UserTasks;

internal sealed class UserTaskStore(Database database) : IUserTaskStore
{
    private readonly ReadGroup<string, Row> _tasks = new(async ids =>
        (await database.QueryAsync("find_user_tasks", new() { ["ids"] = ids }, Read, CancellationToken.None)).ToDictionary(r => r.Task.Task.Id));

    public async Task<StoredUserTask?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await _tasks.FindAsync(id, cancellationToken))?.Task;

    public async Task<(IReadOnlyList<StoredUserTask> Items, string? Next)> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["user_name"] = query.UserName, ["limit"] = query.Limit + 1 };
        if (query.Barred.Count > 0 && query.View is TaskView.Todo or TaskView.Claimable)
            args["barred"] = query.Barred.ToArray();
        if (PageCursor.Parse(query.After) is { } after)
        {
            args["after_number"] = after.Number;
            args["after_id"] = after.Id;
        }

        var rows = query.View switch
        {
            TaskView.Todo => await database.QueryAsync("inbox_todo", args, Read, cancellationToken),
            TaskView.Done => await database.QueryAsync("inbox_done", args, Read, cancellationToken),
            TaskView.Initiated => await database.QueryAsync("list_initiated", args, Read, cancellationToken),
            _ => await ListClaimableAsync(args, query, cancellationToken),
        };
        var next = rows.Count > query.Limit ? rows[query.Limit - 1].Cursor.ToString() : null;
        return ([.. rows.Take(query.Limit).Select(r => r.Task)], next);
    }

    public async Task<IReadOnlyList<StoredUserTask>> ListOfInstanceAsync(string instanceId, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync("list_user_tasks_of_instance", new() { ["instance_id"] = instanceId }, Read, cancellationToken);
        return [.. rows.Select(r => r.Task)];
    }

    private Task<List<Row>> ListClaimableAsync(SqlArgs args, TaskQuery query, CancellationToken cancellationToken)
    {
        var identities = query.Identities.Distinct().ToArray();
        if (database.Kind == DatabaseKind.Postgres)
        {
            args["identities"] = identities;
            return database.QueryAsync("list_claimable", args, Read, cancellationToken);
        }

        return database.ReadAsync(
            async session =>
            {
                var found = new HashSet<(long Due, string Id)>();
                foreach (var identity in identities)
                {
                    args["identity"] = identity;
                    found.UnionWith(await session.QueryAsync("list_claimable_of_identity", args, row => (row.GetInt64(0), row.GetString(1)), cancellationToken));
                }

                var page = found.OrderBy(f => f.Due).ThenBy(f => f.Id, StringComparer.Ordinal).Take(query.Limit + 1).Select(f => f.Id).ToArray();
                return await session.QueryAsync("list_user_tasks", new() { ["ids"] = page }, Read, cancellationToken);
            },
            cancellationToken);
    }

    private static Row Read(DbDataReader row)
    {
        var task = JsonSerializer.Deserialize(row.GetString(0), JsonText.Shapes.UserTask)!;
        return new Row(
            new StoredUserTask(task, row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4)),
            new PageCursor(row.GetInt64(6), row.GetString(5)));
    }

    private sealed record Row(StoredUserTask Task, PageCursor Cursor);
}
