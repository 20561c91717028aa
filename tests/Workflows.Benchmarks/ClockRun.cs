using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Timers;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>
/// Many running clocks, each of which warns and is breached: every point once, none before its time by the database's clock, how late the
/// commits come; and how long a host that was stopped needs for what came due meanwhile.
/// </summary>
internal static class ClockRun
{
    private const string Definition = """
        { "definitionId": "benchmark_clock", "name": "Benchmark clock", "inputs": [ { "type": "DateTimeOffset", "name": "from" }, { "type": "Double", "name": "minutes" } ],
          "root": { "id": "root", "type": "Elsa.Sequence", "version": 1, "activities": [
            { "id": "clock", "type": "Clock.Start", "version": 1,
              "clock": { "typeName": "String", "expression": { "type": "Literal", "value": "promise" } },
              "target": { "typeName": "Double", "expression": { "type": "Input", "value": { "name": "minutes" } } },
              "unit": { "typeName": "String", "expression": { "type": "Literal", "value": "Minutes" } },
              "ladder": { "typeName": "String", "expression": { "type": "Literal", "value": "none" } },
              "warn": { "typeName": "String[]", "expression": { "type": "Object", "value": "[\"50\"]" } },
              "startedAt": { "typeName": "DateTimeOffset", "expression": { "type": "Input", "value": { "name": "from" } } } },
            { "id": "wait", "type": "Elsa.Event", "version": 1, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "kept" } } } ] } }
        """;

    /// <summary>Clocks that all run at once; warnings and breaches then come in a steady stream for <paramref name="seconds"/> each.</summary>
    public static async Task<string> MeasureAsync(DatabaseKind kind, int clocks, int seconds)
    {
        await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
        await using var engine = await EngineUnderTest.StartAsync(database, Definition);
        var clock = engine.Services.GetRequiredService<EngineClock>();
        var planned = new ConcurrentDictionary<string, (DateTimeOffset Warn, DateTimeOffset Breach)>();
        var (warns, breaches) = (new ConcurrentBag<double>(), new ConcurrentBag<double>());
        var early = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Runtime.Changed += row =>
        {
            if (row.Revision < 2 || !planned.TryGetValue(row.Id, out var due))
                return;
            var (at, bag) = row.Revision == 2 ? (due.Warn, warns) : (due.Breach, breaches);
            var lag = (clock.GetUtcNow() - at).TotalMilliseconds;
            if (lag < 0)
                Interlocked.Increment(ref early);
            bag.Add(lag);
            if (warns.Count + breaches.Count == 2 * clocks)
                all.TrySetResult();
        };

        // The first warning comes when all of them run.
        var started = Stopwatch.GetTimestamp();
        var sample = Math.Min(clocks, 500);
        var probe = clock.GetUtcNow();
        await StartAsync(engine, Enumerable.Range(0, sample).Select(_ => (probe.AddDays(1), 60.0)), null);
        var loading = Stopwatch.GetElapsedTime(started).TotalSeconds / sample * clocks * 1.5;
        var first = clock.GetUtcNow() + TimeSpan.FromSeconds(30 + loading);
        var half = TimeSpan.FromSeconds(seconds + 5);
        await StartAsync(
            engine,
            Enumerable.Range(0, clocks).Select(i => (first + TimeSpan.FromSeconds(i * (double)seconds / clocks) - half, half.TotalMinutes * 2)),
            (id, from, minutes) => planned[id] = (from + half, from + (2 * half)));
        var loadedAfter = Stopwatch.GetElapsedTime(started);
        var inTime = clock.GetUtcNow() < first;
        await all.Task.WaitAsync(TimeSpan.FromMinutes(30));

        var (warned, breached) = (await CountAsync(engine, "ClockWarned"), await CountAsync(engine, "ClockBreached"));
        var (w, b) = (warns.Order().ToArray(), breaches.Order().ToArray());
        return string.Create(CultureInfo.InvariantCulture,
            $"| {clocks:N0} clocks, {clocks / (double)seconds:N0} points/s | loaded in {loadedAfter.TotalSeconds:N0} s{(inTime ? "" : " (too late)")} | warned {warned:N0}, breached {breached:N0} | warn p50 {Load.At(w, 0.5):N0} p99 {Load.At(w, 0.99):N0} max {w[^1]:N0} ms | breach p50 {Load.At(b, 0.5):N0} p99 {Load.At(b, 0.99):N0} max {b[^1]:N0} ms | early {early} |");
    }

    /// <summary>A host is stopped while clocks come due, and started again.</summary>
    public static async Task<string> CatchUpAsync(DatabaseKind kind, int clocks)
    {
        await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
        DateTimeOffset due;
        await using (var before = await EngineUnderTest.StartAsync(database, Definition))
        {
            var clock = before.Services.GetRequiredService<EngineClock>();
            var began = Stopwatch.GetTimestamp();
            var now = clock.GetUtcNow();
            await StartAsync(before, Enumerable.Range(0, clocks / 20).Select(_ => (now.AddDays(1), 60.0)), null);
            var wait = TimeSpan.FromSeconds(45) + (Stopwatch.GetElapsedTime(began) * 30);
            due = clock.GetUtcNow() + wait;
            await StartAsync(before, Enumerable.Range(0, clocks).Select(_ => (due.AddMinutes(-1), 1.0)), null);
            if (clock.GetUtcNow() > due.AddSeconds(-31))
                return $"| {clocks:N0} overdue | could not be loaded before they were due |";
        }

        while (TimeProvider.System.GetUtcNow() < due.AddSeconds(1))
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var left = clocks;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        await using var engine = await EngineUnderTest.StartAsync(database, Definition, runtime => runtime.Changed += row =>
        {
            if (row.Status == WorkflowStatus.Running && Interlocked.Decrement(ref left) == 0)
                done.TrySetResult();
        });
        await done.Task.WaitAsync(TimeSpan.FromMinutes(10));
        var took = Stopwatch.GetElapsedTime(start);
        var (warned, breached) = (await CountAsync(engine, "ClockWarned"), await CountAsync(engine, "ClockBreached"));
        return string.Create(CultureInfo.InvariantCulture, $"| {clocks:N0} overdue after a stop | all handled {took.TotalSeconds:N1} s after the start, start-up included | warned {warned:N0}, breached {breached:N0} |");
    }

    private static Task StartAsync(EngineUnderTest engine, IEnumerable<(DateTimeOffset From, double Minutes)> clocks, Action<string, DateTimeOffset, double>? plan) =>
        Parallel.ForEachAsync(clocks, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (c, cancellationToken) =>
        {
            var id = engine.Runtime.NewInstanceId();
            plan?.Invoke(id, c.From, c.Minutes);
            await engine.Runtime.StartAsync(new StartRequest
            {
                InstanceId = id,
                DefinitionId = "benchmark_clock",
                Input = new Dictionary<string, JsonNode?> { ["from"] = c.From.ToString("O", CultureInfo.InvariantCulture), ["minutes"] = c.Minutes },
            }, cancellationToken);
        });

    /// <summary>Entries of an event in all journals.</summary>
    private static async Task<long> CountAsync(EngineUnderTest engine, string @event)
    {
        var mark = $"\"event\":\"{@event}\"";
        await using var connection = engine.Connect();
        await connection.OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"select coalesce(sum((length(entries) - length(replace(entries, '{mark}', ''))) / {mark.Length}), 0) from journal";
        command.CommandTimeout = 600;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
