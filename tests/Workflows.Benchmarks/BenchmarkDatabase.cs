using Workflows.Persistence;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Benchmarks;

/// <summary>A database of its own for one measurement, with durable commits.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly TestDatabase? _stores;

    private BenchmarkDatabase(TestDatabase? stores, PersistenceOptions options) => (_stores, Options) = (stores, options);

    public PersistenceOptions Options { get; }

    public DatabaseKind Kind => Options.Database.Provider;

    /// <summary>Process whose CPU counts as the database's; null for SQLite, which runs inside ours.</summary>
    public int? ProcessId => Kind == DatabaseKind.Postgres ? PostgresCluster.ProcessId : null;

    public string ConnectionString => Kind == DatabaseKind.Postgres
        ? Options.Database.ConnectionString!
        : $"Data Source={((SqliteDatabase)_stores!.Database).File};Pooling=false";

    /// <summary>A migrated database for bare statements.</summary>
    public static async Task<BenchmarkDatabase> CreateAsync(DatabaseKind kind)
    {
        PostgresCluster.Durable = true;
        var stores = await TestDatabase.CreateAsync(kind);
        return new BenchmarkDatabase(stores, stores.Options);
    }

    /// <summary>A database for an engine to open; a SQLite file belongs to one opener at a time, so nobody else holds it.</summary>
    public static async Task<BenchmarkDatabase> CreateForEngineAsync(DatabaseKind kind) => kind == DatabaseKind.Postgres
        ? await CreateAsync(kind)
        : new BenchmarkDatabase(null, new PersistenceOptions { DataDirectory = Directory.CreateTempSubdirectory("workflows-benchmark-").FullName });

    /// <summary>Bytes of write-ahead log written so far; 0 for SQLite.</summary>
    public async Task<long> LogBytesAsync() => Kind == DatabaseKind.Postgres
        ? await _stores!.ScalarAsync("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
        : 0;

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
        else
            Directory.Delete(Options.DataDirectory, recursive: true);
    }
}
