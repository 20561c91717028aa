using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Clocks;

internal sealed class ClockRowStore(Database database) : IClockRowStore
{
    public async Task<IReadOnlyList<StoredClock>> ListAsync(ClockQuery query, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "list_clocks",
            new()
            {
                ["instance_id"] = query.InstanceId,
                ["task_id"] = query.TaskId,
                ["open"] = query.OpenOnly ? true : null,
                ["calendar_id"] = query.CalendarId,
                ["below_version"] = query.BelowVersion,
                ["state"] = query.State,
                ["after"] = query.After,
                ["limit"] = query.Limit,
            },
            Read,
            cancellationToken);

    public async Task<StoredClock?> FindAsync(string id, CancellationToken cancellationToken) =>
        await database.FirstAsync("find_clock", new() { ["id"] = id }, Read, cancellationToken);

    private static StoredClock Read(DbDataReader row) =>
        new(row.GetString(1), row.GetString(2), JsonSerializer.Deserialize(row.GetString(0), StoredJson.Default.RunningClock)!);
}
