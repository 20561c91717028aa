using System.Data.Common;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Definitions;

internal sealed class DefinitionStore(Database database) : IDefinitionStore
{
    private static readonly SqlArgs Stamp = new() { ["name"] = "definition_stamp" };

    public Task<StoredDefinition?> FindVersionAsync(string versionId, CancellationToken cancellationToken) =>
        database.FirstAsync("find_definition_version", new() { ["version_id"] = versionId }, Read, cancellationToken);

    public Task<StoredDefinition?> FindAsync(string definitionId, VersionKind kind, CancellationToken cancellationToken) =>
        database.FirstAsync("list_definitions", Filter(kind, definitionId), Read, cancellationToken);

    public Task<StoredDefinition?> FindAsync(string definitionId, int version, CancellationToken cancellationToken) =>
        database.FirstAsync("find_definition_by_number", new() { ["definition_id"] = definitionId, ["version"] = version }, Read, cancellationToken);

    public async Task<IReadOnlyList<StoredDefinition>> ListAsync(VersionKind kind, string? definitionId, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_definitions", Filter(kind, definitionId), Read, cancellationToken);

    public Task<bool> SaveAsync(
        string definitionId,
        string? expectedLatestVersionId,
        DateTimeOffset? expectedUpdatedAt,
        IReadOnlyList<StoredDefinition> versions,
        IReadOnlyList<StoredTrigger>? triggers,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                var (latest, updatedAt) = await session.FirstAsync(
                    "find_latest_stamp",
                    new() { ["definition_id"] = definitionId },
                    row => ((string?)row.GetString(0), (long?)row.GetInt64(1)),
                    cancellationToken);
                if (latest != expectedLatestVersionId || (expectedUpdatedAt is not null && updatedAt != Instants.ToMicros(expectedUpdatedAt)))
                    return false;

                // "Latest" and "published" are unique for each definition and checked row by row, so they are taken off
                // first and given last.
                await session.ExecuteAsync("clear_definition_flags", new() { ["version_ids"] = versions.Select(v => v.VersionId).ToArray() }, cancellationToken);
                await session.ExecuteManyAsync("save_definition", versions.OrderBy(v => v.IsLatest || v.IsPublished).Select(Args), cancellationToken);
                if (triggers is not null)
                {
                    await session.ExecuteAsync("delete_triggers", new() { ["definition_id"] = definitionId }, cancellationToken);
                    await session.ExecuteManyAsync("add_trigger", triggers.Select(Args), cancellationToken);
                }

                return true;
            },
            cancellationToken);

    public Task<bool> DeleteVersionAsync(string versionId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                var (definitionId, wasLatest) = await session.FirstAsync(
                    "delete_definition_version",
                    new() { ["version_id"] = versionId },
                    row => ((string?)row.GetString(0), row.GetBoolean(1)),
                    cancellationToken);
                if (definitionId is null)
                    return false;
                if (wasLatest)
                    await session.ExecuteAsync("make_newest_latest", new() { ["definition_id"] = definitionId }, cancellationToken);
                return true;
            },
            cancellationToken);

    public Task<int> DeleteAsync(string definitionId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                return await session.ExecuteAsync("delete_definition", new() { ["definition_id"] = definitionId }, cancellationToken);
            },
            cancellationToken);

    public async Task<bool> IsRunningAsync(string definitionId, CancellationToken cancellationToken) =>
        (await database.QueryAsync("any_running", new() { ["definition_id"] = definitionId }, _ => true, cancellationToken)).Count > 0;

    public async Task<IReadOnlyList<StoredTrigger>> FindTriggersAsync(string hash, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_triggers", new() { ["hash"] = hash }, ReadTrigger, cancellationToken);

    public async Task<IReadOnlyList<StoredTrigger>> ListTriggersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_triggers", new() { ["names"] = names }, ReadTrigger, cancellationToken);

    public Task<long> ReadStampAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken);

    private static SqlArgs Filter(VersionKind kind, string? definitionId)
    {
        var args = new SqlArgs();
        if (definitionId is not null)
            args["definition_id"] = definitionId;
        if (kind != VersionKind.AllVersions)
        {
            args[kind switch
            {
                VersionKind.Latest => "latest",
                VersionKind.Published => "published",
                VersionKind.Draft => "draft",
                _ => "latest_or_published",
            }] = true;
        }

        return args;
    }

    private static SqlArgs Args(StoredDefinition version) => new()
    {
        ["version_id"] = version.VersionId,
        ["definition_id"] = version.DefinitionId,
        ["version"] = version.Version,
        ["name"] = version.Name,
        ["description"] = version.Description,
        ["is_latest"] = version.IsLatest,
        ["is_published"] = version.IsPublished,
        ["document"] = version.Document,
        ["created_at"] = version.CreatedAt,
        ["updated_at"] = version.UpdatedAt,
        ["created_by"] = version.CreatedBy,
    };

    private static SqlArgs Args(StoredTrigger trigger) => new()
    {
        ["id"] = trigger.Id,
        ["definition_id"] = trigger.DefinitionId,
        ["version_id"] = trigger.VersionId,
        ["name"] = trigger.Name,
        ["activity_id"] = trigger.ActivityId,
        ["hash"] = trigger.Hash,
        ["payload"] = JsonText.Write(trigger.Payload),
    };

    private static StoredDefinition Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetString(3),
        row.TextOrNull(4),
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.GetString(7),
        row.Instant(8),
        row.Instant(9),
        row.TextOrNull(10));

    private static StoredTrigger ReadTrigger(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.Json(6));
}
