using Workflows.Engine.Calendars;
using Workflows.Engine.Duty;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Clocks;

/// <summary>Keeps the time rules and reads them again when the store's stamp moved; a change applies to clocks started after the next refresh.</summary>
public sealed class TimeRulesCache(ITimeRuleStore store) : ITimeRulesSource
{
    private TimeRules? _current;

    public TimeRules Current => _current ?? TimeRules.Shipped;

    public async ValueTask<TimeRules> ForAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        if (!Current.Knows(instance))
            await RefreshAsync(cancellationToken);
        return Current;
    }

    public async ValueTask<TimeRules> LatestAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return Current;
    }

    /// <summary>
    /// Stores what ships as version 1 of each rule that is not stored yet. From then on a later build's files change nothing that was
    /// promised: they are offered by whoever changes the rules.
    /// </summary>
    public async Task SeedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = (await store.ListAsync(cancellationToken)).Select(r => (r.Kind, r.Id)).ToHashSet();
        StoredTimeRule Shipped(TimeRuleKind kind, string id, string document) => new(kind, id, 1, document, now, "system");
        List<StoredTimeRule> missing =
        [
            .. ShippedCalendars.All.Select(c => Shipped(TimeRuleKind.Calendar, c.Id, CalendarFile.Write(c))),
            .. LadderFile.Shipped.Select(l => Shipped(TimeRuleKind.Ladder, l.Id, LadderFile.Write(l))),
            Shipped(TimeRuleKind.Rota, RotaRules.Shipped.Id, RotaRules.Write(RotaRules.Shipped)),
        ];
        missing.RemoveAll(r => known.Contains((r.Kind, r.Id)));
        // Another host that starts at the same moment may have stored them: then they are there.
        if (missing.Count > 0)
            await store.AddAsync(missing, cancellationToken);
    }

    /// <summary>Reads the rules again if they changed; true when they did.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var stamp = await store.ReadStampAsync(cancellationToken);
        if (_current?.Stamp == stamp)
            return false;
        _current = new TimeRules(await store.ListAsync(cancellationToken), stamp);
        return true;
    }
}
