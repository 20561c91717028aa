namespace Workflows.Engine.Thresholds;

/// <summary>
/// When a threshold is raised and when it is cleared. Pure, so that hosts, a repeat after a crash and a trial all come to the same result.
/// </summary>
public static class ThresholdRules
{
    /// <summary>Longest duration that may be asked for: a week.</summary>
    public const int LongestMinutes = 7 * 24 * 60;

    private const int MostCount = 1_000_000;

    /// <summary>The state after a reading. A new episode means: raise the event, once.</summary>
    public static ThresholdState Observe(MetricThreshold rule, ThresholdState state, MetricReading reading, DateTimeOffset now)
    {
        // A value that only repeats itself is news all the same: what a slow host read before it must not count. Only where nothing is counted and nothing raised, nothing is written.
        var isNew = state.ObservedAt is null || state.Value != reading.Value || state.Count != reading.Count || (reading.At > state.ObservedAt && (state.IsRaised || reading.Count > 0));
        var seen = isNew ? state with { Value = reading.Value, Count = reading.Count, ObservedAt = reading.At } : state;
        var turns = state.IsRaised ? IsCleared(rule, reading.Value) : reading.Count >= rule.MinCount && IsBeyond(rule, reading.Value);
        if (!turns)
            return seen with { TurningSince = null };

        var since = state.TurningSince ?? reading.At;
        if (now - since < TimeSpan.FromMinutes(state.IsRaised ? rule.ClearMinutes : rule.HoldMinutes))
            return seen with { TurningSince = since };
        return state.IsRaised
            ? seen with { IsRaised = false, TurningSince = null, ClearedAt = now }
            : seen with { IsRaised = true, TurningSince = null, RaisedAt = now, Since = reading.Since ?? since, Episode = state.Episode + 1, ClearedAt = null };
    }

    /// <summary>Whether a value reaches the level that raises the event.</summary>
    public static bool IsBeyond(MetricThreshold rule, decimal value) => rule.Comparison switch
    {
        Comparison.AtLeast => value >= rule.Raise,
        Comparison.Above => value > rule.Raise,
        Comparison.AtMost => value <= rule.Raise,
        _ => value < rule.Raise,
    };

    /// <summary>Whether a value is good again.</summary>
    public static bool IsCleared(MetricThreshold rule, decimal value) => !IsBeyond(rule, value) && (rule.IsUpward ? value <= rule.Clear : value >= rule.Clear);

    /// <summary>What is wrong with the levels, in Chinese and English; null when nothing is.</summary>
    public static (string Zh, string En)? Fault(MetricThreshold rule)
    {
        if (rule.Raise < rule.Lowest || rule.Raise > rule.Highest || rule.Clear < rule.Lowest || rule.Clear > rule.Highest)
            return ($"触发值和解除值须在 {rule.Lowest:0.####} 到 {rule.Highest:0.####} 之间", $"both levels must lie between {rule.Lowest:0.####} and {rule.Highest:0.####}");
        if (IsBeyond(rule, rule.Clear))
        {
            return rule.IsUpward
                ? ("解除值须低于触发值，否则会反复触发", "the level to clear must be below the level to raise, or the event would be raised over and over")
                : ("解除值须高于触发值，否则会反复触发", "the level to clear must be above the level to raise, or the event would be raised over and over");
        }

        if (rule.HoldMinutes is < 0 or > LongestMinutes || rule.ClearMinutes is < 0 or > LongestMinutes)
            return ($"持续分钟数须在 0 到 {LongestMinutes} 之间", $"minutes must lie between 0 and {LongestMinutes}");
        return rule.MinCount is < 0 or > MostCount
            ? ($"最小样本须在 0 到 {MostCount} 之间", $"the smallest count must lie between 0 and {MostCount}")
            : null;
    }

    /// <summary>The key of the event of an episode: the same on every host and in every try.</summary>
    public static string EventOf(ThresholdState state) => $"threshold:{state.Threshold}:{state.Scope}:{state.Episode}";
}
