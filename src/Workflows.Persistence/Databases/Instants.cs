namespace Workflows.Persistence.Databases;

/// <summary>Instants as both databases keep them: whole microseconds since 1970 in UTC. See docs/decisions/0003.</summary>
public static class Instants
{
    public static long ToMicros(DateTimeOffset instant) =>
        Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>Rounds up: for instants before which nothing may happen.</summary>
    public static long ToMicrosUp(DateTimeOffset instant) => ToMicros(instant.AddTicks(TimeSpan.TicksPerMicrosecond - 1));

    public static long? ToMicros(DateTimeOffset? instant) => instant is { } value ? ToMicros(value) : null;

    public static DateTimeOffset FromMicros(long micros) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static long ToMicros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan SpanFromMicros(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);
}
