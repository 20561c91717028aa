namespace Workflows.Engine.Thresholds;

/// <summary>What managers may change about a threshold.</summary>
public sealed record ThresholdLevels(decimal Raise, decimal Clear, int HoldMinutes, int ClearMinutes, int MinCount, bool IsOn);

/// <summary>What became of a change.</summary>
public abstract record ThresholdOutcome
{
    private ThresholdOutcome()
    {
    }

    public sealed record Saved(MetricThreshold Threshold) : ThresholdOutcome;

    public sealed record Unknown : ThresholdOutcome;

    /// <summary>Somebody else changed it since it was read.</summary>
    public sealed record Taken : ThresholdOutcome;

    /// <summary>The levels cannot be.</summary>
    public sealed record Faulty(string Zh, string En) : ThresholdOutcome;
}

/// <summary>Changing a threshold, by page and by program alike.</summary>
public static class ThresholdChanges
{
    /// <param name="version">The version that was read.</param>
    public static async Task<ThresholdOutcome> ChangeAsync(
        this IThresholdStore store, string id, int version, ThresholdLevels levels, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await store.ListAsync(cancellationToken)).FirstOrDefault(r => r.Id == id) is not { } rule)
            return new ThresholdOutcome.Unknown();
        if (version != rule.Version)
            return new ThresholdOutcome.Taken();
        var changed = rule with
        {
            Raise = levels.Raise,
            Clear = levels.Clear,
            HoldMinutes = levels.HoldMinutes,
            ClearMinutes = levels.ClearMinutes,
            MinCount = levels.MinCount,
            IsOn = levels.IsOn,
            Version = rule.Version + 1,
        };
        if (ThresholdRules.Fault(changed) is { } fault)
            return new ThresholdOutcome.Faulty(fault.Zh, fault.En);
        return await store.SaveAsync(changed, by, now, cancellationToken) ? new ThresholdOutcome.Saved(changed) : new ThresholdOutcome.Taken();
    }
}
