using Microsoft.Data.Sqlite;

namespace Workflows.Benchmarks;

/// <summary>Bare SQLite (WAL, synchronous=FULL, one writer): the same rows, prepared statements in a loop.</summary>
internal sealed class RawSqlite : IAsyncDisposable
{
    private const long Due = 4_000_000_000_000_000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly SemaphoreSlim _writer = new(1, 1);

    public RawSqlite(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        using var settings = _connection.CreateCommand();
        settings.CommandText = "pragma journal_mode = wal; pragma synchronous = full;";
        settings.ExecuteNonQuery();
    }

    public Task WriteGroupAsync(IReadOnlyList<RawRow> rows)
    {
        Execute("begin immediate");
        foreach (var row in rows)
            Write(row);
        Execute("commit");
        return Task.CompletedTask;
    }

    /// <summary>One transaction per transition; callers queue for the one writer.</summary>
    public async Task WriteOneAsync(RawRow row)
    {
        await _writer.WaitAsync();
        try
        {
            await WriteGroupAsync([row]);
        }
        finally
        {
            _writer.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
            await command.DisposeAsync();
        await _connection.DisposeAsync();
        _writer.Dispose();
    }

    private void Write(RawRow row)
    {
        if (row.Step == 0)
        {
            Execute("""
                insert into instance (id, revision, definition_id, definition_version_id, definition_version, status, sub_status, incident_count, state, created_at, updated_at)
                values (@p0, 1, 'approval', 'v1', 1, 0, 2, 0, @p1, 1, 1)
                """, row.Instance, RawRow.State);
        }
        else
        {
            Execute("""
                update instance set revision = @p1 + 1, state = @p2, updated_at = @p1 + 1, status = @p1 - 1, sub_status = 1 + @p1, finished_at = case when @p1 = 2 then 3 end
                where id = @p0 and revision = @p1
                """, row.Instance, row.Step, RawRow.State);
            Execute("update user_task set state = 2, decided_by = 'supervisor', closed_at = 2 where id = @p0", row.Task(row.Step - 1));
            Execute("delete from timer where id = @p0", row.Timer(row.Step - 1));
        }

        if (row.Step < 2)
        {
            Execute("""
                insert into user_task (id, instance_id, definition_id, state, assignee, due_order, created_at, document)
                values (@p0, @p1, 'approval', 0, 'supervisor', @p2, 1, @p3)
                """, row.Task(row.Step), row.Instance, Due, RawRow.TaskDocument);
            Execute("insert into timer (id, instance_id, due_at, execution) values (@p0, @p1, @p2, 3)", row.Timer(row.Step), row.Instance, Due);
        }

        if (row.Step == 1)
        {
            Execute("""
                insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
                values (@p0 || '-e', @p0, 4, 'notify.site', 0, 3, @p1, 1, 1, 8)
                """, row.Instance, RawRow.Notice);
        }

        Execute("insert into journal (instance_id, first_sequence, last_sequence, at, entries) values (@p0, @p1 * 3 + 1, @p1 * 3 + 3, 1, @p2)",
            row.Instance, row.Step, RawRow.Journal);
    }

    private void Execute(string sql, params object[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"@p{i}", values[i]));
            command.Prepare();
            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
