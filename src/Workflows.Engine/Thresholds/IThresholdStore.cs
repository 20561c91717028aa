namespace Workflows.Engine.Thresholds;

/// <summary>A change of a threshold, as it is kept.</summary>
public sealed record ThresholdChange(int Version, DateTimeOffset At, string By, decimal Raise, decimal Clear, int HoldMinutes, int ClearMinutes, int MinCount, bool IsOn);

/// <summary>Thresholds, their states, and the values they are judged by.</summary>
public interface IThresholdStore
{
    /// <summary>The shipped thresholds with what managers changed.</summary>
    Task<IReadOnlyList<MetricThreshold>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Changes of a threshold, newest first.</summary>
    Task<IReadOnlyList<ThresholdChange>> ListChangesAsync(string threshold, CancellationToken cancellationToken);

    /// <summary>Stores a new version; false when somebody else stored it first.</summary>
    Task<bool> SaveAsync(MetricThreshold changed, string by, DateTimeOffset now, CancellationToken cancellationToken);

    Task<IReadOnlyList<ThresholdState>> ListStatesAsync(CancellationToken cancellationToken);

    /// <summary>The newest value of each scope that holds at an instant; none that is older than the threshold allows.</summary>
    Task<IReadOnlyList<MetricReading>> ReadAsync(MetricThreshold rule, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Judges a reading under a lock of the state and stores the result. A new episode owes its event; when another case has the matter already
    /// (one that runs, or whose start is under way), it is linked to that one.
    /// </summary>
    Task<ThresholdState> ObserveAsync(MetricThreshold rule, MetricReading reading, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The running case that has the matter; null while there is none.</summary>
    Task<string?> FindCaseAsync(MetricThreshold rule, string scope, CancellationToken cancellationToken);

    /// <summary>The event of an episode was published: it is owed no longer, and the case is noted. Nothing happens when the state has gone on.</summary>
    Task SettleAsync(MetricThreshold rule, ThresholdState state, string? caseId, CancellationToken cancellationToken);
}
