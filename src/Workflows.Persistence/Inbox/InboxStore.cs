using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Persistence.UserTasks;

namespace Workflows.Persistence.Inbox;

internal sealed class InboxStore(Database database) : IInboxStore
{
    private static readonly UserTaskState[] Open = [UserTaskState.Open, UserTaskState.Claimed];

    public async Task<(IReadOnlyList<StoredUserTask> Items, string? Next)> ListAsync(InboxQuery query, CancellationToken cancellationToken)
    {
        var rows = query.View == TaskView.Claimable
            ? await ListClaimableAsync(query, cancellationToken)
            : await database.QueryAsync("inbox_tasks", ArgsOf(query, query.Limit + 1), Read, cancellationToken);
        var next = rows.Count > query.Limit ? rows[query.Limit - 1].Cursor.ToString() : null;
        return ([.. rows.Take(query.Limit).Select(r => r.Task)], next);
    }

    public async Task<long> CountAsync(InboxQuery query, int cap, CancellationToken cancellationToken)
    {
        var args = ArgsOf(query with { After = null }, cap);
        if (query.View == TaskView.Claimable && database.Kind == DatabaseKind.Sqlite)
            return Math.Min(cap, await database.ReadAsync(async session => (await FindClaimableAsync(session, args, query.Identities, cancellationToken)).Count, cancellationToken));
        args["counting"] = true;
        return await database.FirstAsync(query.View == TaskView.Claimable ? "inbox_claimable" : "inbox_tasks", args, row => row.GetInt64(0), cancellationToken);
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

    public Task<InboxCounts> CountTabsAsync(
        string userName, IReadOnlyList<string> identities, IReadOnlyList<string> barred, DateTimeOffset now, TimeSpan soon, int cap, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var args = new SqlArgs { ["user_name"] = userName, ["now"] = now, ["soon"] = now + soon, ["cap"] = cap, ["barred"] = Any(barred) };
                var own = await session.FirstAsync("inbox_counts", args, row => new InboxCounts(row.GetInt32(0), 0, row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), cancellationToken);
                var claimable = new SqlArgs { ["quoted_name"] = Quoted(userName), ["identities"] = identities.Distinct().ToArray(), ["cap"] = cap, ["barred"] = Any(barred) };
                return own! with { Claimable = await session.FirstAsync("inbox_claimable_count", claimable, row => row.GetInt32(0), cancellationToken) };
            },
            cancellationToken);

    private Task<List<Row>> ListClaimableAsync(InboxQuery query, CancellationToken cancellationToken)
    {
        var args = ArgsOf(query, query.Limit + 1);
        if (database.Kind == DatabaseKind.Postgres)
            return database.QueryAsync("inbox_claimable", args, Read, cancellationToken);
        return database.ReadAsync(
            async session =>
            {
                var found = await FindClaimableAsync(session, args, query.Identities, cancellationToken);
                var page = found.OrderBy(f => f.Due).ThenBy(f => f.Id, StringComparer.Ordinal).Take(query.Limit + 1).Select(f => f.Id).ToArray();
                return await session.QueryAsync("list_user_tasks", new() { ["ids"] = page }, Read, cancellationToken);
            },
            cancellationToken);
    }

    private static async Task<HashSet<(long Due, string Id)>> FindClaimableAsync(Session session, SqlArgs args, IReadOnlyList<string> identities, CancellationToken cancellationToken)
    {
        var found = new HashSet<(long Due, string Id)>();
        foreach (var identity in identities.Distinct())
        {
            args["identity"] = identity;
            found.UnionWith(await session.QueryAsync("inbox_claimable_of_identity", args, row => (row.GetInt64(0), row.GetString(1)), cancellationToken));
        }

        return found;
    }

