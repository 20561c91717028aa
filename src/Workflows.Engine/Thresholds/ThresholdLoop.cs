using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Faults;
using Workflows.Engine.Runtime;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Thresholds;

/// <summary>
/// Looks at the metrics every few seconds and raises the events of thresholds that were crossed.
/// </summary>
/// <remarks>
/// What can go wrong: two hosts see the same crossing; a host dies between noticing it and publishing its event; a value swings around the level; two
/// thresholds, or a person and a threshold, claim one matter. The rules: a crossing is an episode, counted under a lock of its state, and committed
/// together with the debt of its event; the event's id is made of threshold, scope and episode, so publishing it again, by whichever host, changes nothing;
/// an episode ends only at a level of its own; and whether a case has the matter is asked in the same transaction, under a lock of the matter.
/// A metric that is missing or too old is no value: nothing is raised and nothing cleared by it.
/// </remarks>
public sealed class ThresholdLoop(IThresholdStore store, EventHub events, EngineClock clock, IOptions<EngineOptions> options, ILogger<ThresholdLoop> logger) : EngineLoop(logger)
{
    /// <summary>Who raises the events.</summary>
    public const string By = "program:thresholds";

    /// <summary>How long a started case may take to appear before the matter counts as free.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMinutes(10);

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rules = (await store.ListAsync(cancellationToken)).ToDictionary(r => r.Id);
        var states = (await store.ListStatesAsync(cancellationToken)).ToDictionary(s => (s.Threshold, s.Scope));
        var raised = 0;
        foreach (var rule in rules.Values.Where(r => r.IsOn))
        {
            var readings = await store.ReadAsync(rule, now, cancellationToken);
            var known = readings.Select(r => r.Scope).ToHashSet();
            // Nothing counted is a value too: it is what clears the threshold.
            IEnumerable<MetricReading> silent = ShopMetrics.AreDerived(rule.Metric)
                ? states.Values.Where(s => s.Threshold == rule.Id && !known.Contains(s.Scope)).Select(s => new MetricReading(s.Scope, 0, 0, now))
                : [];
            foreach (var reading in readings.Concat(silent))
            {
                var state = states.GetValueOrDefault((rule.Id, reading.Scope)) ?? new ThresholdState(rule.Id, reading.Scope);
                if (ThresholdRules.Observe(rule, state, reading, now) == state)
                    continue;
                var after = await store.ObserveAsync(rule, reading, now, cancellationToken);
                states[(rule.Id, reading.Scope)] = after;
                raised += after.Episode - state.Episode;
            }
        }

        foreach (var owed in states.Values.Where(s => s.IsOwed && rules.ContainsKey(s.Threshold)))
        {
            await FaultPoint.Pass(FaultPoint.ThresholdRaised);
            await PublishAsync(rules[owed.Threshold], owed, now, cancellationToken);
        }

        return raised;
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(options.Value.RecoveryInterval, TimeProvider.System, cancellationToken);

    private async Task PublishAsync(MetricThreshold rule, ThresholdState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = rule.Definitions.Count == 0 ? null : await store.FindCaseAsync(rule, state.Scope, cancellationToken);
        var isPatient = now - state.RaisedAt < StartTime;
        // Linked to a case whose start is under way: its number is not known yet.
        if (state.IsLinked && running is null && isPatient)
            return;
        var link = state.IsLinked ? running : null;
        await events.PublishAsync(new PublishedEvent(state.Event!, rule.Event, PayloadOf(rule, state), state.Scope, link) { By = By }, cancellationToken);
        if (rule.Definitions.Count > 0 && running is null)
            running = await store.FindCaseAsync(rule, state.Scope, cancellationToken);
        // The start may have been cut off; the event is kept and delivered by recovery, and the case is looked for again.
        if (running is null && rule.Definitions.Count > 0 && isPatient)
            return;
        await store.SettleAsync(rule, state, running, cancellationToken);
    }

    private static JsonObject PayloadOf(MetricThreshold rule, ThresholdState state) => new()
    {
        ["threshold"] = rule.Id,
        ["name"] = rule.Name,
        ["scope"] = state.Scope,
        [rule.Scope] = state.Scope,
        ["reason"] = $"{rule.Name}：{state.Value:0.####}（触发值 {rule.Raise:0.####}）",
        ["source"] = "指标阈值",
        ["value"] = state.Value,
        ["count"] = state.Count,
        ["level"] = rule.Raise,
        ["since"] = state.Since,
        ["raisedAt"] = state.RaisedAt,
    };
}
