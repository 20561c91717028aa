using Microsoft.Data.Sqlite;
using Npgsql;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Migrations;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public sealed class MigratorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Migrating_again_changes_nothing(DatabaseKind kind)
    {
        await using var db = await TestDatabase.CreateAsync(kind);
        await db.Committer.CommitAsync(A.ChangeSet("kept"), Token);

        await new Migrator(db.Database).MigrateAsync(Token);

        Assert.NotNull(await db.Instances.LoadAsync("kept", Token));
        Assert.Equal(Migrator.Find(kind).Count, await db.ScalarAsync("select count(*) from schema_migration"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_start_that_dies_at_any_command_can_be_repeated(DatabaseKind kind)
    {
        await using var empty = await EmptyDatabase.CreateAsync(kind);
        var commands = 0;
        for (var n = 1; commands >= n - 1; n++)
        {
            commands = 0;
            await using var database = empty.Open();
            database.BeforeCommand = _ => ++commands >= n ? throw new IOException("killed") : Task.CompletedTask;
            try
            {
                await new Migrator(database).MigrateAsync(Token);
            }
            catch (IOException)
            {
                // Died here; the next round starts again on what it left.
            }
        }

        await using var last = empty.Open();
        await new Migrator(last).MigrateAsync(Token);
        Assert.Equal(0, await last.FirstAsync("read_setting", new() { ["name"] = "definition_stamp" }, row => row.GetInt64(0), Token));
        Assert.True(commands > 5);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_migrate_once()
    {
        await using var empty = await EmptyDatabase.CreateAsync(DatabaseKind.Postgres);
        var hosts = Enumerable.Range(0, 4).Select(_ => empty.Open()).ToList();

        await Task.WhenAll(hosts.Select(h => new Migrator(h).MigrateAsync(Token)));

        foreach (var host in hosts)
            await host.DisposeAsync();
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_migration_that_was_edited_after_it_ran_refuses_the_start(DatabaseKind kind)
    {
        await using var db = await TestDatabase.CreateAsync(kind);
        await db.ExecuteAsync("update schema_migration set checksum = 'another'");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => new Migrator(db.Database).MigrateAsync(Token));

        Assert.Contains("0001_engine", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_databases_have_the_same_migrations()
    {
        Assert.Equal(Migrator.Find(DatabaseKind.Sqlite).Select(m => m.Name), Migrator.Find(DatabaseKind.Postgres).Select(m => m.Name));
    }

    [Fact]
    public async Task Both_databases_have_the_same_tables_and_columns()
    {
        await using var sqlite = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var postgres = await TestDatabase.CreateAsync(DatabaseKind.Postgres);

        var inSqlite = await sqlite.TextsAsync("select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'");
        var inPostgres = await postgres.TextsAsync("""
            select c.table_name || '.' || c.column_name
            from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
            """);

        Assert.Equal(inPostgres.Order(StringComparer.Ordinal), inSqlite.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_view_for_operators_can_be_read()
    {
        await using var db = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await db.Committer.CommitAsync(A.FullChangeSet("seen"), Token);

        Assert.Equal(["2030-01-07 09:00:00+00 Running Suspended"], await db.TextsAsync("select (created_at at time zone 'UTC')::text || '+00 ' || status || ' ' || sub_status from v_instance"));
        Assert.Equal(["2030-01-08 09:00:00"], await db.TextsAsync("select (due_at at time zone 'UTC')::text from v_timer"));
        Assert.Equal(["Queued Notice"], await db.TextsAsync("select state || ' ' || class from v_effect"));
        Assert.Equal(["Open"], await db.TextsAsync("select state from v_user_task where due_at is null"));
        Assert.Single(await db.TextsAsync("select entries from v_journal"));
        Assert.Empty(await db.TextsAsync("select payload from v_event"));
    }

    [Fact]
    public async Task A_second_host_on_a_sqlite_file_is_told_why_it_may_not_run()
    {
        await using var db = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var second = PersistenceRegistration.Open(db.Options);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => new Migrator(second).MigrateAsync(Token));

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Durable_settings_raise_no_complaint_and_weak_ones_do()
    {
        await using var durable = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        Assert.Empty(await durable.Database.VerifyDurabilityAsync(Token));

        await using var empty = await EmptyDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var weak = new SqliteDatabase(empty.Folder, null, SqliteSynchronous.Normal);
        await weak.OpenAsync(Token);
        Assert.Contains("synchronous", Assert.Single(await weak.VerifyDurabilityAsync(Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_fsync_is_named()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("WORKFLOWS_TEST_POSTGRES") is { Length: > 0 }, "the given server may be durable");
        await using var db = await TestDatabase.CreateAsync(DatabaseKind.Postgres);

        Assert.Contains("fsync = off", Assert.Single(await db.Database.VerifyDurabilityAsync(Token)), StringComparison.Ordinal);
    }

    /// <summary>A place for a database, without tables.</summary>
    private sealed class EmptyDatabase : IAsyncDisposable
    {
        private readonly PersistenceOptions _options = new() { DataDirectory = Directory.CreateTempSubdirectory("workflows-test-").FullName };

        public string Folder => _options.DataDirectory;

        public static async Task<EmptyDatabase> CreateAsync(DatabaseKind kind)
        {
            var empty = new EmptyDatabase();
            empty._options.Database.Provider = kind;
            if (kind == DatabaseKind.Postgres)
                empty._options.Database.ConnectionString = await TestDatabase.CreateEmptyPostgresAsync();
            return empty;
        }

        public Database Open() => PersistenceRegistration.Open(_options);

        public async ValueTask DisposeAsync()
        {
            if (_options.Database.Provider == DatabaseKind.Postgres)
                await TestDatabase.DropPostgresAsync(new NpgsqlConnectionStringBuilder(_options.Database.ConnectionString).Database!);
            SqliteConnection.ClearAllPools();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