    private SqlArgs ArgsOf(InboxQuery query, int limit)
    {
        var args = ArgsOf(query.Filter);
        var isFiltered = args.Count > 0;
        (args["user_name"], args["limit"]) = (query.UserName, limit);
        if (query.View is TaskView.Todo or TaskView.Claimable)
            args["barred"] = Any(query.Barred);
        var sort = query.Sort ?? query.View switch { TaskView.Done => TaskSort.Closed, TaskView.Initiated => TaskSort.Newest, _ => TaskSort.Due };
        if (query.View == TaskView.Claimable)
        {
            if (sort != TaskSort.Due)
                throw new ArgumentException("The claimable tab is sorted by due time.", nameof(query));
            args["filtered"] = isFiltered ? true : null;
            args["quoted_name"] = Quoted(query.UserName);
            if (database.Kind == DatabaseKind.Postgres)
                args["identities"] = query.Identities.Distinct().ToArray();
        }
        else
        {
            args["by_" + NameOf(sort)] = true;
            args[query.View switch { TaskView.Todo => "todo", TaskView.Done => "done", TaskView.Initiated => "initiated", _ => "all" }] = true;
            if (query.View == TaskView.All && query.Viewed is { } viewed)
                args["viewed"] = viewed.ToArray();
            if (query.View == TaskView.Team)
            {
                args["assignees"] = (query.Filter.Assignees is { } asked ? query.Team.Intersect(asked) : query.Team).ToArray();
                args["states"] = StatesOf(query.Filter.States?.Intersect(Open) ?? Open);
            }
        }

        if (PageCursor.Parse(query.After) is { } after)
            (args["after_" + NameOf(sort)], args["after_id"]) = (after.Number, after.Id);
        return args;
    }

    private static string NameOf(TaskSort sort) => sort switch { TaskSort.Due => "due", TaskSort.Oldest => "oldest", TaskSort.Newest => "newest", _ => "closed" };

    /// <summary>A name as it stands in the JSON array of those excluded.</summary>
    private static string Quoted(string userName) => CompactJson.Text([userName], StoredJson.Default.StringArray)[1..^1];

    private static string[] StatesOf(IEnumerable<UserTaskState> states) => [.. states.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture))];

    /// <summary>Null for none, so that the line of the filter is left out.</summary>
    private static string[]? Any(IReadOnlyList<string> names) => names.Count == 0 ? null : [.. names];

    private static SqlArgs ArgsOf(InboxFilter filter)
    {
        var args = new SqlArgs();
        Add("definitions", filter.Definitions?.ToArray());
        Add("initiators", filter.Initiators?.ToArray());
        Add("text", filter.Text is { } text ? $"%{Escaped(Lower(text))}%" : null);
        // What a task shows stands as JSON, in which a quotation mark, a line end and an emoji are written otherwise.
        Add("shown", filter.Text is { } words ? $"%{Escaped(Lower(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(words)))}%" : null);
        Add("id_end", filter.IdEnd is { } end ? "%" + Escaped(end) : null);
        Add("due_before", filter.DueBefore);
        Add("due_from", filter.DueFrom);
        Add("created_from", filter.CreatedFrom);
        Add("created_before", filter.CreatedBefore);
        Add("closed_from", filter.ClosedFrom);
        Add("closed_before", filter.ClosedBefore);
        Add("instance_id", filter.InstanceId);
        Add("correlation_id", filter.CorrelationId);
        Add("states", filter.States is { } states ? StatesOf(states) : null);
        Add("assignees", filter.Assignees?.ToArray());
        Add("candidates", filter.Candidates?.ToArray());
        Add("absent", filter.DelegatedFrom?.ToArray());
        return args;

        void Add(string name, object? value)
        {
            if (value is not null)
                args[name] = value;
        }
    }

    /// <summary>As lower() of both databases has it: Latin letters alone. One that lowers more here finds nothing there.</summary>
    private static string Lower(string text) => string.Create(text.Length, text, (chars, from) =>
    {
        for (var i = 0; i < chars.Length; i++)
            chars[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
    });

    /// <summary>What a person types is looked for as it stands, "%" and "_" too.</summary>
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static UserTask Parse(string document) => JsonSerializer.Deserialize(document, StoredJson.Default.UserTask)!;

    private static Row Read(DbDataReader row) => new(
        new StoredUserTask(Parse(row.GetString(0)), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4)),
        new PageCursor(row.GetInt64(6), row.GetString(5)));

    private sealed record Row(StoredUserTask Task, PageCursor Cursor);
}
