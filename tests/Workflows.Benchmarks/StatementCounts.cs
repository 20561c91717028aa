using System.Globalization;
using Npgsql;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Benchmarks;

/// <summary>
/// What the server was asked per transition: every statement with its calls and its time, transactions, and flushes of the log.
/// Counting costs time itself, so it is switched on by "--statements" and those runs' rates are not compared with others.
/// </summary>
internal sealed class StatementCounts
{
    private const int Shown = 25;

    private long _transactions;
    private long _flushes;

    public static bool IsWanted { get; set; }

    public static async Task<StatementCounts?> BeginAsync(DatabaseKind kind)
    {
        if (!IsWanted || kind != DatabaseKind.Postgres)
            return null;
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, "create extension if not exists pg_stat_statements");
        await ExecuteAsync(connection, "select pg_stat_statements_reset()");
        var counts = new StatementCounts();
        (counts._transactions, counts._flushes) = await TotalsAsync(connection);
        return counts;
    }

    public async Task ReportAsync(string name, long transitions)
    {
        await using var connection = await OpenAsync();
        var (transactions, flushes) = await TotalsAsync(connection);
        Report.Line(string.Create(CultureInfo.InvariantCulture, $"statements of \"{name}\": {(transactions - _transactions) / (double)transitions:N2} transactions and {(flushes - _flushes) / (double)transitions:N3} log flushes per transition"));
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select calls, total_exec_time, total_plan_time, plans, rows, wal_bytes, regexp_replace(query, '\s+', ' ', 'g')
            from pg_stat_statements where query not like '%pg_stat%' order by total_exec_time + total_plan_time desc limit {Shown}
            """;
        await using var reader = await command.ExecuteReaderAsync();
        Report.Line("  calls/tr  exec µs/tr  plan µs/tr  plans/tr  rows/tr  WAL/tr  statement");
        while (await reader.ReadAsync())
        {
            var text = reader.GetString(6);
            Report.Line(string.Create(CultureInfo.InvariantCulture,
                $"  {reader.GetInt64(0) / (double)transitions,8:N3}  {reader.GetDouble(1) * 1000 / transitions,10:N1}  {reader.GetDouble(2) * 1000 / transitions,10:N1}  {reader.GetInt64(3) / (double)transitions,8:N3}  {reader.GetInt64(4) / (double)transitions,7:N2}  {(double)reader.GetDecimal(5) / transitions,6:N0}  {text[..Math.Min(text.Length, 100)]}"));
        }
    }

    private static async Task<(long Transactions, long Flushes)> TotalsAsync(NpgsqlConnection connection)
    {
        await ExecuteAsync(connection, "select pg_stat_force_next_flush()");
        await using var command = connection.CreateCommand();
        command.CommandText = "select (select sum(xact_commit + xact_rollback)::bigint from pg_stat_database), (select wal_sync from pg_stat_wal)";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(await PostgresCluster.ConnectionStringAsync() + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
