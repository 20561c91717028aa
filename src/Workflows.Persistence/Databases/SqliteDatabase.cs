using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Workflows.Persistence.Databases;

/// <summary>
/// SQLite in write-ahead mode. What can go wrong: two writers meet and one gets "database is locked" in the middle of its
/// work; two hosts open the same file and each believes to be alone. The rules: every write of this process goes through
/// one gate and one connection, and a lock file keeps a second process out.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private const int Readers = 8;

    private readonly string _connectionString;
    private readonly SqliteSynchronous _synchronous;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(Readers, Readers);
    private readonly ConcurrentBag<SqliteConnection> _idleReaders = [];
    private SqliteConnection? _writer;
    private FileStream? _lock;

    public SqliteDatabase(string dataDirectory, string? connectionString, SqliteSynchronous synchronous)
        : base(DatabaseKind.Sqlite)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString ?? "") { Pooling = false, ForeignKeys = true, DefaultTimeout = 30 };
        if (string.IsNullOrEmpty(settings.DataSource))
            settings.DataSource = Path.Combine(dataDirectory, "workflows.db");
        File = Path.GetFullPath(settings.DataSource);
        settings.DataSource = File;
        _connectionString = settings.ConnectionString;
        _synchronous = synchronous;
    }

    /// <summary>Full path of the database file.</summary>
    public string File { get; }

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        try
        {
            // The operating system lets go of this lock when the process dies, however it dies.
            _lock = new FileStream(File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(
                $"The database file {File} is in use by another process. With SQLite only one host may run; use PostgreSQL for more.", e);
        }

        _writer = await ConnectAsync(cancellationToken);
        await PragmaAsync(_writer, "journal_mode = wal", cancellationToken);
    }

    public override async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!_idleReaders.TryTake(out var connection))
            {
                connection = await ConnectAsync(cancellationToken);
                await PragmaAsync(connection, "query_only = on", cancellationToken);
            }

            try
            {
                return await work(new Session(this, connection, null));
            }
            finally
            {
                _idleReaders.Add(connection);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public override Task<T> WriteOneAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        WithWriterAsync(connection => work(new Session(this, connection, null)), cancellationToken);

    public override Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        WithWriterAsync(
            async connection =>
            {
                await PassAsync("begin");
                await using var transaction = connection.BeginTransaction(deferred: false);
                var result = await work(new Session(this, connection, transaction));
                await PassAsync("commit");
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);

    public override Task<T> TryOutAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) =>
        WithWriterAsync(
            async connection =>
            {
                await using var transaction = connection.BeginTransaction(deferred: false);
                return await work(new Session(this, connection, transaction));
            },
            cancellationToken);

    private protected override Task LookUpAsync(IReadOnlyList<LookUps.Question> questions) => ReadAsync(
        async session =>
        {
            foreach (var question in questions)
            {
                await session.QueryAsync(
                    question.Statement,
                    new() { ["keys"] = question.Keys },
                    row =>
                    {
                        question.Accept(row);
                        return true;
                    },
                    CancellationToken.None);
            }

            return true;
        },
        CancellationToken.None);

    /// <summary>Lends the one writing connection.</summary>
    internal async Task<T> WithWriterAsync<T>(Func<SqliteConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await work(_writer ?? throw new InvalidOperationException("The database was not opened."));
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task<IReadOnlyList<string>> VerifyDurabilityAsync(CancellationToken cancellationToken) =>
        await WithWriterAsync<IReadOnlyList<string>>(
            async connection =>
            {
                var faults = new List<string>();
                var journal = await PragmaAsync(connection, "journal_mode", cancellationToken);
                if (!string.Equals(journal as string, "wal", StringComparison.OrdinalIgnoreCase))
                    faults.Add($"SQLite runs with journal_mode = {journal}; wal is needed.");
                if (await PragmaAsync(connection, "synchronous", cancellationToken) is not >= (long)SqliteSynchronous.Full)
                    faults.Add("SQLite runs with synchronous below full: acknowledged work can be lost when the power fails.");
                return faults;
            },
            cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        // Waiting for the gate lets a running commit end before its connection goes.
        await _writing.WaitAsync();
        while (_idleReaders.TryTake(out var reader))
            await reader.DisposeAsync();
        if (_writer is not null)
            await _writer.DisposeAsync();
        _writer = null;
        if (_lock is not null)
            await _lock.DisposeAsync();
        _lock = null;
        _writing.Release();
    }

    private async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        // The same name as PostgreSQL's function, so that statements read the same.
        connection.CreateFunction("database_now", () => Instants.ToMicros(TimeProvider.System.GetUtcNow()));
        await PragmaAsync(connection, $"synchronous = {(int)_synchronous}", cancellationToken);
        await PragmaAsync(connection, "busy_timeout = 10000", cancellationToken);
        return connection;
    }

    private static async Task<object?> PragmaAsync(SqliteConnection connection, string pragma, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"pragma {pragma}";
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
