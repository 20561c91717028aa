using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Workflows.Persistence.Databases;

/// <summary>PostgreSQL 15 or newer, through Npgsql's pool.</summary>
public sealed class PostgresDatabase : Database
{
    /// <summary>
    /// For connections that only find rows by index. A plan that suits empty tables would scan them when they are full, and nothing
    /// analyses in between, so other plans are switched off; and a plan made once serves ever after.
    /// </summary>
    internal const string ByIndex = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _byIndex;
    private readonly ConcurrentDictionary<string, string> _lookUpTexts = new(StringComparer.Ordinal);

    public PostgresDatabase(string connectionString)
        : base(DatabaseKind.Postgres)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "workflows" };
        // What the operator's connection string says wins over these.
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = 32;
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        settings.Enlist = false;
        // We leave no session state behind, so the reset round trip between uses is waste.
        settings.NoResetOnClose = true;
        ConnectionString = settings.ConnectionString;
        _pool = NpgsqlDataSource.Create(settings);
        _byIndex = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            MinPoolSize = 0,
            // One for the look-ups and one for what is stored in groups; neither is asked for twice at a time.
            MaxPoolSize = 2,
            AutoPrepareMinUsages = 1,
            Options = ByIndex,
            ApplicationName = "workflows by index",
        });
    }

    internal string ConnectionString { get; }

    /// <summary>Group commits under way at once.</summary>
    internal int Committers { get; init; } = 1;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _pool.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < 15)
            throw new InvalidOperationException($"PostgreSQL 15 or newer is needed; this server is {connection.PostgreSqlVersion}.");
    }

    public override async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _pool.OpenConnectionAsync(cancellationToken);
        return await work(new Session(this, connection, null));
    }

    public override Task<T> WriteOneAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) => ReadAsync(work, cancellationToken);

    public override Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(_pool, work, cancellationToken);

    public override async Task<T> TryOutAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _pool.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await work(new Session(this, connection, transaction));
    }

    public override Task<T> WriteByIndexAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(_byIndex, work, cancellationToken);

    public override async Task<IReadOnlyList<string>> VerifyDurabilityAsync(CancellationToken cancellationToken)
    {
        string[] mustBeOn = ["fsync", "full_page_writes", "synchronous_commit"];
        var settings = await QueryAsync(
            "read_server_settings",
            new() { ["names"] = mustBeOn },
            row => (Name: row.GetString(0), Value: row.GetString(1)),
            cancellationToken);
        // synchronous_commit has stronger values than "on" (remote_apply) and weaker ones (local is durable here, off is not).
        return [.. settings.Where(s => s.Value == "off").Select(s => $"PostgreSQL runs with {s.Name} = off: acknowledged work can be lost.")];
    }

    public override async ValueTask DisposeAsync()
    {
        await _byIndex.DisposeAsync();
        await _pool.DisposeAsync();
    }

    private async Task<T> WriteAsync<T>(NpgsqlDataSource source, Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await PassAsync("begin");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(new Session(this, connection, transaction));
        await PassAsync("commit");
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private protected override async Task LookUpAsync(IReadOnlyList<LookUps.Question> questions)
    {
        await using var connection = await _byIndex.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var question in questions)
        {
            await PassAsync(question.Statement);
            // Positional parameters spare the driver the parsing.
            var command = new NpgsqlBatchCommand(_lookUpTexts.GetOrAdd(question.Statement, name => Statements.Get(name).Replace("@keys", "$1", StringComparison.Ordinal)));
            if (command.CommandText.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = question.Keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var question in questions)
        {
            while (await reader.ReadAsync())
                question.Accept(reader);
            await reader.NextResultAsync();
        }
    }
}
