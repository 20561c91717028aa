using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Operations;

internal sealed class HousekeepingStore(Database database) : IHousekeepingStore
{
    public async Task<int> PurgeAsync(DateTimeOffset? now, TimeSpan keep, TimeSpan keepUploads, int limit, CancellationToken cancellationToken)
    {
        var purged = await database.ExecuteAsync("purge_uploads", new() { ["now"] = now, ["keep"] = keepUploads, ["limit"] = limit }, cancellationToken);
        foreach (var statement in new[] { "purge_stimuli", "purge_effects" })
            purged += await database.ExecuteAsync(statement, new() { ["now"] = now, ["keep"] = keep, ["limit"] = limit }, cancellationToken);
        return purged + await database.ExecuteAsync("purge_tokens", new() { ["now"] = now }, cancellationToken);
    }
}
