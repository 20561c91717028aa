using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Persistence.UserTasks;

namespace Workflows.Persistence.Inbox;

internal sealed class InboxStore(Database database) : IInboxStore
{
    public async Task<(IReadOnlyList<StoredUserTask> Items, string? Next)> ListAsync(InboxQuery query, CancellationToken cancellationToken)
    {
        var args = ArgsOf(query.Filter);
        (args["user_name"], args["limit"]) = (query.UserName, query.Limit + 1);
        if (PageCursor.Parse(query.After) is { } after)
            (args["after_number"], args["after_id"]) = (after.Number, after.Id);
        var rows = query.View switch
        {
            TaskView.Todo => await database.QueryAsync("inbox_todo", args, Read, cancellationToken),
            TaskView.Done => await database.QueryAsync("inbox_done", args, Read, cancellationToken),
            TaskView.Claimable => await ListClaimableAsync(args, query, cancellationToken),
            _ => throw new ArgumentException($"The inbox has no list of tasks called {query.View}.", nameof(query)),
        };
        var next = rows.Count > query.Limit ? rows[query.Limit - 1].Cursor.ToString() : null;
        return ([.. rows.Take(query.Limit).Select(r => r.Task)], next);
    }

    public async Task<(IReadOnlyList<InboxApplication> Items, string? Next)> ListApplicationsAsync(string userName, InboxFilter filter, string? after, int limit, CancellationToken cancellationToken)
    {
        var args = ArgsOf(filter);
        (args["user_name"], args["limit"]) = (userName, limit + 1);
        if (PageCursor.Parse(after) is { } place)
            args["after_id"] = place.Id;
        if (filter.Finished is { } finished)
            args["status"] = finished ? WorkflowStatus.Finished : WorkflowStatus.Running;
        var rows = await database.QueryAsync("inbox_applications", args, Instances.InstanceStore.ReadSummary, cancellationToken);
        var page = rows.Take(limit).ToList();
        var tasks = (await database.QueryAsync(
                "inbox_open_tasks",
                new() { ["ids"] = page.Select(r => r.Id).ToArray() },
                row => (Task: Parse(row.GetString(0)), InstanceId: row.GetString(1)),
                cancellationToken))
            .ToLookup(t => t.InstanceId, t => t.Task);
        var next = rows.Count > limit ? new PageCursor(0, page[^1].Id).ToString() : null;
        return ([.. page.Select(r => new InboxApplication(r, [.. tasks[r.Id]]))], next);
    }

    public Task<InboxCounts> CountAsync(string userName, IReadOnlyList<string> identities, DateTimeOffset now, TimeSpan soon, int cap, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var args = new SqlArgs { ["user_name"] = userName, ["now"] = now, ["soon"] = now + soon, ["cap"] = cap };
                var own = await session.FirstAsync("inbox_counts", args, row => new InboxCounts(row.GetInt32(0), 0, row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), cancellationToken);
                var claimable = new SqlArgs { ["user_name"] = userName, ["identities"] = identities.Distinct().ToArray(), ["cap"] = cap };
                return own! with { Claimable = await session.FirstAsync("inbox_claimable_count", claimable, row => row.GetInt32(0), cancellationToken) };
            },
            cancellationToken);

    private Task<List<Row>> ListClaimableAsync(SqlArgs args, InboxQuery query, CancellationToken cancellationToken)
    {
        if (args.Keys.Any(k => k is not ("user_name" or "limit" or "after_number" or "after_id")))
            args["filtered"] = true;
        var identities = query.Identities.Distinct().ToArray();
        if (database.Kind == DatabaseKind.Postgres)
        {
            args["identities"] = identities;
            return database.QueryAsync("inbox_claimable", args, Read, cancellationToken);
        }

        return database.ReadAsync(
            async session =>
            {
                var found = new HashSet<(long Due, string Id)>();
                foreach (var identity in identities)
                {
                    args["identity"] = identity;
                    found.UnionWith(await session.QueryAsync("inbox_claimable_of_identity", args, row => (row.GetInt64(0), row.GetString(1)), cancellationToken));
                }

                var page = found.OrderBy(f => f.Due).ThenBy(f => f.Id, StringComparer.Ordinal).Take(query.Limit + 1).Select(f => f.Id).ToArray();
                return await session.QueryAsync("list_user_tasks", new() { ["ids"] = page }, Read, cancellationToken);
            },
            cancellationToken);
    }

    private static SqlArgs ArgsOf(InboxFilter filter)
    {
        var args = new SqlArgs();
        Add("definition_id", filter.DefinitionId);
        Add("initiators", filter.Initiators?.ToArray());
        Add("text", filter.Text is { } text ? $"%{Escaped(text.ToLowerInvariant())}%" : null);
        Add("id_end", filter.IdEnd is { } end ? "%" + Escaped(end) : null);
        Add("due_before", filter.DueBefore);
        Add("due_from", filter.DueFrom);
        Add("created_from", filter.CreatedFrom);
        Add("created_before", filter.CreatedBefore);
        return args;

        void Add(string name, object? value)
        {
            if (value is not null)
                args[name] = value;
        }
    }

    /// <summary>What a person types is looked for as it stands, "%" and "_" too.</summary>
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static UserTask Parse(string document) => JsonSerializer.Deserialize(document, JsonText.Shapes.UserTask)!;

    private static Row Read(DbDataReader row) => new(
        new StoredUserTask(Parse(row.GetString(0)), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4)),
        new PageCursor(row.GetInt64(6), row.GetString(5)));

    private sealed record Row(StoredUserTask Task, PageCursor Cursor);
}
