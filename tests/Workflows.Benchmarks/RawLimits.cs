using Npgsql;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>The limits everything else is compared with: the same rows without an engine.</summary>
internal static class RawLimits
{
    public static async Task<IReadOnlyList<Figures>> MeasureAsync(DatabaseKind kind, TimeSpan time)
    {
        var figures = new List<Figures>();
        foreach (var callers in new[] { 32, 512 })
            figures.Add(await GroupAsync(kind, callers, time));
        foreach (var callers in new[] { 1, 32 })
            figures.Add(await OneByOneAsync(kind, callers, time));
        return figures;
    }

    public static Task<Figures> GroupAsync(DatabaseKind kind, int callers, TimeSpan time) =>
        MeasureAsync(kind, $"raw group commit, {callers} callers", callers, grouped: true, time);

    public static Task<Figures> OneByOneAsync(DatabaseKind kind, int callers, TimeSpan time) =>
        MeasureAsync(kind, $"raw, one transaction per transition, {callers} caller{(callers == 1 ? "" : "s")}", callers, grouped: false, time);

    private static async Task<Figures> MeasureAsync(DatabaseKind kind, string name, int callers, bool grouped, TimeSpan time)
    {
        await using var database = await BenchmarkDatabase.CreateAsync(kind);
        if (kind == DatabaseKind.Postgres)
        {
            await using var source = new NpgsqlDataSourceBuilder(database.ConnectionString + $";Maximum Pool Size={callers + 2};Max Auto Prepare=50").Build();
            await using var raw = new RawPostgres(source);
            return await RunAsync(database, name, callers, grouped, raw.WriteGroupAsync, raw.WriteOneAsync, time);
        }
        else
        {
            await using var raw = new RawSqlite(database.ConnectionString);
            return await RunAsync(database, name, callers, grouped, raw.WriteGroupAsync, raw.WriteOneAsync, time);
        }
    }

    private static async Task<Figures> RunAsync(
        BenchmarkDatabase database, string name, int callers, bool grouped, Func<IReadOnlyList<RawRow>, Task> writeGroup, Func<RawRow, Task> writeOne, TimeSpan time)
    {
        await using var group = grouped ? new RawGroup(writeGroup) : null;
        var log = await database.LogBytesAsync();
        var figures = await Load.RunAsync(name, callers, time, async (instance, step, _) =>
        {
            var row = new RawRow($"{instance:x32}", step);
            await (group is null ? writeOne(row) : group.WriteAsync(row));
            return null;
        }, Environment.ProcessId, database.ProcessId);
        return figures with { LogBytes = (await database.LogBytesAsync() - log) / (double)figures.Transitions };
    }
}
