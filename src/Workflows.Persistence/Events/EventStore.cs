using System.Data.Common;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Events;

internal sealed class EventStore(Database database) : IEventStore
{
    public async Task<bool> AddAsync(StoredEvent received, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "add_event",
            new()
            {
                ["id"] = received.Id,
                ["remembered"] = "event-id:" + received.Id,
                ["name"] = received.Name,
                ["hash"] = received.Hash,
                ["correlation_id"] = received.CorrelationId,
                ["instance_id"] = received.InstanceId,
                ["payload"] = JsonText.Write(received.Payload),
                ["received_at"] = received.ReceivedAt,
                ["expires_at"] = received.ExpiresAt,
                ["delivered_at"] = received.DeliveredAt,
                ["published_by"] = received.By,
            },
            cancellationToken) == 1;

    public async Task<IReadOnlyList<StoredEvent>> FindWaitingAsync(IReadOnlyList<string> hashes, DateTimeOffset? now, CancellationToken cancellationToken) =>
        hashes.Count == 0 ? [] : await database.QueryAsync("find_waiting_events", new() { ["hashes"] = hashes, ["now"] = now }, Read, cancellationToken);

    public async Task<IReadOnlyList<StoredEvent>> FindUndispatchedAsync(DateTimeOffset? now, TimeSpan olderThan, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_undispatched_events", new() { ["now"] = now, ["older_than"] = olderThan, ["limit"] = limit }, Read, cancellationToken);

    public Task MarkDispatchedAsync(string id, bool reached, DateTimeOffset? now, CancellationToken cancellationToken) =>
        database.ExecuteAsync("mark_event_dispatched", new() { ["id"] = id, ["reached"] = reached, ["now"] = now }, cancellationToken);

    public async Task<IReadOnlyList<StoredEvent>> ListUnreachedAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_unreached_events", new() { ["now"] = now, ["limit"] = limit }, Read, cancellationToken);

    public Task<int> PurgeAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("remember_expired_events", new() { ["now"] = now }, cancellationToken);
                return await session.ExecuteAsync("purge_events", new() { ["now"] = now }, cancellationToken);
            },
            cancellationToken);

    private static StoredEvent Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.TextOrNull(3),
        row.TextOrNull(4),
        row.Json(5),
        row.Instant(6),
        row.Instant(7),
        row.InstantOrNull(8))
    {
        By = row.TextOrNull(9),
    };
}
