using Workflows.Persistence.Databases;
using Xunit;

namespace Workflows.Testing;

/// <summary>One database for all tests of a class; made when the first test asks, so that a skip is that test's own.</summary>
public abstract class DatabaseFixture(DatabaseKind kind) : IAsyncLifetime
{
    private readonly SemaphoreSlim _making = new(1, 1);
    private TestDatabase? _database;

    public DatabaseKind Kind => kind;

    public async Task<TestDatabase> GetAsync()
    {
        await _making.WaitAsync();
        try
        {
            return _database ??= await TestDatabase.CreateAsync(kind);
        }
        finally
        {
            _making.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _making.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteFixture() : DatabaseFixture(DatabaseKind.Sqlite);

public sealed class PostgresFixture() : DatabaseFixture(DatabaseKind.Postgres);
