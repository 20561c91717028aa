using Npgsql;
using NpgsqlTypes;

namespace Workflows.Benchmarks;

/// <summary>Bare PostgreSQL: the same rows as the engine's, set-based for groups, one round trip per transaction.</summary>
internal sealed class RawPostgres(NpgsqlDataSource database) : IAsyncDisposable
{
    private const long Due = 4_000_000_000_000_000;
    private NpgsqlConnection? _committer;

    /// <summary>Writes a group of transitions of different instances in one transaction.</summary>
    public async Task WriteGroupAsync(IReadOnlyList<RawRow> rows)
    {
        _committer ??= await database.OpenConnectionAsync();
        await WriteAsync(_committer, rows);
    }

    /// <summary>Writes one transition in a transaction of its own.</summary>
    public async Task WriteOneAsync(RawRow row)
    {
        await using var connection = await database.OpenConnectionAsync();
        await WriteAsync(connection, [row]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_committer is not null)
            await _committer.DisposeAsync();
    }

    private static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<RawRow> rows)
    {
        var starts = rows.Where(r => r.Step == 0).ToList();
        var later = rows.Where(r => r.Step > 0).ToList();
        var waiting = rows.Where(r => r.Step < 2).ToList();
        var middle = rows.Where(r => r.Step == 1).ToList();
        await using var batch = new NpgsqlBatch(connection);
        Add("begin");
        if (starts.Count > 0)
        {
            Add("""
                insert into instance (id, revision, definition_id, definition_version_id, definition_version, status, sub_status, incident_count, state, created_at, updated_at)
                select id, 1, 'approval', 'v1', 1, 0, 2, 0, $2, 1, 1 from unnest($1) as id
                """, Texts(starts.Select(r => r.Instance)), Bytes());
        }

        if (later.Count > 0)
        {
            Add("""
                update instance set revision = r.step + 1, state = $3, updated_at = r.step + 1, status = r.step - 1, sub_status = 1 + r.step, finished_at = case when r.step = 2 then 3 end
                from unnest($1, $2) as r (id, step) where instance.id = r.id and instance.revision = r.step
                """, Texts(later.Select(r => r.Instance)), Numbers(later.Select(r => r.Step)), Bytes());
            Add("update user_task set state = 2, decided_by = 'supervisor', closed_at = 2 from unnest($1) as closed (id) where user_task.id = closed.id",
                Texts(later.Select(r => r.Task(r.Step - 1))));
            Add("delete from timer where id = any($1)", Texts(later.Select(r => r.Timer(r.Step - 1))));
        }

        if (waiting.Count > 0)
        {
            Add("""
                insert into user_task (id, instance_id, definition_id, state, assignee, due_order, created_at, document)
                select t.id, t.instance, 'approval', 0, 'supervisor', $3, 1, $4 from unnest($1, $2) as t (id, instance)
                """, Texts(waiting.Select(r => r.Task(r.Step))), Texts(waiting.Select(r => r.Instance)), Number(Due), Text(RawRow.TaskDocument));
            Add("insert into timer (id, instance_id, due_at, execution) select t.id, t.instance, $3, 3 from unnest($1, $2) as t (id, instance)",
                Texts(waiting.Select(r => r.Timer(r.Step))), Texts(waiting.Select(r => r.Instance)), Number(Due));
        }

        if (middle.Count > 0)
        {
            Add("""
                insert into effect (key, instance_id, execution, kind, class, state, payload, due_at, created_at, max_attempts)
                select e.instance || '-e', e.instance, 4, 'notify.site', 0, 3, $2, 1, 1, 8 from unnest($1) as e (instance)
                """, Texts(middle.Select(r => r.Instance)), Text(RawRow.Notice));
        }

        Add("insert into journal (instance_id, first_sequence, last_sequence, at, entries) select j.id, j.step * 3 + 1, j.step * 3 + 3, 1, $3 from unnest($1, $2) as j (id, step)",
            Texts(rows.Select(r => r.Instance)), Numbers(rows.Select(r => r.Step)), Text(RawRow.Journal));
        Add("commit");
        await batch.ExecuteNonQueryAsync();

        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Numbers(IEnumerable<int> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };

    private static NpgsqlParameter Bytes() => new() { Value = RawRow.State, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
