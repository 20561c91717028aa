using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Workflows.Engine.Storage;
using Workflows.Persistence;
using Workflows.Persistence.Bookmarks;
using Workflows.Persistence.Clock;
using Workflows.Persistence.Clocks;
using Workflows.Persistence.Commit;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Definitions;
using Workflows.Persistence.Design;
using Workflows.Persistence.Drafts;
using Workflows.Persistence.Events;
using Workflows.Persistence.Inbox;
using Workflows.Persistence.Instances;
using Workflows.Persistence.Messages;
using Workflows.Persistence.Migrations;
using Workflows.Persistence.Organisation;
using Workflows.Persistence.Outbox;
using Workflows.Persistence.Timers;
using Workflows.Persistence.UserTasks;

namespace Workflows.Testing;

/// <summary>
/// A migrated, empty database with all stores and a committer, as one host has them: a SQLite file in a temporary folder, or
/// a database of its own on the private PostgreSQL server. Dropped when disposed.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim MakingTemplate = new(1, 1);
    private static string? _template;

    private readonly bool _owns;
    private readonly GroupCommitter _committer;

    private TestDatabase(PersistenceOptions options, bool owns)
    {
        _owns = owns;
        Options = options;
        Database = PersistenceRegistration.Open(options);
        _committer = new GroupCommitter(Database, NullLogger<GroupCommitter>.Instance);
        Instances = new InstanceStore(Database);
        Bookmarks = new BookmarkStore(Database);
        Timers = new TimerStore(Database);
        Clocks = new ClockRowStore(Database);
        TimeRules = new TimeRuleStore(Database);
        Outbox = new OutboxStore(Database);
        Deliveries = new DeliveryStore(Database);
        MessageSettings = new MessageSettingStore(Database);
        Events = new EventStore(Database);
        Definitions = new DefinitionStore(Database);
        UserTasks = new UserTaskStore(Database);
        Inbox = new InboxStore(Database);
        CaseFiles = new CaseFileStore(Database);
        Drafts = new DraftStore(Database, UserTasks);
        Personal = new PersonalStore(Database);
        Organisation = new OrganisationStore(Database);
        SignIn = new SignInStore(Database);
        Clock = new ClockStore(Database);
        Design = new DesignStore(Database);
    }

    /// <summary>The settings a host needs to open this database.</summary>
    public PersistenceOptions Options { get; }

    public Database Database { get; }

    public ICommitter Committer => _committer;

    public IInstanceStore Instances { get; }

    public IBookmarkStore Bookmarks { get; }

    public ITimerStore Timers { get; }

    public IClockRowStore Clocks { get; }

    public ITimeRuleStore TimeRules { get; }

    public IOutboxStore Outbox { get; }

    public IDeliveryStore Deliveries { get; }

    public IMessageSettingStore MessageSettings { get; }

    public IEventStore Events { get; }

    public IDefinitionStore Definitions { get; }

    public IUserTaskStore UserTasks { get; }

    public IInboxStore Inbox { get; }

    public ICaseFileStore CaseFiles { get; }

    public IDraftStore Drafts { get; }

    public IPersonalStore Personal { get; }

    public IOrganisationStore Organisation { get; }

    public ISignInStore SignIn { get; }

    public IClockStore Clock { get; }

    public IDesignStore Design { get; }

    /// <summary>Makes a database. Without a PostgreSQL to be had the calling test is skipped (in CI it fails).</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind)
    {
        var options = new PersistenceOptions { DataDirectory = Directory.CreateTempSubdirectory("workflows-test-").FullName };
        if (kind == DatabaseKind.Postgres)
        {
            options.Database.Provider = DatabaseKind.Postgres;
            options.Database.ConnectionString = await CreatePostgresAsync(await TemplateAsync());
        }

        var database = new TestDatabase(options, owns: true);
        await new Migrator(database.Database).MigrateAsync(CancellationToken.None);
        return database;
    }

    /// <summary>Stores and committer of one more host on the same PostgreSQL database.</summary>
    public TestDatabase OpenAnotherHost() => new(Options, owns: false);

    /// <summary>The number a statement of the test's own answers; 0 when it answers nothing, as a change does.</summary>
    public async Task<long> ScalarAsync(string sql) => Convert.ToInt64((await RowsAsync(sql)).FirstOrDefault(), null);

    /// <summary>The first column of every row a query of the test's own answers.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string sql) => [.. (await RowsAsync(sql)).Cast<string>()];

    public async Task ExecuteAsync(string sql) => await RowsAsync(sql);

    private async Task<List<object>> RowsAsync(string sql)
    {
        await using DbConnection connection = Database.Kind == DatabaseKind.Postgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Options.Database.ConnectionString) { Pooling = false }.ConnectionString)
            : new SqliteConnection($"Data Source={((SqliteDatabase)Database).File};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<object>();
        while (await reader.ReadAsync())
            values.Add(reader.GetValue(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        Database.BeforeCommand = null;
        await _committer.DisposeAsync();
        await Database.DisposeAsync();
        if (!_owns)
            return;

        if (Options.Database.Provider == DatabaseKind.Postgres)
            await DropPostgresAsync(new NpgsqlConnectionStringBuilder(Options.Database.ConnectionString).Database!);
        Directory.Delete(Options.DataDirectory, recursive: true);
    }

    /// <summary>Connection string of a new database without tables, for tests of the migrations themselves.</summary>
    public static Task<string> CreateEmptyPostgresAsync() => CreatePostgresAsync("template0");

    public static async Task DropPostgresAsync(string name) =>
        await OnServerAsync($"drop database if exists \"{name}\" with (force)");

    /// <summary>Copying a migrated database takes a third of the time of migrating an empty one.</summary>
    internal static async Task<string> TemplateAsync()
    {
        await MakingTemplate.WaitAsync();
        try
        {
            if (_template is not null)
                return _template;

            var connectionString = await CreateEmptyPostgresAsync();
            await using (var database = new PostgresDatabase(connectionString))
                await new Migrator(database).MigrateAsync(CancellationToken.None);
            return _template = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        }
        finally
        {
            MakingTemplate.Release();
        }
    }

    internal static async Task<string> CreatePostgresAsync(string template)
    {
        var name = "test_" + Guid.NewGuid().ToString("N");
        await OnServerAsync($"create database \"{name}\" template \"{template}\"");
        return new NpgsqlConnectionStringBuilder(await PostgresCluster.ConnectionStringAsync()) { Database = name }.ConnectionString;
    }

    private static async Task OnServerAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgresCluster.ConnectionStringAsync()) { Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
