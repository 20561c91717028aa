namespace Workflows.Engine.Incidents;

/// <summary>A recorded failure of an activity, or of the instance as a whole, that needs a retry or a person.</summary>
/// <param name="Id">Unique within the instance.</param>
/// <param name="Execution">Number of the failing execution; null for the instance.</param>
/// <param name="NodeId">Node at fault.</param>
/// <param name="ActivityType">Its type.</param>
/// <param name="Kind">Stable word for the kind of failure, for example "expression", "step-budget" or "effect-failed".</param>
/// <param name="Message">For a person.</param>
/// <param name="Detail">Stack or technical detail, for operators.</param>
/// <param name="At">Business time.</param>
/// <param name="Attempt">Which try failed, from 1.</param>
/// <param name="NextTryAt">When the engine tries again by itself; null when a person must.</param>
/// <param name="ResolvedAt">Set when a retry succeeded or an operator closed it.</param>
public sealed record Incident(
    int Id,
    int? Execution,
    string NodeId,
    string ActivityType,
    string Kind,
    string Message,
    string? Detail,
    DateTimeOffset At,
    int Attempt,
    DateTimeOffset? NextTryAt = null,
    DateTimeOffset? ResolvedAt = null)
{
    public bool IsOpen => ResolvedAt is null;
}
