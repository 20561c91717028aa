using System.Diagnostics;

namespace Workflows.Benchmarks;

/// <summary>What a run came to.</summary>
/// <param name="Transitions">Durable transitions acknowledged.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="P50">Median latency of one transition, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="ServerCpu">CPU microseconds per transition of the engine (and, in process, of its callers).</param>
/// <param name="DatabaseCpu">CPU microseconds per transition of the database server.</param>
internal sealed record Figures(string Name, long Transitions, double Seconds, double P50, double P99, double ServerCpu, double DatabaseCpu)
{
    /// <summary>Write-ahead log bytes per transition; 0 where not measured.</summary>
    public double LogBytes { get; init; }

    public double Rate => Transitions / Seconds;
}

/// <summary>Closed-loop load: each caller runs one instance after the other until time is up.</summary>
internal static class Load
{
    public const int StepsPerInstance = 3;

    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(25);

    /// <summary>How long a run is driven before it is measured: until what it runs is compiled for good, where the run itself is more than a look.</summary>
    public static TimeSpan WarmUpOf(TimeSpan time) => time < TimeSpan.FromSeconds(5) || time > Steady ? time : Steady;

    /// <param name="step">Runs one transition: instance number, step 0 to 2; the value it answers is handed to the next step.</param>
    /// <param name="serverProcess">Process whose CPU counts as the engine's.</param>
    /// <param name="databaseProcess">Postmaster; null when the database runs inside the engine's process.</param>
    public static async Task<Figures> RunAsync(string name, int callers, TimeSpan time, Func<long, int, string?, Task<string?>> step, int serverProcess, int? databaseProcess)
    {
        var latencies = new List<double>[callers];
        // A server started by the measured process is in its tree; one measured beside a host of its own is not.
        var holdsDatabase = serverProcess == Environment.ProcessId;
        var cpuServer = CpuMeter.OfTree(serverProcess);
        var cpuDatabase = databaseProcess is { } d ? CpuMeter.OfTree(d) : 0;
        var clock = Stopwatch.StartNew();
        long next = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = latencies[caller] = [];
            while (clock.Elapsed < time)
            {
                var instance = Interlocked.Increment(ref next);
                string? carried = null;
                for (var s = 0; s < StepsPerInstance; s++)
                {
                    var began = Stopwatch.GetTimestamp();
                    carried = await step(instance, s, carried);
                    mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(l => l).Order().ToArray();
        return new Figures(
            name, all.Length, seconds, At(all, 0.5), At(all, 0.99),
            (CpuMeter.OfTree(serverProcess) - cpuServer - (databaseProcess is { } own && holdsDatabase ? CpuMeter.OfTree(own) - cpuDatabase : 0)) * 1e6 / all.Length,
            databaseProcess is { } p ? (CpuMeter.OfTree(p) - cpuDatabase) * 1e6 / all.Length : 0);
    }

    public static double At(double[] sorted, double quantile) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * quantile))];
}
