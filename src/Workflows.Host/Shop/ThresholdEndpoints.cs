using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Recording values of metrics, and looking at and changing the thresholds they are judged by.</summary>
internal static class ThresholdEndpoints
{
    private const int MostValues = 5_000;
    private static readonly Problem ChangedMeanwhile = new(409, "changed-meanwhile", "他人刚刚修改过，请刷新后重试", "somebody else has just changed it; read it again");
    private static readonly Problem RuleRefused = new(422, "rule-refused", "内容未通过校验", "The content breaks its rules");

    internal sealed record SentValue(string Metric, string Scope, decimal Value, DateTimeOffset? At = null, long Count = 0);

    internal sealed record RecordValues(SentValue[] Items);

    /// <param name="Saved">New or changed.</param>
    /// <param name="Known">There already.</param>
    internal sealed record Recorded(int Saved, int Known);

    internal sealed record ScopeView(string Scope, string State, decimal? Value, long Count, DateTimeOffset? ObservedAt, int Raised, DateTimeOffset? RaisedAt, DateTimeOffset? ClearedAt, string? Case, bool IsLinked);

    internal sealed record ThresholdView(MetricThreshold Threshold, IReadOnlyList<ScopeView> Scopes);

    internal sealed record ChangeThreshold(decimal Raise, decimal Clear, int Version, int HoldMinutes = 0, int ClearMinutes = 0, int MinCount = 0, bool IsOn = true);

    public static void MapThresholds(this IEndpointRouteBuilder shop)
    {
        shop.MapPost("/metrics", RecordAsync).RequireAuthorization(Rights.ImportShopData).Accepts<RecordValues>("application/json").Produces<Recorded>()
            .WithSummary("登记指标值，重复登记不变 (record values of metrics; a repeat changes nothing)");
        shop.MapGet("/thresholds", ListAsync).RequireAuthorization(Rights.SeeThresholds).Produces<Page<ThresholdView>>().WithSummary("指标阈值及其状态 (thresholds and how they stand)");
        shop.MapPut("/thresholds/{id}", ChangeAsync).RequireAuthorization(Rights.EditTimeRules).Accepts<ChangeThreshold>("application/json").Produces<MetricThreshold>()
            .WithSummary("修改阈值，产生新版本 (change a threshold; makes a new version)");
    }

    private static async Task<IResult> RecordAsync(HttpContext http, Strict<RecordValues> body, IStoreIntake intake, EngineClock clock, CancellationToken cancellationToken)
    {
        var (items, now) = (body.Value.Items, clock.GetUtcNow());
        if (items.Length is 0 or > MostValues)
            return Refusals.BadBody.At("$.items", "out-of-range", $"一次登记 1 到 {MostValues} 个值", $"1 to {MostValues} values at once");
        var sent = items.Select(v => new MetricValue(v.Metric, v.Scope, v.At ?? now, v.Value, v.Count)).ToList();
        for (var n = 0; n < sent.Count; n++)
        {
            if (MetricRules.Fault(sent[n], now) is { } fault)
                return Refusals.BadBody.At($"$.items[{n}].{fault.Column.ToLowerInvariant()}", fault.Code, fault.Zh, fault.En);
        }

        var values = sent.DistinctBy(v => (v.Metric, v.Scope, v.At)).ToList();
        var saved = await intake.SaveAsync(values, cancellationToken);
        return StoredAnswer.Of(new Recorded(saved, items.Length - saved));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IThresholdStore store, EngineClock clock, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        return query.Problem is { } problem
            ? problem
            : Results.Json(new Page<ThresholdView>(await ReadAsync(store, clock.GetUtcNow(), cancellationToken), null), ApiJson.Options);
    }

    private static async Task<IResult> ChangeAsync(string id, Strict<ChangeThreshold> body, Actor actor, IThresholdStore store, EngineClock clock, CancellationToken cancellationToken)
    {
        var sent = body.Value;
        var levels = new ThresholdLevels(sent.Raise, sent.Clear, sent.HoldMinutes, sent.ClearMinutes, sent.MinCount, sent.IsOn);
        return await store.ChangeAsync(id, sent.Version, levels, actor.Name, clock.GetUtcNow(), cancellationToken) switch
        {
            ThresholdOutcome.Saved saved => StoredAnswer.Of(saved.Threshold),
            ThresholdOutcome.Faulty fault => RuleRefused.At("$", "bad-threshold", fault.Zh, fault.En),
            ThresholdOutcome.Taken => ChangedMeanwhile,
            _ => Refusals.NotFound,
        };
    }

    /// <summary>Every threshold with its scopes: those that were ever judged.</summary>
    public static async Task<IReadOnlyList<ThresholdView>> ReadAsync(IThresholdStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = (await store.ListStatesAsync(cancellationToken)).ToLookup(s => s.Threshold);
        var views = new List<ThresholdView>();
        foreach (var rule in await store.ListAsync(cancellationToken))
        {
            // A recorded value that grew old says nothing about now.
            var fresh = ShopMetrics.AreDerived(rule.Metric) ? null : (await store.ReadAsync(rule, now, cancellationToken)).Select(r => r.Scope).ToHashSet();
            views.Add(new ThresholdView(rule, [.. states[rule.Id].Select(s => new ScopeView(
                s.Scope, fresh?.Contains(s.Scope) == false ? "missing" : s.IsRaised ? "raised" : s.TurningSince is null ? "calm" : "turning",
                s.Value, s.Count, s.ObservedAt, s.Episode, s.RaisedAt, s.ClearedAt, s.Case, s.IsLinked))]));
        }

        return views;
    }
}
