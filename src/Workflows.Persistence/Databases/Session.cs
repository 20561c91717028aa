using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Workflows.Engine.Storage;

namespace Workflows.Persistence.Databases;

/// <summary>One connection, for the length of one piece of work; runs named statements. Not for two threads at once.</summary>
public sealed class Session
{
    private readonly Database _database;
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;

    internal Session(Database database, DbConnection connection, DbTransaction? transaction)
    {
        _database = database;
        _connection = connection;
        _transaction = transaction;
    }

    public DatabaseKind Kind => _database.Kind;

    /// <summary>All rows a statement answers.</summary>
    public async Task<List<T>> QueryAsync<T>(string statement, SqlArgs args, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await foreach (var row in StreamAsync(statement, args, map, cancellationToken))
            rows.Add(row);
        return rows;
    }

    /// <summary>The first row, or the default of <typeparamref name="T"/> when there is none.</summary>
    public async Task<T?> FirstAsync<T>(string statement, SqlArgs args, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        await foreach (var row in StreamAsync(statement, args, map, cancellationToken))
            return row;
        return default;
    }

    /// <summary>Rows one by one, for results too large to hold.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string statement,
        SqlArgs args,
        Func<DbDataReader, T> map,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _database.PassAsync(statement);
        await using var command = Command(statement, args);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return map(reader);
    }

    /// <summary>Runs a statement and answers the number of rows it changed.</summary>
    public async Task<int> ExecuteAsync(string statement, SqlArgs args, CancellationToken cancellationToken)
    {
        await _database.PassAsync(statement);
        await using var command = Command(statement, args);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs one statement for many rows, compiled once; answers the number of rows changed. All must carry the same arguments.</summary>
    public async Task<int> ExecuteManyAsync(string statement, IEnumerable<SqlArgs> rows, CancellationToken cancellationToken)
    {
        await _database.PassAsync(statement);
        DbCommand? command = null;
        var changed = 0;
        try
        {
            foreach (var row in rows)
            {
                if (command is null)
                {
                    command = Command(statement, row);
                }
                else
                {
                    foreach (var (name, value) in row)
                        command.Parameters[ParameterName(name)].Value = Value(value);
                }

                changed += await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            if (command is not null)
                await command.DisposeAsync();
        }

        return changed;
    }

    /// <summary>Runs a whole script, as migrations are.</summary>
    internal async Task RunScriptAsync(string name, string script, CancellationToken cancellationToken)
    {
        await _database.PassAsync(name);
        await using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Command(string statement, SqlArgs args)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = _database.Statements.Get(statement, args);
        foreach (var (name, value) in args)
        {
            DbParameter parameter = Kind == DatabaseKind.Postgres
                ? new NpgsqlParameter { ParameterName = name }
                : new SqliteParameter { ParameterName = ParameterName(name) };
            parameter.Value = Value(value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private string ParameterName(string name) => Kind == DatabaseKind.Postgres ? name : "@" + name;

    private object Value(object? value) => SqlArgs.Normalise(value) switch
    {
        null => DBNull.Value,
        string[] texts when Kind == DatabaseKind.Sqlite => CompactJson.Text(texts, StoredJson.Default.StringArray),
        { } other => other,
    };
}
