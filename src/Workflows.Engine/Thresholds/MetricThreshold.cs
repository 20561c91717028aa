namespace Workflows.Engine.Thresholds;

/// <summary>How a value is compared with a level. Catalogue 0.3: "≥" and "≤" include the value, "超过", "低于" exclude it.</summary>
public enum Comparison
{
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// <summary>
/// A rule about a metric of the shop (指标阈值): at one level an event is raised, once, and only at another, easier level may it be raised again.
/// What it watches is fixed; its levels, durations and switch are changed by managers, each change a new version.
/// </summary>
public sealed record MetricThreshold
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string NameEn { get; init; }

    /// <summary>What is measured; see <see cref="ShopMetrics"/>, or a name the shop records values under.</summary>
    public required string Metric { get; init; }

    public string Unit { get; init; } = "";

    /// <summary>What a value belongs to, and the member of the payload that names it: promotion, stockCode, plan.</summary>
    public required string Scope { get; init; }

    public required Comparison Comparison { get; init; }

    /// <summary>Level at which the event is raised.</summary>
    public required decimal Raise { get; init; }

    /// <summary>Level at which the rule is cleared and may be raised again.</summary>
    public required decimal Clear { get; init; }

    /// <summary>Bounds of both levels.</summary>
    public required decimal Lowest { get; init; }

    public required decimal Highest { get; init; }

    /// <summary>Minutes the value must stay beyond the level before the event is raised.</summary>
    public int HoldMinutes { get; init; }

    /// <summary>Minutes the value must stay good before the rule is cleared.</summary>
    public int ClearMinutes { get; init; }

    /// <summary>What the value must rest on to count: complaints, visitors, yuan spent.</summary>
    public int MinCount { get; init; }

    /// <summary>Minutes a derived value looks back.</summary>
    public int WindowMinutes { get; init; } = 60;

    /// <summary>Minutes after which a recorded value says nothing about now.</summary>
    public int FreshMinutes { get; init; } = 24 * 60;

    /// <summary>The event that is raised.</summary>
    public required string Event { get; init; }

    /// <summary>Processes the event starts or interrupts. While one of them runs for the same matter, a further crossing is linked to it and starts nothing.</summary>
    public IReadOnlyList<string> Definitions { get; init; } = [];

    public bool IsOn { get; init; } = true;

    /// <summary>Catalogue number of the rule, and whether it is a default of ours.</summary>
    public required string Source { get; init; }

    /// <summary>0 as shipped; every change counts it up.</summary>
    public int Version { get; init; }

    public bool IsUpward => Comparison is Comparison.AtLeast or Comparison.Above;
}

/// <summary>A value of a metric.</summary>
/// <param name="At">When it held.</param>
/// <param name="Count">What it rests on.</param>
/// <param name="Since">The first of what was counted; null when values are recorded.</param>
public sealed record MetricReading(string Scope, decimal Value, long Count, DateTimeOffset At, DateTimeOffset? Since = null);

/// <summary>A value the shop records.</summary>
public sealed record MetricValue(string Metric, string Scope, DateTimeOffset At, decimal Value, long Count);

/// <summary>Metrics that follow from the shop's own records; all others are recorded by the shop.</summary>
public static class ShopMetrics
{
    /// <summary>Complaints about a promotion that came in within the window.</summary>
    public const string Complaints = "complaints.count";

    /// <summary>The same as a share of the promotion's participants, in percent.</summary>
    public const string ComplaintShare = "complaints.share";

    public static bool AreDerived(string metric) => metric is Complaints or ComplaintShare;
}

/// <summary>How a threshold stands for one scope.</summary>
/// <param name="TurningSince">Since when the value has been beyond the level that would change it.</param>
/// <param name="Episode">How often it was raised.</param>
/// <param name="Event">Id of the event of the last episode.</param>
/// <param name="IsOwed">The event is still to be published.</param>
/// <param name="IsLinked">Another case has the matter already; nothing was started.</param>
/// <param name="Case">The case that has the matter.</param>
public sealed record ThresholdState(
    string Threshold,
    string Scope,
    bool IsRaised = false,
    DateTimeOffset? TurningSince = null,
    decimal? Value = null,
    long Count = 0,
    DateTimeOffset? Since = null,
    DateTimeOffset? ObservedAt = null,
    int Episode = 0,
    DateTimeOffset? RaisedAt = null,
    DateTimeOffset? ClearedAt = null,
    string? Event = null,
    bool IsOwed = false,
    bool IsLinked = false,
    string? Case = null);
