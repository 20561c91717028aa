using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Clocks;

/// <summary>
/// Changes of calendars, ladders and rotas: each makes a new version. What runs keeps the version it has; clocks on a calendar can be
/// moved to the newest one, which is shown before it is done.
/// </summary>
internal sealed class TimeRuleChanges(ITimeRuleStore store, TimeRulesCache rules, IClockRowStore clocks, WorkflowRuntime runtime, EngineClock clock)
{
    private const int PageSize = 200;
    private const int MostShown = 100;

    public TimeRules Current => rules.Current;

    /// <summary>Stores the next version of a calendar; false when somebody else was first.</summary>
    public Task<bool> SaveAsync(WorkCalendar calendar, string by, CancellationToken cancellationToken)
    {
        var next = (rules.Current.Calendar(calendar.Id)?.Calendar.Version ?? 0) + 1;
        return AddAsync(new StoredTimeRule(TimeRuleKind.Calendar, calendar.Id, next, CalendarFile.Write(calendar with { Version = next }), clock.GetUtcNow(), by, calendar.Note), cancellationToken);
    }

    public Task<bool> SaveAsync(Ladder ladder, string by, CancellationToken cancellationToken)
    {
        var next = (rules.Current.Ladder(ladder.Id)?.Version ?? 0) + 1;
        return AddAsync(new StoredTimeRule(TimeRuleKind.Ladder, ladder.Id, next, LadderFile.Write(ladder with { Version = next }), clock.GetUtcNow(), by), cancellationToken);
    }

    public Task<bool> SaveAsync(Rota rota, string by, CancellationToken cancellationToken)
    {
        var next = (rules.Current.Rota(rota.Id)?.Version ?? 0) + 1;
        return AddAsync(new StoredTimeRule(TimeRuleKind.Rota, rota.Id, next, RotaRules.Write(rota with { Version = next }), clock.GetUtcNow(), by), cancellationToken);
    }

    public async Task<IReadOnlyList<StoredTimeRule>> VersionsAsync(TimeRuleKind kind, string id, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).Where(r => r.Kind == kind && r.Id == id).OrderByDescending(r => r.Version)];

    /// <summary>The calendar with a year's holidays put in, in place of those it had for that year.</summary>
    public static WorkCalendar WithYear(WorkCalendar calendar, HolidayYear year) => calendar with
    {
        Years = [.. calendar.Years.Where(y => y.Year != year.Year).Append(year).OrderBy(y => y.Year)],
        Note = $"{year.Year} 年节假日：{year.Source}",
    };

    /// <summary>What would become of the running clocks with this calendar as the newest version; nothing is changed.</summary>
    public async Task<CalendarEffects> PreviewAsync(WorkCalendar calendar, CancellationToken cancellationToken)
    {
        var trial = new TimeRules([.. await store.ListAsync(cancellationToken), new StoredTimeRule(TimeRuleKind.Calendar, calendar.Id, calendar.Version, CalendarFile.Write(calendar), clock.GetUtcNow(), "")]);
        var (running, moved, late, effects) = (0, 0, 0, new List<ClockEffect>());
        await foreach (var stored in BehindAsync(calendar, cancellationToken))
        {
            running++;
            var after = Moved(stored.Clock, calendar.Version, trial);
            if (after is null || (after.DueAt == stored.Clock.DueAt && after.IsProvisional == stored.Clock.IsProvisional))
                continue;
            moved += after.DueAt == stored.Clock.DueAt ? 0 : 1;
            late += after.DueAt <= clock.GetUtcNow() && stored.Clock.BreachedAt is null ? 1 : 0;
            if (effects.Count < MostShown)
                effects.Add(new ClockEffect(stored.Clock.Id, stored.InstanceId, stored.Clock.Label, stored.Clock.DueAt, after.DueAt, after.State, stored.Clock.IsProvisional, after.IsProvisional));
        }

        return new CalendarEffects(calendar.Id, calendar.Version, running, moved, late, effects);
    }

    /// <summary>Moves the running clocks of a calendar to its newest version, one commit each; what is done twice changes nothing the second time.</summary>
    public async Task<CalendarEffects> RecalculateAsync(WorkCalendar calendar, string by, string? reason, CancellationToken cancellationToken)
    {
        var (running, moved, late, effects) = (0, 0, 0, new List<ClockEffect>());
        await foreach (var stored in BehindAsync(calendar, cancellationToken))
        {
            running++;
            var command = new ClockCommand(stored.Clock.Id, null, UseNewestCalendar: true, reason ?? calendar.Note, by);
            if (await runtime.DeliverAsync(stored.InstanceId, new Stimulus.ActOnClock(command), null, cancellationToken) is not Delivery.Applied
                || await clocks.FindAsync(stored.Clock.Id, cancellationToken) is not { } after)
                continue;
            moved += after.Clock.DueAt == stored.Clock.DueAt ? 0 : 1;
            late += after.Clock.DueAt <= clock.GetUtcNow() && stored.Clock.BreachedAt is null ? 1 : 0;
            if (effects.Count < MostShown && after.Clock.DueAt != stored.Clock.DueAt)
                effects.Add(new ClockEffect(stored.Clock.Id, stored.InstanceId, stored.Clock.Label, stored.Clock.DueAt, after.Clock.DueAt, after.Clock.State, stored.Clock.IsProvisional, after.Clock.IsProvisional));
        }

        return new CalendarEffects(calendar.Id, calendar.Version, running, moved, late, effects);
    }

    private async Task<bool> AddAsync(StoredTimeRule rule, CancellationToken cancellationToken)
    {
        var added = await store.AddAsync([rule], cancellationToken);
        await rules.RefreshAsync(cancellationToken);
        return added;
    }

    private async IAsyncEnumerable<StoredClock> BehindAsync(WorkCalendar calendar, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            var some = await clocks.ListAsync(new ClockQuery { OpenOnly = true, CalendarId = calendar.Id, BelowVersion = calendar.Version, After = after, Limit = PageSize }, cancellationToken);
            foreach (var stored in some)
                yield return stored;
            if (some.Count < PageSize)
                yield break;
            after = some[^1].Clock.Id;
        }
    }

    private RunningClock? Moved(RunningClock running, int version, TimeRules trial)
    {
        try
        {
            return ClockRules.Recalculate(running with { CalendarVersion = version }, trial, clock.GetUtcNow());
        }
        catch (ArgumentException)
        {
            // The target does not fit into the new calendar; the recalculation itself will say so of this clock.
            return null;
        }
    }
}
