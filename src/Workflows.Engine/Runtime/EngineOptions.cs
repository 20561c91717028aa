using System.ComponentModel.DataAnnotations;

namespace Workflows.Engine.Runtime;

/// <summary>Settings of the engine; the defaults suit one node.</summary>
public sealed class EngineOptions
{
    public const string Section = "Workflows:Engine";

    /// <summary>Time zone of the shop: local time in expressions and messages.</summary>
    [Required]
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>How long a node owns a claimed timer; a crashed node's timers are free after this.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a node owns a claimed effect; an attempt is cut off at four fifths of it and counts as unanswered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan EffectLease { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Longest wait between two looks for due timers and effects when nothing announces itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often recovery looks for work that a crash left behind.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RecoveryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an event that nobody waits for is kept for a later waiter.</summary>
    public TimeSpan EventRetention { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long idempotency keys and done effects are kept; a caller may repeat a request for as long.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an uploaded file of shop data, and the rows of it that were not taken, are kept: they may hold what is personal about customers.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan UploadRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most timers or effects claimed at once.</summary>
    [Range(1, 10_000)]
    public int ClaimBatch { get; init; } = 500;

    /// <summary>Most effects performed at once by this node.</summary>
    [Range(1, 1_000)]
    public int EffectConcurrency { get; init; } = 64;

    /// <summary>Instances kept in memory between bursts.</summary>
    [Range(0, 1_000_000)]
    public int CachedInstances { get; init; } = 2_000;

    /// <summary>Activities in one burst before the instance is stopped as running away.</summary>
    [Range(100, 1_000_000)]
    public int StepsPerBurst { get; init; } = 10_000;

    /// <summary>Name of this node in claims; unique per process.</summary>
    public string NodeId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}"[..^20];
}
