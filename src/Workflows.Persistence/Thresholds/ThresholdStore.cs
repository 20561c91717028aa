using System.Data.Common;
using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Thresholds;

internal sealed class ThresholdStore(Database database) : IThresholdStore
{
    public async Task<IReadOnlyList<MetricThreshold>> ListAsync(CancellationToken cancellationToken)
    {
        var newest = (await ChangesAsync(cancellationToken)).GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.Last().Change);
        return [.. ShippedThresholds.All.Select(rule => newest.GetValueOrDefault(rule.Id) is not { } change ? rule : rule with
        {
            Raise = change.Raise,
            Clear = change.Clear,
            HoldMinutes = change.HoldMinutes,
            ClearMinutes = change.ClearMinutes,
            MinCount = change.MinCount,
            IsOn = change.IsOn,
            Version = change.Version,
        })];
    }

    public async Task<IReadOnlyList<ThresholdChange>> ListChangesAsync(string threshold, CancellationToken cancellationToken) =>
        [.. (await ChangesAsync(cancellationToken)).Where(c => c.Id == threshold).Select(c => c.Change).Reverse()];

    public async Task<bool> SaveAsync(MetricThreshold changed, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = new SqlArgs
        {
            ["id"] = changed.Id,
            ["version"] = changed.Version,
            ["raise"] = TenThousandths.Of(changed.Raise),
            ["clear"] = TenThousandths.Of(changed.Clear),
            ["hold"] = changed.HoldMinutes,
            ["clear_minutes"] = changed.ClearMinutes,
            ["min_count"] = changed.MinCount,
            ["is_on"] = changed.IsOn ? 1 : 0,
            ["at"] = now,
            ["by"] = by,
        };
        return await database.ExecuteAsync("threshold_add_change", row, cancellationToken) == 1;
    }

    public async Task<IReadOnlyList<ThresholdState>> ListStatesAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("threshold_list_states", SqlArgs.None, ReadState, cancellationToken);

    public async Task<IReadOnlyList<MetricReading>> ReadAsync(MetricThreshold rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!ShopMetrics.AreDerived(rule.Metric))
        {
            return await database.QueryAsync(
                "threshold_recorded",
                new() { ["metric"] = rule.Metric, ["from"] = now - TimeSpan.FromMinutes(rule.FreshMinutes), ["to"] = now },
                row => new MetricReading(row.GetString(0), TenThousandths.ToDecimal(row.GetInt64(1)), row.GetInt64(2), row.Instant(3)),
                cancellationToken);
        }

        var counted = await database.QueryAsync(
            "threshold_complaints",
            new() { ["from"] = now - TimeSpan.FromMinutes(rule.WindowMinutes), ["to"] = now },
            row => (Promotion: row.GetString(0), Count: row.GetInt64(1), First: row.Instant(2), Participants: row.GetInt64(3), Manifest: row.TextOrNull(4)),
            cancellationToken);
        if (rule.Metric == ShopMetrics.Complaints)
            return [.. counted.Select(c => new MetricReading(c.Promotion, c.Count, c.Count, now, c.First))];
        // A promotion nobody is known to have joined has no share.
        return [.. counted
            .Select(c => (c, Joined: c.Participants > 0 ? c.Participants : c.Manifest is null ? 0 : BackupManifest.Parse(c.Manifest).Find(StoreRow.Participants)?.Count ?? 0))
            .Where(c => c.Joined > 0)
            .Select(c => new MetricReading(c.c.Promotion, decimal.Round(100m * c.c.Count / c.Joined, 4), c.c.Count, now, c.c.First))];
    }

    public async Task<ThresholdState> ObserveAsync(MetricThreshold rule, MetricReading reading, DateTimeOffset now, CancellationToken cancellationToken) => await database.WriteAsync(
        async session =>
        {
            var key = new SqlArgs { ["id"] = rule.Id, ["scope"] = reading.Scope };
            await session.ExecuteAsync("threshold_add_state", key, cancellationToken);
            var before = (await session.FirstAsync("threshold_lock_state", key, ReadState, cancellationToken))!;
            // Another host was quicker with what it read later: an older reading would clear what that one raised.
            if (reading.At < before.ObservedAt)
                return before;
            var after = ThresholdRules.Observe(rule, before, reading, now);
            if (after == before)
                return before;
            if (after.Episode > before.Episode)
            {
                after = after with { Event = ThresholdRules.EventOf(after), IsOwed = true, IsLinked = false, Case = null };
                if (rule.Definitions.Count > 0)
                    after = await ClaimAsync(session, rule, after, now, cancellationToken);
            }

            await session.ExecuteAsync("threshold_set_state", RowOf(after), cancellationToken);
            return after;
        },
        cancellationToken);

    public Task<string?> FindCaseAsync(MetricThreshold rule, string scope, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RunningAsync(session, rule, scope, cancellationToken), cancellationToken);

    public Task SettleAsync(MetricThreshold rule, ThresholdState state, string? caseId, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("threshold_settle", new() { ["id"] = state.Threshold, ["scope"] = state.Scope, ["event"] = state.Event, ["case"] = caseId }, cancellationToken);
            if (caseId is not null)
                await session.ExecuteAsync("threshold_note_case", new() { ["id"] = MatterOf(rule, state.Scope), ["event"] = state.Event, ["case"] = caseId }, cancellationToken);
        },
        cancellationToken);

    /// <summary>Takes the matter for a new episode, or links the episode to whoever has it.</summary>
    private static async Task<ThresholdState> ClaimAsync(Session session, MetricThreshold rule, ThresholdState raised, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var matter = new SqlArgs { ["id"] = MatterOf(rule, raised.Scope) };
        await session.ExecuteAsync("threshold_add_matter", matter, cancellationToken);
        var (holder, holdersCase, since) = await session.FirstAsync("threshold_lock_matter", matter, row => (row.TextOrNull(0), row.TextOrNull(1), row.InstantOrNull(2)), cancellationToken);
        if (await RunningAsync(session, rule, raised.Scope, cancellationToken) is { } running)
            return raised with { IsLinked = true, Case = running };
        if (holder is not null && holdersCase is null && since > now - ThresholdLoop.StartTime)
            return raised with { IsLinked = true };
        await session.ExecuteAsync("threshold_take_matter", new() { ["id"] = MatterOf(rule, raised.Scope), ["event"] = raised.Event, ["at"] = now }, cancellationToken);
        return raised;
    }

    private static Task<string?> RunningAsync(Session session, MetricThreshold rule, string scope, CancellationToken cancellationToken) =>
        session.FirstAsync("threshold_running_case", new() { ["scope"] = scope, ["definitions"] = rule.Definitions.ToArray() }, row => row.GetString(0), cancellationToken);

    private async Task<List<(string Id, ThresholdChange Change)>> ChangesAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        "threshold_list_changes",
        SqlArgs.None,
        row => (row.GetString(0), new ThresholdChange(
            row.GetInt32(1), row.Instant(8), row.GetString(9), TenThousandths.ToDecimal(row.GetInt64(2)), TenThousandths.ToDecimal(row.GetInt64(3)), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7) == 1)),
        cancellationToken);

    private static string MatterOf(MetricThreshold rule, string scope) => $"{rule.Scope}:{scope}";

    private static ThresholdState ReadState(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2) == 1, row.InstantOrNull(3), row.IsDBNull(4) ? null : TenThousandths.ToDecimal(row.GetInt64(4)), row.GetInt64(5), row.InstantOrNull(6), row.InstantOrNull(7),
        row.GetInt32(8), row.InstantOrNull(9), row.InstantOrNull(10), row.TextOrNull(11), row.GetInt32(12) == 1, row.GetInt32(13) == 1, row.TextOrNull(14));

    private static SqlArgs RowOf(ThresholdState state) => new()
    {
        ["id"] = state.Threshold,
        ["scope"] = state.Scope,
        ["is_raised"] = state.IsRaised ? 1 : 0,
        ["turning_since"] = state.TurningSince,
        ["value"] = TenThousandths.Of(state.Value),
        ["count"] = state.Count,
        ["since"] = state.Since,
        ["observed_at"] = state.ObservedAt,
        ["episode"] = state.Episode,
        ["raised_at"] = state.RaisedAt,
        ["cleared_at"] = state.ClearedAt,
        ["event"] = state.Event,
        ["is_owed"] = state.IsOwed ? 1 : 0,
        ["is_linked"] = state.IsLinked ? 1 : 0,
        ["case"] = state.Case,
    };
}
