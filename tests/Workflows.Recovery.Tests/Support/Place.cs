using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Workflows.Persistence;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Support;

/// <summary>
/// A database that no process of the test holds open, and the receiver's file beside it: nodes come and go, and the test looks
/// at the rows with statements of its own.
/// </summary>
internal sealed class Place : IAsyncDisposable
{
    private static readonly Dictionary<DatabaseKind, DatabaseTemplate> OfNodes = Enum.GetValues<DatabaseKind>().ToDictionary(kind => kind, kind => new DatabaseTemplate(kind, StartNodeAsync));

    private Place(PersistenceOptions options) => Options = options;

    public PersistenceOptions Options { get; }

    public string ReceiverFile => Path.Combine(Options.DataDirectory, "receipts.txt");

    /// <summary>As a node's first start left it: the tests kill what comes after.</summary>
    public static async Task<Place> CreateAsync(DatabaseKind kind) => await CopyAsync(OfNodes[kind]);

    public static async Task<Place> CopyAsync(DatabaseTemplate template) => new(await template.CopyAsync());

    private static async Task StartNodeAsync(PersistenceOptions options)
    {
        await using var node = await EngineNode.StartAsync(new NodeSettings(options, new MemoryReceiver()), CancellationToken.None);
    }

    public IReadOnlyList<Receipt> Receipts => Receiver.Read(ReceiverFile);

    public async Task<DbConnection> ConnectAsync() => await ConnectAsync(Options);

    public static async Task<DbConnection> ConnectAsync(PersistenceOptions options)
    {
        DbConnection connection = options.Database.Provider == DatabaseKind.Postgres
            ? new NpgsqlConnection(options.Database.ConnectionString)
            : new SqliteConnection($"Data Source={Path.Combine(options.DataDirectory, "workflows.db")};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await DatabaseTemplate.DropAsync(Options);
}

internal static class Rows
{
    /// <summary>The rows of a query, each as its values.</summary>
    public static async Task<List<object?[]>> QueryAsync(this DbConnection connection, string sql, params object?[] values)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            parameter.Value = values[i] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        var rows = new List<object?[]>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public static async Task<long> CountAsync(this DbConnection connection, string sql, params object?[] values) =>
        Convert.ToInt64((await connection.QueryAsync(sql, values))[0][0], null);
}
