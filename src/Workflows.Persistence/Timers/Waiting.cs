using System.Data.Common;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Timers;

/// <summary>How long until there is something to claim: the next due row, or the next lease that has run out already.</summary>
internal static class Waiting
{
    public static (long? Due, long? LeaseEnds) Read(DbDataReader row) => (row.Int64OrNull(0), row.Int64OrNull(1));

    /// <summary>A running lease is its holder's business and does not count; one that ran out is work for now.</summary>
    public static TimeSpan? Shortest((long? Due, long? LeaseEnds) micros) => micros switch
    {
        { LeaseEnds: <= 0 } => TimeSpan.Zero,
        { Due: { } due } => Instants.SpanFromMicros(Math.Max(0, due)),
        _ => null,
    };
}
