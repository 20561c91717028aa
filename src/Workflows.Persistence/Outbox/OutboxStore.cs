using System.Data.Common;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Timers;

namespace Workflows.Persistence.Outbox;

/// <remarks>
/// What can go wrong: a host claims an effect, is paused past its lease, and wakes after another host has performed it. The
/// rule: every claim writes a new token, and everything written afterwards names the token, so a late writer changes nothing.
/// </remarks>
internal sealed class OutboxStore(Database database) : IOutboxStore
{
    public async Task<IReadOnlyList<ClaimedEffect>> ClaimAsync(DateTimeOffset? now, string owner, TimeSpan lease, int batch, bool beginNotices, CancellationToken cancellationToken)
    {
        var token = (now is null ? "database:" : "given:") + Guid.NewGuid().ToString("N");
        var claimed = await database.ChangeAsync(
            "claim_effects",
            new() { ["now"] = now, ["owner"] = owner, ["token"] = token, ["lease"] = lease, ["batch"] = batch, ["begin"] = beginNotices },
            row => new ClaimedEffect(ReadEffect(row), row.GetInt32(10), row.GetBoolean(11), token, (EffectState)row.GetInt32(12) == EffectState.Attempting),
            cancellationToken);
        return [.. claimed.OrderBy(c => c.Effect.DueAt).ThenBy(c => c.Effect.Key, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlySet<string>> BeginAttemptsAsync(IReadOnlyList<ClaimedEffect> claims, CancellationToken cancellationToken)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal);
        if (claims.Count == 0)
            return begun;

        // Claims taken together share a token.
        await database.WriteAsync(
            async session =>
            {
                foreach (var batch in claims.GroupBy(c => c.Token))
                {
                    var args = new SqlArgs { ["keys"] = batch.Select(c => c.Effect.Key).Order(StringComparer.Ordinal).ToArray(), ["token"] = batch.Key };
                    begun.UnionWith(await session.QueryAsync("begin_attempts", args, row => row.GetString(0), cancellationToken));
                }
            },
            cancellationToken);
        return begun;
    }

    public Task RescheduleAsync(ClaimedEffect claim, DateTimeOffset? now, TimeSpan delay, string error, bool answerLost, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "reschedule_effect",
            new() { ["key"] = claim.Effect.Key, ["token"] = claim.Token, ["now"] = now, ["delay"] = delay, ["error"] = error, ["lost"] = answerLost },
            cancellationToken);

    public async Task<TimeSpan?> UntilNextAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        Waiting.Shortest(await database.FirstAsync("until_next_effect", new() { ["now"] = now }, Waiting.Read, cancellationToken));

    public Task ReleaseAllAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync("release_all_effects", SqlArgs.None, cancellationToken);

    public async Task<IReadOnlyList<EffectSummary>> ListAsync(string? instanceId, EffectState? state, int limit, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["limit"] = limit };
        if (instanceId is not null)
            args["instance_id"] = instanceId;
        if (state is not null)
            args["state"] = state;
        // Names the partial index of the few effects an operator looks for among millions that are done.
        if (state is EffectState.Failed or EffectState.Unknown)
            args["troubled"] = true;
        return await database.QueryAsync("list_effects", args, ReadSummary, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> FindOpenAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_open_effects", new() { ["keys"] = keys.ToArray() }, row => row.GetString(0), cancellationToken);

    public async Task<bool> RequeueAsync(string key, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("requeue_effect", new() { ["key"] = key, ["lost"] = false }, cancellationToken) == 1;

    private static Effect ReadEffect(DbDataReader row) => new()
    {
        Key = row.GetString(0),
        InstanceId = row.GetString(1),
        Execution = row.GetInt32(2),
        Kind = row.GetString(3),
        Class = (EffectClass)row.GetInt32(4),
        Payload = row.Json(5),
        BookmarkId = row.TextOrNull(6),
        DueAt = row.Instant(7),
        CreatedAt = row.Instant(8),
        MaxAttempts = row.GetInt32(9),
    };

    private static EffectSummary ReadSummary(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        (EffectClass)row.GetInt32(3),
        (EffectState)row.GetInt32(4),
        row.GetInt32(5),
        row.TextOrNull(6),
        row.Json(7),
        row.Instant(8),
        row.Instant(9));
}
