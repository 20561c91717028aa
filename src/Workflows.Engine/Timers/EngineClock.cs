namespace Workflows.Engine.Timers;

/// <summary>
/// Business time. What can go wrong: a host whose clock is off fires early, late or twice. The rule: whether something is
/// due is decided by the database's clock alone; hosts only use this clock, which follows the database's, for stamps.
/// </summary>
public abstract class EngineClock : TimeProvider
{
    /// <summary>The instant to pass to SQL as "now"; null lets the database's own clock, plus the stored business offset, decide.</summary>
    public abstract DateTimeOffset? SqlNow { get; }
}
