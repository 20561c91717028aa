using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Inbox;

namespace Workflows.Persistence.Messages;

/// <summary>
/// Stores what message effects ask for, those that come together in one transaction: every task and every decision is announced, and a
/// commit for each announcement would cost as much as the transitions themselves.
/// </summary>
/// <remarks>
/// What can go wrong: the host dies before the commit, and the effects are offered again; after it, and their repeat finds the keys taken. A row
/// that no database stores fails the group it came with, so a group that failed is stored again one by one, and only the culprit's
/// effect learns of it. Two hosts claim the same keys of merging: claims are made in the order of keys, after everything that is new,
/// so that one waits for the other and never crosswise. Two messages of one merging key within a group are claimed in rounds, for one
/// statement cannot judge the second by the first.
/// </remarks>
internal sealed class DeliveryGroup(Database database)
{
    private const int Most = 200;

    private readonly Lock _gate = new();
    private readonly Queue<Pending> _waiting = new();
    private bool _isStoring;

    /// <summary>Comes back once it is stored. Cancelling ends the caller's wait; the rows may be stored all the same, which a repeat finds.</summary>
    public Task AddAsync(IReadOnlyList<PlannedDelivery> deliveries, IReadOnlyList<Notice> notices, IReadOnlyList<MessageCode> codes, CancellationToken cancellationToken)
    {
        var pending = new Pending(deliveries, notices, codes);
        bool isFirst;
        lock (_gate)
        {
            _waiting.Enqueue(pending);
            isFirst = !_isStoring;
            _isStoring = true;
        }

        if (isFirst)
            ThreadPool.UnsafeQueueUserWorkItem(static groups => _ = groups.StoreAllAsync(), this, preferLocal: false);
        return pending.Stored.Task.WaitAsync(cancellationToken);
    }

    private async Task StoreAllAsync()
    {
        while (Take() is { Count: > 0 } group)
        {
            if (group.Count == 1 || !await IsStoredAsync(group))
            {
                foreach (var pending in group)
                    await StoreOneAsync(pending);
            }
        }
    }

    private List<Pending> Take()
    {
        lock (_gate)
        {
            var taken = new List<Pending>();
            while (taken.Count < Most && _waiting.TryDequeue(out var pending))
                taken.Add(pending);
            _isStoring = taken.Count > 0;
            return taken;
        }
    }

    private async Task<bool> IsStoredAsync(List<Pending> group)
    {
        try
        {
            await StoreAsync(group);
        }
        // Whatever it was: alone, each learns its own.
        catch (Exception)
        {
            return false;
        }

        group.ForEach(p => p.Stored.TrySetResult());
        return true;
    }

    private async Task StoreOneAsync(Pending pending)
    {
        try
        {
            await StoreAsync([pending]);
            pending.Stored.TrySetResult();
        }
        catch (Exception error)
        {
            pending.Stored.TrySetException(error);
        }
    }

    private Task<bool> StoreAsync(IReadOnlyList<Pending> group) => database.WriteByIndexAsync(
        async session =>
        {
            await ExecuteAsync(session, "add_notices", group.SelectMany(p => p.Notices).Select(NoticeStore.Row));
            // One statement touches a row once; the codes of one person and key are the same.
            await ExecuteAsync(session, "add_message_codes", group.SelectMany(p => p.Codes).DistinctBy(c => (c.UserName, c.Code)).OrderBy(c => c.UserName, StringComparer.Ordinal).ThenBy(c => c.Code, StringComparer.Ordinal).Select(Row));
            List<PlannedDelivery> planned = [.. group.SelectMany(p => p.Deliveries).OrderBy(d => d.DedupeKey, StringComparer.Ordinal).ThenBy(d => d.Delivery.Key, StringComparer.Ordinal)];
            if (planned.Count == 0)
                return true;
            var added = await KeysAsync(session, "add_deliveries", planned.Select(d => DeliveryStore.Row(d.Delivery)));
            planned.RemoveAll(d => !added.Contains(d.Delivery.Key));
            await JudgeAsync(session, planned);
            return true;
        },
        CancellationToken.None);

    /// <summary>Which of the new ones go out, which are said by another, and which exceed a day's limit.</summary>
    private static async Task JudgeAsync(Session session, IReadOnlyList<PlannedDelivery> added)
    {
        await LimitAsync(session, added.Where(d => d.DedupeKey is null));
        var left = added.Where(d => d.DedupeKey is not null).ToList();
        while (left.Count > 0)
        {
            var round = left.DistinctBy(d => d.DedupeKey).ToList();
            left = [.. left.Except(round)];
            var claimed = await KeysAsync(session, "claim_dedupes", round.Select(d => new SqlArgs { ["key"] = d.DedupeKey, ["delivery_key"] = d.Delivery.Key, ["at"] = d.Delivery.CreatedAt, ["since"] = d.DedupeSince }));
            await ExecuteAsync(session, "merge_deliveries", round.Where(d => !claimed.Contains(d.DedupeKey!)).Select(d => new SqlArgs { ["key"] = d.Delivery.Key, ["dedupe_key"] = d.DedupeKey }));
            await LimitAsync(session, round.Where(d => claimed.Contains(d.DedupeKey!)));
        }
    }

    private static async Task LimitAsync(Session session, IEnumerable<PlannedDelivery> outgoing)
    {
        foreach (var planned in outgoing.Where(d => d.DailyLimit is not null).OrderBy(d => d.Delivery.Address, StringComparer.Ordinal))
        {
            var count = new SqlArgs { ["address"] = planned.Delivery.Address, ["day"] = planned.Day, ["limit"] = planned.DailyLimit };
            if (await session.FirstAsync("count_delivery", count, row => row.GetInt32(0), CancellationToken.None) == 0)
                await session.ExecuteAsync("refuse_delivery", new() { ["key"] = planned.Delivery.Key, ["error"] = $"当天已达每号码上限 {planned.DailyLimit} 条 (daily limit of the number)" }, CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(Session session, string statement, IEnumerable<SqlArgs> rows)
    {
        if (JsonRows.Write(rows) is { } json)
            await session.ExecuteAsync(statement, new() { ["rows"] = json }, CancellationToken.None);
    }

    private static async Task<HashSet<string>> KeysAsync(Session session, string statement, IEnumerable<SqlArgs> rows) =>
        [.. await session.QueryAsync(statement, new() { ["rows"] = JsonRows.Write(rows) ?? "[]" }, row => row.GetString(0), CancellationToken.None)];

    private static SqlArgs Row(MessageCode code) => new() { ["code"] = code.Code, ["user_name"] = code.UserName, ["path"] = code.Path, ["expires_at"] = code.ExpiresAt };

    private sealed record Pending(IReadOnlyList<PlannedDelivery> Deliveries, IReadOnlyList<Notice> Notices, IReadOnlyList<MessageCode> Codes)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
