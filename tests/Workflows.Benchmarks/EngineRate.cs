using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>The whole engine in this process, its loops running.</summary>
internal static class EngineRate
{
    public static async Task<IReadOnlyList<Figures>> MeasureAsync(DatabaseKind kind, TimeSpan time, params IReadOnlyList<int> numbersOfCallers)
    {
        var figures = new List<Figures>();
        foreach (var callers in numbersOfCallers)
        {
            await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
            await using var engine = await EngineUnderTest.StartAsync(database, ApprovalWorkload.Definition);
            // The first seconds pay for compilation and its profiling; they are nobody's steady state.
            await Load.RunAsync("warm-up", Math.Max(callers, 8), Load.WarmUpOf(time), (_, step, carried) => engine.StepAsync(step, carried), Environment.ProcessId, database.ProcessId);
            var counts = await StatementCounts.BeginAsync(kind);
            var log = await database.LogBytesAsync();
            var allocated = GC.GetTotalAllocatedBytes();
            var (young, old, paused) = (GC.CollectionCount(0), GC.CollectionCount(2), GC.GetTotalPauseDuration());
            var measured = await Load.RunAsync($"engine in process, {callers} caller{(callers == 1 ? "" : "s")}", callers, time,
                (_, step, carried) => engine.StepAsync(step, carried), Environment.ProcessId, database.ProcessId);
            figures.Add(measured with { LogBytes = (await database.LogBytesAsync() - log) / (double)measured.Transitions });
            Report.Line($"{measured.Name}: {(GC.GetTotalAllocatedBytes() - allocated) / (double)measured.Transitions:N0} bytes allocated per transition, {GC.CollectionCount(0) - young} collections, {GC.CollectionCount(2) - old} of everything, {(GC.GetTotalPauseDuration() - paused).TotalMicroseconds / measured.Transitions:N1} µs paused per transition");
            if (counts is not null)
                await counts.ReportAsync(measured.Name, measured.Transitions);
        }

        return figures;
    }
}
