using Workflows.Engine.Clocks;

namespace Workflows.Engine.Storage;

/// <summary>What kind of time rule a stored version is.</summary>
public enum TimeRuleKind
{
    Calendar,
    Ladder,
    Rota,
}

/// <summary>One version of a calendar, a ladder or a rota. Never changed: a change is another version.</summary>
public sealed record StoredTimeRule(TimeRuleKind Kind, string Id, int Version, string Document, DateTimeOffset CreatedAt, string CreatedBy, string? Note = null);

/// <summary>Versions of calendars, ladders and rotas.</summary>
public interface ITimeRuleStore
{
    /// <summary>Moves with every version added.</summary>
    Task<long> ReadStampAsync(CancellationToken cancellationToken);

    /// <summary>All versions, oldest first.</summary>
    Task<IReadOnlyList<StoredTimeRule>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds versions, all or none; false when one of them exists (somebody else changed the rule meanwhile).</summary>
    Task<bool> AddAsync(IReadOnlyList<StoredTimeRule> versions, CancellationToken cancellationToken);
}

/// <summary>Which clocks to list.</summary>
public sealed record ClockQuery
{
    public string? InstanceId { get; init; }

    public string? TaskId { get; init; }

    /// <summary>Only those that run.</summary>
    public bool OpenOnly { get; init; }

    /// <summary>Only those on this calendar.</summary>
    public string? CalendarId { get; init; }

    /// <summary>Only those on an older version of it.</summary>
    public int? BelowVersion { get; init; }

    public ClockStatus? State { get; init; }

    /// <summary>Only those after this id, in the order of ids.</summary>
    public string? After { get; init; }

    public int Limit { get; init; } = 200;
}

/// <summary>Clocks as rows beside the instances.</summary>
public interface IClockRowStore
{
    /// <summary>In the order of their ids, which is the order of their start within an instance.</summary>
    Task<IReadOnlyList<StoredClock>> ListAsync(ClockQuery query, CancellationToken cancellationToken);

    Task<StoredClock?> FindAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A clock and where it runs.</summary>
public sealed record StoredClock(string InstanceId, string DefinitionId, RunningClock Clock);
