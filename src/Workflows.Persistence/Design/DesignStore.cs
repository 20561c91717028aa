using System.Globalization;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Instances;

namespace Workflows.Persistence.Design;

internal sealed class DesignStore(Database database) : IDesignStore
{
    public Task<EditLock> TakeLockAsync(string definitionId, string userName, DateTimeOffset now, TimeSpan lapse, bool takeOver, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "take_edit_lock",
                    new() { ["definition_id"] = definitionId, ["user_name"] = userName, ["now"] = now, ["lapsed_before"] = takeOver ? DateTimeOffset.MaxValue : now - lapse },
                    cancellationToken);
                return (await session.FirstAsync("find_edit_lock", new() { ["definition_id"] = definitionId }, ReadLock, cancellationToken))!;
            },
            cancellationToken);

    public Task<EditLock?> FindLockAsync(string definitionId, DateTimeOffset now, TimeSpan lapse, CancellationToken cancellationToken) =>
        database.FirstAsync("find_edit_lock", new() { ["definition_id"] = definitionId, ["lapsed_before"] = now - lapse }, ReadLock, cancellationToken);

    public Task ReleaseLockAsync(string definitionId, string userName, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync("release_edit_lock", new() { ["definition_id"] = definitionId, ["user_name"] = userName }, cancellationToken), cancellationToken);

    public Task AddAuthorAsync(string versionId, string userName, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync("add_definition_author", new() { ["version_id"] = versionId, ["user_name"] = userName, ["now"] = now }, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<string>> ListAuthorsAsync(string versionId, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_definition_authors", new() { ["version_id"] = versionId }, row => row.GetString(0), cancellationToken);

    public async Task<(IReadOnlyList<InstanceSummary> Items, int Total)> SearchAsync(InstanceSearch search, int cap, CancellationToken cancellationToken)
    {
        var total = await database.FirstAsync("count_instances", With(Filter(search), ("cap", cap)), row => row.GetInt32(0), cancellationToken);
        var order = (search.Order, search.Ascending) switch
        {
            (InstanceOrder.Updated, true) => "by_updated",
            (InstanceOrder.Updated, false) => "by_updated_down",
            (InstanceOrder.Finished, true) => "by_finished",
            (InstanceOrder.Finished, false) => "by_finished_down",
            (_, true) => "by_created",
            _ => null,
        };
        var args = With(Filter(search), ("limit", search.Take), ("skip", search.Skip));
        if (order is not null)
            args[order] = true;
        return (await database.QueryAsync("search_instances", args, InstanceStore.ReadSummary, cancellationToken), total);
    }

    public async Task<IReadOnlyList<DefinitionLoad>> CountAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("count_definition_load", SqlArgs.None, row => new DefinitionLoad(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), cancellationToken);

    private static SqlArgs Filter(InstanceSearch search)
    {
        var args = new SqlArgs();
        AddIf("definition_ids", search.DefinitionIds.Count > 0 ? search.DefinitionIds.ToArray() : null);
        AddIf("version", search.Version);
        AddIf("correlation_id", search.CorrelationId);
        AddIf("status", search.Status);
        AddIf("sub_statuses", search.SubStatuses.Count > 0 ? search.SubStatuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture)).ToArray() : null);
        AddIf("with_incidents", search.HasIncidents is true ? true : null);
        AddIf("without_incidents", search.HasIncidents is false ? true : null);
        AddIf("pattern", string.IsNullOrWhiteSpace(search.Text) ? null : "%" + Escaped(search.Text.Trim().ToLowerInvariant()) + "%");
        if (search.ViewedDefinitions is { } viewed)
        {
            args["viewer"] = search.Viewer;
            args["viewed"] = viewed.ToArray();
        }

        return args;

        void AddIf(string name, object? value)
        {
            if (value is not null)
                args[name] = value;
        }
    }

    private static SqlArgs With(SqlArgs args, params (string Name, object Value)[] more)
    {
        foreach (var (name, value) in more)
            args[name] = value;
        return args;
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static EditLock ReadLock(System.Data.Common.DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Instant(2), row.Instant(3));
}
