using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Timers;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>How late timers fire: many pending, a steady stream due; late is measured to the answer of the commit.</summary>
internal static class TimerLag
{
    private const string Definition = """
        { "definitionId": "benchmark_timer", "name": "Benchmark timer", "inputs": [ { "type": "DateTimeOffset", "name": "at" } ],
          "root": { "id": "wait", "type": "Elsa.StartAt", "version": 1,
            "dateTime": { "typeName": "DateTimeOffset", "expression": { "type": "Input", "value": { "name": "at" } } } } }
        """;

    public static async Task<string> MeasureAsync(DatabaseKind kind, int pending, int perSecond, int seconds)
    {
        await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
        var count = perSecond * seconds;
        await using var engine = await EngineUnderTest.StartAsync(database, Definition);
        await engine.ExecuteAsync(kind == DatabaseKind.Postgres
            ? $"insert into timer (id, instance_id, due_at, execution) select 'far-' || n, 'none-' || n, 4000000000000000 + n, 1 from generate_series(1, {pending}) as n; analyze timer"
            : $"insert into timer (id, instance_id, due_at, execution) with recursive n (n) as (select 1 union all select n + 1 from n where n < {pending}) select 'far-' || n, 'none-' || n, 4000000000000000 + n, 1 from n");

        var clock = engine.Services.GetRequiredService<EngineClock>();
        var due = new ConcurrentDictionary<string, DateTimeOffset>();
        var lags = new ConcurrentBag<double>();
        var early = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Runtime.Changed += row =>
        {
            if (row.Status != WorkflowStatus.Finished || !due.TryGetValue(row.Id, out var at))
                return;
            var lag = (clock.GetUtcNow() - at).TotalMilliseconds;
            if (lag < 0)
                Interlocked.Increment(ref early);
            lags.Add(lag);
            if (lags.Count == count)
                all.TrySetResult();
        };

        // Time enough to start them all before the first is due.
        var first = clock.GetUtcNow() + TimeSpan.FromSeconds(5 + (count / 300));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, cancellationToken) =>
        {
            var at = first + TimeSpan.FromSeconds(i / (double)perSecond);
            var id = engine.Runtime.NewInstanceId();
            due[id] = at;
            await engine.Runtime.StartAsync(new StartRequest
            {
                InstanceId = id,
                DefinitionId = "benchmark_timer",
                Input = new Dictionary<string, JsonNode?> { ["at"] = at.ToString("O", CultureInfo.InvariantCulture) },
            }, cancellationToken);
        });
        await all.Task.WaitAsync(TimeSpan.FromMinutes(5));
        var sorted = lags.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"| {pending:N0} pending, {perSecond}/s due for {seconds} s | p50 {Load.At(sorted, 0.5):N0} ms | p99 {Load.At(sorted, 0.99):N0} ms | max {sorted[^1]:N0} ms | early {early} |");
    }
}
