using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Instances;

internal sealed class InstanceStore(Database database) : IInstanceStore
{
    public Task<StoredInstance?> LoadAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync(
            "load_instance",
            new() { ["id"] = id },
            row => new StoredInstance(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)),
            cancellationToken);

    public Task<InstanceSummary?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("find_instance", new() { ["id"] = id }, ReadSummary, cancellationToken);

    public async Task<IReadOnlyList<InstanceSummary>> ListAsync(InstanceFilter filter, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["limit"] = filter.Limit };
        AddIf("before", filter.Before);
        AddIf("definition_id", filter.DefinitionId);
        AddIf("correlation_id", filter.CorrelationId);
        AddIf("initiated_by", filter.InitiatedBy);
        AddIf("parent_instance_id", filter.ParentInstanceId);
        AddIf("status", filter.Status);
        AddIf("sub_status", filter.SubStatus);
        if (filter.Viewer is not null && filter.ViewedDefinitions is { } viewed)
        {
            // Whoever sees only their own is served by the index of initiators.
            AddIf(viewed.Count > 0 ? "viewer" : "only_viewer", filter.Viewer);
            AddIf("viewed", viewed.Count > 0 ? viewed.ToArray() : null);
        }

        AddIf("with_incidents", filter.HasIncidents is true ? true : null);
        AddIf("without_incidents", filter.HasIncidents is false ? true : null);
        return await database.QueryAsync("list_instances", args, ReadSummary, cancellationToken);

        void AddIf(string name, object? value)
        {
            if (value is not null)
                args[name] = value;
        }
    }

    public async Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string id, int after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            async session =>
            {
                var entries = new List<JournalEntry>();
                await foreach (var (first, text) in session.StreamAsync("read_journal", new() { ["id"] = id, ["after"] = after, ["limit"] = limit }, row => (row.GetInt32(0), row.GetString(1)), cancellationToken))
                {
                    entries.AddRange(StoredEntry.Read(JsonSerializer.Deserialize(text, StoredJson.Default.StoredEntryArray)!, first).Where(e => e.Sequence > after));
                    if (entries.Count >= limit)
                        break;
                }

                return entries;
            },
            cancellationToken);

    public Task<StimulusRow?> FindStimulusAsync(string key, CancellationToken cancellationToken) =>
        database.FirstAsync("find_stimulus", new() { ["key"] = key }, ReadStimulus, cancellationToken);

    public async Task<bool> HasStimulusAsync(string keyPrefix, CancellationToken cancellationToken)
    {
        // Both databases compare keys byte by byte, so everything that begins so lies before the next greater last character.
        var after = keyPrefix[..^1] + (char)(keyPrefix[^1] + 1);
        return await database.FirstAsync("any_stimulus", new() { ["first"] = keyPrefix, ["after"] = after }, _ => true, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> FindInterruptedAsync(TimeSpan idle, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_interrupted", new() { ["idle"] = idle, ["limit"] = limit }, row => row.GetString(0), cancellationToken);

    public async Task<bool> IsRunningAsync(string? definitionId, string? correlationId, CancellationToken cancellationToken)
    {
        var args = new SqlArgs();
        if (definitionId is not null)
            args["definition_id"] = definitionId;
        if (correlationId is not null)
            args["correlation_id"] = correlationId;
        return (await database.QueryAsync("any_running", args, _ => true, cancellationToken)).Count > 0;
    }

    public async Task<IReadOnlyList<string>> FindRunningChildrenAsync(string parentInstanceId, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_running_children", new() { ["parent"] = parentInstanceId }, row => row.GetString(0), cancellationToken);

    internal static StimulusRow ReadStimulus(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.Instant(4));

    internal static InstanceSummary ReadSummary(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt32(3),
        row.TextOrNull(4),
        row.TextOrNull(5),
        row.TextOrNull(6),
        row.TextOrNull(7),
        (WorkflowStatus)row.GetInt32(8),
        (WorkflowSubStatus)row.GetInt32(9),
        row.GetInt32(10),
        row.GetInt64(11),
        row.Instant(12),
        row.Instant(13),
        row.InstantOrNull(14));
}
