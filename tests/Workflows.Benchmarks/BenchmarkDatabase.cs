using Microsoft.Data.Sqlite;
using Npgsql;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Benchmarks;

/// <summary>A migrated database of its own for one measurement, with durable commits.</summary>
internal sealed class BenchmarkDatabase(TestDatabase database) : IAsyncDisposable
{
    public TestDatabase Stores { get; } = database;

    public DatabaseKind Kind => Stores.Database.Kind;

    /// <summary>Process whose CPU counts as the database's; null for SQLite, which runs inside ours.</summary>
    public int? ProcessId => Kind == DatabaseKind.Postgres ? PostgresCluster.ProcessId : null;

    public string ConnectionString => Kind == DatabaseKind.Postgres
        ? Stores.Options.Database.ConnectionString!
        : $"Data Source={((SqliteDatabase)Stores.Database).File};Pooling=false";

    public static async Task<BenchmarkDatabase> CreateAsync(DatabaseKind kind)
    {
        PostgresCluster.Durable = true;
        return new BenchmarkDatabase(await TestDatabase.CreateAsync(kind));
    }

    /// <summary>A statement of the measurement's own.</summary>
    public async Task ExecuteAsync(string sql)
    {
        if (Kind == DatabaseKind.Postgres)
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync();
        }
        else
        {
            await using var connection = new SqliteConnection(ConnectionString);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Bytes of write-ahead log written so far; 0 for SQLite.</summary>
    public async Task<long> LogBytesAsync() => Kind == DatabaseKind.Postgres
        ? await Stores.ScalarAsync("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
        : 0;

    public ValueTask DisposeAsync() => Stores.DisposeAsync();
}
