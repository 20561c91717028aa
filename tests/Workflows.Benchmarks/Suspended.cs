using System.Diagnostics;
using System.Globalization;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>What suspended instances cost while nothing happens: memory and idle CPU.</summary>
internal static class Suspended
{
    public static async Task<IReadOnlyList<string>> MeasureAsync(DatabaseKind kind, int few, int many, TimeSpan idle)
    {
        await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
        await using var engine = await EngineUnderTest.StartAsync(database, ApprovalWorkload.Definition);
        await StartAsync(engine, few);
        var before = Settled();
        await StartAsync(engine, many - few);
        var perInstance = (Settled() - before) / (double)(many - few);

        if (kind == DatabaseKind.Postgres)
        {
            // What follows any load, not idleness: the server tidies up what was written, and writes it to its files.
            await engine.ExecuteAsync("vacuum analyze");
            await engine.ExecuteAsync("checkpoint");
        }

        var counts = await StatementCounts.BeginAsync(kind);
        var cpu = CpuMeter.OfTree(Environment.ProcessId);
        var cpuDatabase = database.ProcessId is { } server ? CpuMeter.OfTree(server) : 0;
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(idle, TimeProvider.System);
        await timer.WaitForNextTickAsync();
        var used = (CpuMeter.OfTree(Environment.ProcessId) - cpu) / watch.Elapsed.TotalSeconds;
        var usedByDatabase = database.ProcessId is { } same ? (CpuMeter.OfTree(same) - cpuDatabase) / watch.Elapsed.TotalSeconds : 0;
        if (counts is not null)
            await counts.ReportAsync("idle, per second", (long)watch.Elapsed.TotalSeconds);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"| managed memory per suspended instance, {few:N0} to {many:N0} | {perInstance:N1} bytes |"),
            string.Create(CultureInfo.InvariantCulture, $"| idle CPU with {many:N0} suspended, engine and database | {used * 100:N2} % of a core, of which {usedByDatabase * 100:N2} the server |"),
        ];
    }

    private static async Task StartAsync(EngineUnderTest engine, int count) =>
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (_, _) => await engine.StepAsync(0, null));

    private static long Settled()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
