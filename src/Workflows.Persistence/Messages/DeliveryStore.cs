using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Timers;
using Workflows.Persistence.UserTasks;

namespace Workflows.Persistence.Messages;

internal sealed class DeliveryStore(Database database) : IDeliveryStore
{
    private readonly DeliveryGroup _adding = new(database);

    public Task AddAsync(IReadOnlyList<PlannedDelivery> deliveries, IReadOnlyList<Notice> notices, IReadOnlyList<MessageCode> codes, CancellationToken cancellationToken) =>
        _adding.AddAsync(deliveries, notices, codes, cancellationToken);

    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(DateTimeOffset? now, string gateway, string owner, TimeSpan lease, int batch, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        return await database.WriteAsync(
            async session =>
            {
                var claimed = await session.QueryAsync(
                    "claim_deliveries",
                    new() { ["now"] = now, ["gateway"] = gateway, ["owner"] = owner, ["token"] = token, ["lease"] = lease, ["batch"] = batch },
                    Read,
                    cancellationToken);
                if (claimed.Count == 0)
                    return [];
                await session.ExecuteAsync("end_lost_attempts", new() { ["keys"] = KeysOf(claimed), ["now"] = now, ["error"] = "执行中断，应答丢失 (cut off; the answer was lost)" }, cancellationToken);
                // The others were settled by a receipt while their host was gone.
                claimed.RemoveAll(d => d.State != DeliveryState.Sending);
                await session.ExecuteAsync("begin_delivery_attempts", new() { ["keys"] = KeysOf(claimed), ["now"] = now, ["node"] = owner }, cancellationToken);
                return (IReadOnlyList<ClaimedDelivery>)[.. claimed.OrderByDescending(d => d.Severity).ThenBy(d => d.DueAt).Select(d => new ClaimedDelivery(d, d.Attempts, token))];
            },
            cancellationToken);
    }

