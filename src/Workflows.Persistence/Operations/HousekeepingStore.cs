using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Operations;

internal sealed class HousekeepingStore(Database database) : IHousekeepingStore
{
    public async Task<int> PurgeAsync(DateTimeOffset? now, TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        var purged = 0;
        foreach (var statement in new[] { "purge_stimuli", "purge_effects" })
            purged += await database.ExecuteAsync(statement, new() { ["now"] = now, ["keep"] = keep, ["limit"] = limit }, cancellationToken);
        return purged + await database.ExecuteAsync("purge_tokens", new() { ["now"] = now }, cancellationToken);
    }
}
