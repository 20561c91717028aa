using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.UserTasks;

namespace Workflows.Recovery.Tests.Support;

/// <summary>
/// Looks at the rows alone and says where they disagree: the instance's state against its bookmarks, timers, tasks and
/// effects, the journal's numbers, rows without an instance. Nothing found is what durability means here.
/// </summary>
internal static class Checker
{
    /// <summary>Divergences of the instances whose id begins so; empty when all agree.</summary>
    public static async Task<IReadOnlyList<string>> FindDivergencesAsync(DbConnection connection, string prefix = "", bool quiet = true)
    {
        var found = new List<string>();
        var bookmarks = await ByInstanceAsync(connection, "bookmark", "id", "");
        var timers = await ByInstanceAsync(connection, "timer", "id", "");
        var tasks = await ByInstanceAsync(connection, "user_task", "id", $"and state in ({(int)UserTaskState.Open}, {(int)UserTaskState.Claimed})");
        var clocks = await ByInstanceAsync(connection, "clock", "id", "and stopped_at is null");
        var effects = await ByInstanceAsync(connection, "effect", "key", $"and state in ({(int)EffectState.Queued}, {(int)EffectState.Claimed}, {(int)EffectState.Attempting})");
        var journals = (await connection.QueryAsync("select instance_id, first_sequence, last_sequence, entries from journal order by instance_id, first_sequence"))
            .ToLookup(r => (string)r[0]!);
        var ids = new HashSet<string>();

        foreach (var row in await connection.QueryAsync("select id, revision, status, sub_status, executing_since, state from instance where id like @p0 || '%'", prefix))
        {
            var id = (string)row[0]!;
            ids.Add(id);
            var instance = InstanceCodec.Read((byte[])row[5]!);
            Expect(id, "revision", instance.Revision, Convert.ToInt64(row[1], null));
            Expect(id, "status", (int)instance.Status, Convert.ToInt32(row[2], null));
            Expect(id, "sub-status", (int)instance.SubStatus, Convert.ToInt32(row[3], null));
            Expect(id, "is cut", instance is { Status: WorkflowStatus.Running, Queue.Count: > 0 }, row[4] is not null);
            Expect(id, "bookmarks", Join(instance.Bookmarks.Select(b => b.Id)), Join(bookmarks[id]));
            Expect(id, "timers", Join(instance.Timers.Select(t => t.Id)), Join(timers[id]));
            Expect(id, "open tasks", Join(instance.Tasks.Select(t => t.Id)), Join(tasks[id]));
            Expect(id, "running clocks", Join((instance.Clocks ?? []).Select(c => c.Id)), Join(clocks[id]));
            foreach (var awaited in instance.Bookmarks.Where(b => b.Name == "Workflows.Effect").Select(b => (string)b.Payload!))
            {
                if (!effects[id].Contains(awaited))
                    found.Add($"{id}: waits for effect {awaited}, which is over or unknown");
            }

            var next = 1;
            foreach (var burst in journals[id])
            {
                var entries = JsonNode.Parse((string)burst[3]!)!.AsArray();
                Expect(id, "first entry of a burst", Convert.ToInt32(burst[1], null), next);
                next += entries.Count;
                Expect(id, "last entry of a burst", Convert.ToInt32(burst[2], null), next - 1);
            }

            Expect(id, "journal length", instance.JournalLength, next - 1);
            if (quiet && effects[id].Any())
                found.Add($"{id}: effects not over: {Join(effects[id])}");
            if (quiet && instance is { Status: WorkflowStatus.Running } && instance.Bookmarks.Count + instance.Timers.Count + instance.Tasks.Count == 0)
                found.Add($"{id}: runs and waits for nothing");
        }

        found.AddRange(bookmarks.Concat(timers).Concat(tasks).Concat(effects).Concat(journals.Select(j => j.Select(_ => "journal").GroupBy(_ => j.Key).Single()))
            .Where(g => g.Key.StartsWith(prefix, StringComparison.Ordinal) && !ids.Contains(g.Key))
            .Select(g => $"rows without an instance: {g.Key} {Join(g)}"));
        return found;

        void Expect<T>(string id, string what, T state, T rows)
        {
            if (!Equals(state, rows))
                found.Add($"{id}: {what}: state says {state}, rows say {rows}");
        }
    }

    private static string Join(IEnumerable<string> ids) => string.Join(',', ids.Order(StringComparer.Ordinal));

    private static async Task<ILookup<string, string>> ByInstanceAsync(DbConnection connection, string table, string key, string condition) =>
        (await connection.QueryAsync($"select instance_id, {key} from {table} where true {condition}")).ToLookup(r => (string)r[0]!, r => (string)r[1]!);
}