    public Task<bool> EndAsync(ClaimedDelivery claim, AttemptEnd end, DateTimeOffset? now, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var args = new SqlArgs
            {
                ["key"] = claim.Delivery.Key,
                ["token"] = claim.Token,
                ["state"] = end.State,
                ["doubt"] = end.Outcome == AttemptOutcome.Doubtful ? 1 : 0,
                ["error"] = end.Error,
                ["gateway_id"] = end.GatewayId,
                ["accepted"] = end.Outcome == AttemptOutcome.Accepted,
                ["delay"] = end.RetryAfter,
                ["fall_back"] = end.FallBack,
                ["now"] = now,
            };
            if (await session.ExecuteAsync("end_delivery", args, cancellationToken) == 0)
                return false;
            await session.ExecuteAsync(
                "end_attempt",
                new() { ["key"] = claim.Delivery.Key, ["number"] = claim.Number, ["outcome"] = end.Outcome, ["error"] = end.Error, ["now"] = now },
                cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<bool> ReceiveAsync(string? key, string gateway, string? gatewayId, ReceiptState state, string detail, DateTimeOffset? now, CancellationToken cancellationToken)
    {
        if (key is null && gatewayId is null)
            return Task.FromResult(false);
        return database.WriteAsync(
            async session =>
            {
                var which = new SqlArgs { ["gateway"] = gateway };
                if (key is not null)
                    which["key"] = key;
                else
                    which["gateway_id"] = gatewayId;
                if (await session.FirstAsync("find_delivery_of_receipt", which, row => row.GetString(0), cancellationToken) is not { } known)
                    return false;
                await session.ExecuteAsync("add_receipt", new() { ["key"] = known, ["state"] = state, ["detail"] = detail, ["now"] = now }, cancellationToken);
                await session.ExecuteAsync("take_receipt", new() { ["key"] = known, ["state"] = state, ["detail"] = detail, ["now"] = now }, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public Task<int> ReleaseHeldAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        database.ExecuteAsync("release_held", new() { ["now"] = now }, cancellationToken);

    public async Task<IReadOnlyList<DigestGroup>> FindDigestsAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_digests", new() { ["now"] = now, ["limit"] = limit }, row => new DigestGroup(row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken);

    public Task<int> GatherAsync(DigestGroup group, DateTimeOffset? now, Func<IReadOnlyList<Delivery>, Delivery> compose, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var taken = await session.QueryAsync("take_digest", new() { ["now"] = now, ["user_name"] = group.UserName, ["address"] = group.Address, ["gateway"] = group.Gateway }, Read, cancellationToken);
            // One alone needs no cover; it is queued now.
            if (taken.Count < 2)
                return taken.Count;
            List<Delivery> items = [.. taken.OrderBy(d => d.CreatedAt).ThenBy(d => d.Key, StringComparer.Ordinal)];
            var digest = compose(items);
            await session.ExecuteAsync("add_delivery", Row(digest), cancellationToken);
            await session.ExecuteAsync("merge_into_digest", new() { ["digest"] = digest.Key, ["keys"] = items.Select(d => d.Key).Order(StringComparer.Ordinal).ToArray() }, cancellationToken);
            return items.Count;
        },
        cancellationToken);

    public async Task<IReadOnlyList<Delivery>> FindFallbacksAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("find_fallbacks", new() { ["now"] = now, ["limit"] = limit }, Read, cancellationToken);

    public Task FallBackAsync(string key, Delivery? instead, DateTimeOffset? now, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            // Whoever ends the fallback stores what follows; the other host finds it ended.
            if (await session.ExecuteAsync("end_fallback", new() { ["key"] = key }, cancellationToken) == 0 || instead is null)
                return;
            var at = now ?? await session.FirstAsync("read_business_clock", SqlArgs.None, row => row.Instant(0), cancellationToken);
            await session.ExecuteAsync("add_delivery", Row(NotBefore(instead, at)), cancellationToken);
        },
        cancellationToken);

    public async Task<TimeSpan?> UntilNextAsync(string gateway, DateTimeOffset? now, CancellationToken cancellationToken) =>
        Waiting.Shortest(await database.FirstAsync("until_next_delivery", new() { ["gateway"] = gateway, ["now"] = now }, Waiting.Read, cancellationToken));

    public Task ReleaseAllAsync(CancellationToken cancellationToken) => database.ExecuteAsync("release_all_deliveries", SqlArgs.None, cancellationToken);

    public async Task<bool> RequeueAsync(string key, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("requeue_delivery", new() { ["key"] = key }, cancellationToken) == 1;

    public Task<int> ReplayAsync(string gateway, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.ExecuteAsync("replay_deliveries", new() { ["gateway"] = gateway, ["since"] = since, ["until"] = until }, cancellationToken);

    public Task<Delivery?> FindAsync(string key, CancellationToken cancellationToken) => database.FirstAsync("find_delivery", new() { ["key"] = key }, Read, cancellationToken);

    public async Task<(IReadOnlyList<Delivery> Items, string? Next)> ListAsync(DeliveryFilter filter, CancellationToken cancellationToken)
    {
        var args = new SqlArgs
        {
            ["state"] = filter.State,
            ["channel"] = filter.Channel,
            ["user_name"] = filter.UserName,
            ["instance_id"] = filter.InstanceId,
            ["event"] = filter.Event,
            ["limit"] = filter.Limit + 1,
        };
        foreach (var missing in args.Where(a => a.Value is null).Select(a => a.Key).ToList())
            args.Remove(missing);
        if (PageCursor.Parse(filter.After) is { } place)
            (args["after_number"], args["after_key"]) = (place.Number, place.Id);
        var rows = await database.QueryAsync("list_deliveries", args, Read, cancellationToken);
        var page = rows.Take(filter.Limit).ToList();
        return (page, rows.Count > filter.Limit ? new PageCursor(Instants.ToMicros(page[^1].CreatedAt), page[^1].Key).ToString() : null);
    }

    public async Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(string key, CancellationToken cancellationToken) => await database.QueryAsync(
        "list_attempts",
        new() { ["key"] = key },
        row => new DeliveryAttempt(row.GetInt32(0), row.Instant(1), row.InstantOrNull(2), (AttemptOutcome)row.GetInt32(3), row.TextOrNull(4), row.GetString(5)),
        cancellationToken);

    public async Task<IReadOnlyList<DeliveryReceipt>> ListReceiptsAsync(string key, CancellationToken cancellationToken) => await database.QueryAsync(
        "list_receipts", new() { ["key"] = key }, row => new DeliveryReceipt(row.Instant(0), (ReceiptState)row.GetInt32(1), row.GetString(2)), cancellationToken);

    public async Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync("count_deliveries", SqlArgs.None, row => ((DeliveryState)row.GetInt32(0), row.GetInt64(1)), cancellationToken)).ToDictionary(r => r.Item1, r => r.Item2);

    public Task<string?> FindCodeAsync(string code, string userName, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.FirstAsync("find_message_code", new() { ["code"] = code, ["user_name"] = userName, ["now"] = now }, row => row.GetString(0), cancellationToken);

    /// <summary>
    /// Moved on to the database's time where the host that composed it lags behind: by that time it was due, and a wait for its receipt
    /// that is over before it begins would call the next person at once.
    /// </summary>
    private static Delivery NotBefore(Delivery delivery, DateTimeOffset at)
    {
        var behind = at - delivery.CreatedAt;
        return behind <= TimeSpan.Zero
            ? delivery
            : delivery with { CreatedAt = at, DueAt = delivery.DueAt > at ? delivery.DueAt : at, FallbackAt = delivery.FallbackAt + behind };
    }

    private static string[] KeysOf(IEnumerable<Delivery> deliveries) => [.. deliveries.Select(d => d.Key).Order(StringComparer.Ordinal)];

    internal static SqlArgs Row(Delivery delivery) => new()
    {
        ["key"] = delivery.Key,
        ["cause"] = delivery.Cause,
        ["instance_id"] = delivery.InstanceId,
        ["task_id"] = delivery.TaskId,
        ["event"] = delivery.Event,
        ["severity"] = delivery.Severity,
        ["channel"] = delivery.Channel,
        ["gateway"] = delivery.Gateway,
        ["user_name"] = delivery.UserName,
        ["address"] = delivery.Address,
        ["subject"] = delivery.Subject,
        ["body"] = delivery.Body,
        ["content"] = JsonText.Write(delivery.Content),
        ["state"] = delivery.State,
        ["created_at"] = delivery.CreatedAt,
        ["due_at"] = delivery.DueAt,
        ["last_error"] = delivery.LastError,
        ["fallback_at"] = delivery.FallbackAt,
        ["parent_key"] = delivery.ParentKey,
    };

    private static Delivery Read(DbDataReader row) => new()
    {
        Key = row.GetString(0),
        Cause = row.GetString(1),
        InstanceId = row.GetString(2),
        TaskId = row.TextOrNull(3),
        Event = row.TextOrNull(4),
        Severity = (Severity)row.GetInt32(5),
        Channel = row.GetString(6),
        Gateway = row.GetString(7),
        UserName = row.TextOrNull(8),
        Address = row.GetString(9),
        Subject = row.GetString(10),
        Body = row.GetString(11),
        Content = row.Json(12) as JsonObject,
        State = (DeliveryState)row.GetInt32(13),
        CreatedAt = row.Instant(14),
        DueAt = row.Instant(15),
        Attempts = row.GetInt32(16),
        Doubts = row.GetInt32(17),
        LastError = row.TextOrNull(18),
        GatewayId = row.TextOrNull(19),
        SentAt = row.InstantOrNull(20),
        Receipt = (ReceiptState)row.GetInt32(21),
        ReceiptAt = row.InstantOrNull(22),
        FallbackAt = row.InstantOrNull(23),
        ParentKey = row.TextOrNull(24),
        MergedInto = row.TextOrNull(25),
    };
}
