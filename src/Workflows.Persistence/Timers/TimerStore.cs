using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Timers;

/// <remarks>
/// A claim needs no fencing token: acting on a timer is a change set that carries the instance's revision, so of two hosts
/// that both believe to hold a timer only one can commit, and that commit deletes the timer.
/// </remarks>
internal sealed class TimerStore(Database database) : ITimerStore
{
    public async Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset? now, string owner, TimeSpan lease, int batch, CancellationToken cancellationToken)
    {
        var claimed = await database.ChangeAsync(
            "claim_timers",
            new() { ["now"] = now, ["owner"] = owner, ["lease"] = lease, ["batch"] = batch },
            row => new DueTimer(row.GetString(0), row.GetString(1), row.Instant(2)),
            cancellationToken);
        return [.. claimed.OrderBy(t => t.DueAt).ThenBy(t => t.Id, StringComparer.Ordinal)];
    }

    public async Task<TimeSpan?> UntilNextAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        Waiting.Shortest(await database.FirstAsync("until_next_timer", new() { ["now"] = now }, Waiting.Read, cancellationToken));

    public Task ReleaseAsync(IReadOnlyList<string> ids, string owner, CancellationToken cancellationToken) =>
        database.ExecuteAsync("release_timers", new() { ["ids"] = ids, ["owner"] = owner }, cancellationToken);

    public Task ReleaseAllAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync("release_all_timers", SqlArgs.None, cancellationToken);

    public Task DropAsync(string id, CancellationToken cancellationToken) =>
        database.ExecuteAsync("drop_timer", new() { ["id"] = id }, cancellationToken);
}
