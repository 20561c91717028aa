using System.Data.Common;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Bookmarks;

internal sealed class BookmarkStore(Database database) : IBookmarkStore
{
    public async Task<IReadOnlyList<StoredBookmark>> FindAsync(string hash, string? correlationId, string? instanceId, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["hash"] = hash };
        if (correlationId is not null)
            args["correlation_id"] = correlationId;
        if (instanceId is not null)
            args["instance_id"] = instanceId;
        return await database.QueryAsync("find_bookmarks", args, Read, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredBookmark>> FindByNameAsync(string name, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_bookmarks_by_name", new() { ["name"] = name, ["limit"] = limit }, Read, cancellationToken);

    public Task<StoredBookmark?> FindByIdAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("find_bookmark", new() { ["id"] = id }, Read, cancellationToken);

    private static StoredBookmark Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.Json(5), row.Instant(6));
}
