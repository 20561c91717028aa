using System.Data.Common;

namespace Workflows.Persistence.Databases;

/// <summary>
/// A database: where connections come from and how its statements read. Stores are written once, over this.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    private protected Database(DatabaseKind kind)
    {
        Kind = kind;
        Statements = Statements.Load(kind);
        LookUps = new LookUps(LookUpAsync);
    }

    public DatabaseKind Kind { get; }

    /// <summary>The statements, read once.</summary>
    public Statements Statements { get; }

    /// <summary>Reads by key that share round trips.</summary>
    internal LookUps LookUps { get; }

    /// <summary>Called with the statement's name before every command, begin and commit included; a test may throw here. Null in production.</summary>
    public Func<string, Task>? BeforeCommand { get; set; }

    /// <summary>Opens what is needed; a database that cannot be opened is an exception with a plain reason.</summary>
    public abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Runs statements that change nothing, outside a transaction.</summary>
    public abstract Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs statements in one transaction, which is committed when <paramref name="work"/> returns and rolled back when it throws.</summary>
    public abstract Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Work in a transaction that is never committed: it sees what it writes, and afterwards nothing of it is there.</summary>
    public abstract Task<T> TryOutAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>As <see cref="WriteAsync{T}"/>, for statements that find every row by index and whose plans are made when tables are empty. One at a time.</summary>
    public virtual Task<T> WriteByIndexAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(work, cancellationToken);

    /// <summary>Runs one changing statement, which is a transaction by itself.</summary>
    public abstract Task<T> WriteOneAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>What is not durable about the way this database is set up, in words for an operator; empty when all is well.</summary>
    public abstract Task<IReadOnlyList<string>> VerifyDurabilityAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    public Task<List<T>> QueryAsync<T>(string statement, SqlArgs args, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        ReadAsync(s => s.QueryAsync(statement, args, map, cancellationToken), cancellationToken);

    public Task<T?> FirstAsync<T>(string statement, SqlArgs args, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        ReadAsync(s => s.FirstAsync(statement, args, map, cancellationToken), cancellationToken);

    /// <summary>One changing statement that answers rows ("returning").</summary>
    public Task<List<T>> ChangeAsync<T>(string statement, SqlArgs args, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        WriteOneAsync(s => s.QueryAsync(statement, args, map, cancellationToken), cancellationToken);

    /// <summary>One changing statement; answers how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string statement, SqlArgs args, CancellationToken cancellationToken) =>
        WriteOneAsync(s => s.ExecuteAsync(statement, args, cancellationToken), cancellationToken);

    public Task WriteAsync(Func<Session, Task> work, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Asks all questions at once.</summary>
    private protected abstract Task LookUpAsync(IReadOnlyList<LookUps.Question> questions);

    internal Task PassAsync(string command) => BeforeCommand is { } hook ? hook(command) : Task.CompletedTask;
}
