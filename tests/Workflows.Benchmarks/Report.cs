using System.Globalization;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>Prints tables a person can paste into docs/performance.md.</summary>
internal static class Report
{
    public static void Machine() => Line($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()):u}, load {LoadAverage()}");

    /// <summary>What others, and we ourselves, keep this machine busy with: the first thing to know about a rate.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    public static void Table(DatabaseKind kind, IReadOnlyList<Figures> figures)
    {
        if (figures.Count == 0)
            return;
        Line("");
        Line($"### {(kind == DatabaseKind.Postgres ? "PostgreSQL, fsync on" : "SQLite, WAL, synchronous FULL")}");
        Line("");
        Line("| | transitions/s | p50 / p99 ms | CPU µs per transition, engine + database | WAL bytes |");
        Line("|---|---:|---:|---:|---:|");
        foreach (var f in figures)
            Row(f);
    }

    public static void Row(Figures f) =>
        Line($"| {f.Name} | {f.Rate:N0} | {f.P50:N1} / {f.P99:N1} | {f.ServerCpu:N0} + {f.DatabaseCpu:N0} | {f.LogBytes:N0} |");

    public static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public static void Line(string text) => Console.WriteLine(text);
}
