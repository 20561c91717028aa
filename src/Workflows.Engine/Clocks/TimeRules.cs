using System.Collections.Concurrent;
using System.Reflection;
using Workflows.Engine.Calendars;
using Workflows.Engine.Duty;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Clocks;

/// <summary>Gives bursts the time rules as they are now.</summary>
public interface ITimeRulesSource
{
    TimeRules Current { get; }

    /// <summary>The same, read again first if another host gave the instance's clocks a version this one has not seen yet.</summary>
    ValueTask<TimeRules> ForAsync(WorkflowInstance instance, CancellationToken cancellationToken);

    /// <summary>The same, read again first if another host changed them: for publication, which must know what was added a moment ago.</summary>
    ValueTask<TimeRules> LatestAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Calendars, ladders and rotas as they are at one moment, with every version of them that was ever in force. A burst sees one
/// snapshot, so it computes due times without I/O and the same burst always computes the same.
/// </summary>
public sealed class TimeRules : ITimeRulesSource
{
    private readonly ILookup<string, WorkCalendar> _calendars;
    private readonly ILookup<string, Ladder> _ladders;
    private readonly ILookup<string, Rota> _rotas;
    private readonly ConcurrentDictionary<(string Id, int Version), WorkTime> _ready = new();

    public TimeRules(IEnumerable<StoredTimeRule> stored, long stamp = 0)
    {
        var rules = stored.ToList();
        _calendars = Newest(rules.Where(r => r.Kind == TimeRuleKind.Calendar).Select(r => CalendarFile.Read(r.Document) with { Version = r.Version }).Concat(ShippedCalendars.All));
        _ladders = Newest(rules.Where(r => r.Kind == TimeRuleKind.Ladder).Select(r => LadderFile.Read(r.Document) with { Version = r.Version }).Concat(LadderFile.Shipped));
        _rotas = Newest(rules.Where(r => r.Kind == TimeRuleKind.Rota).Select(r => RotaRules.Read(r.Document) with { Version = r.Version }).Append(RotaRules.Shipped));
        Stamp = stamp;
    }

    /// <summary>What the product brings along and nobody has changed.</summary>
    public static TimeRules Shipped { get; } = new([]);

    /// <summary>Stamp of the store this was read at.</summary>
    public long Stamp { get; }

    TimeRules ITimeRulesSource.Current => this;

    ValueTask<TimeRules> ITimeRulesSource.ForAsync(WorkflowInstance instance, CancellationToken cancellationToken) => ValueTask.FromResult(this);

    ValueTask<TimeRules> ITimeRulesSource.LatestAsync(CancellationToken cancellationToken) => ValueTask.FromResult(this);

    /// <summary>True when every version the clocks of an instance were started with is here.</summary>
    public bool Knows(WorkflowInstance instance) =>
        instance.Clocks is null || instance.Clocks.TrueForAll(c => Calendar(c.Calendar, c.CalendarVersion) is not null && (c.Ladder is null || Ladder(c.Ladder, c.LadderVersion) is not null));

    /// <summary>The newest version of each, in the order of their ids.</summary>
    public IEnumerable<WorkCalendar> Calendars => _calendars.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.First());

    public IEnumerable<Ladder> Ladders => _ladders.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.First());

    public IEnumerable<Rota> Rotas => _rotas.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.First());

    /// <summary>A calendar ready for counting; the newest version unless one is named; null when there is none.</summary>
    public WorkTime? Calendar(string id, int? version = null) =>
        _calendars[id].FirstOrDefault(c => version is null || c.Version == version) is { } found ? _ready.GetOrAdd((id, found.Version), _ => new WorkTime(found)) : null;

    public Ladder? Ladder(string id, int? version = null) => _ladders[id].FirstOrDefault(l => version is null || l.Version == version);

    public Rota? Rota(string id) => _rotas[id].FirstOrDefault();

    internal static string ReadShipped(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Workflows.Engine.Clocks.Data.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // What ships is version 1 of its id; whoever changes it stores version 2.
    private static ILookup<string, T> Newest<T>(IEnumerable<T> all)
        where T : TimeRule =>
        all.GroupBy(r => (r.Id, r.Version)).Select(g => g.First()).OrderByDescending(r => r.Version).ToLookup(r => r.Id);
}
