using Workflows.Engine.Clocks;
using Workflows.Engine.Storage;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Clocks;

/// <summary>Clocks for the detail pages. Whoever may read the instance or task may read its clocks.</summary>
internal sealed class ClockReader(IClockRowStore clocks, ITimeRulesSource rules)
{
    private const int Most = 50;

    public async Task<IReadOnlyList<ClockLine>> OfInstanceAsync(PageContext page, string instanceId, CancellationToken cancellationToken) =>
        [.. (await clocks.ListAsync(new ClockQuery { InstanceId = instanceId, Limit = 500 }, cancellationToken))
            .Where(c => c.Clock.TaskId is null || c.Clock.IsRunning).OrderBy(c => !c.Clock.IsRunning).ThenBy(c => c.Clock.DueAt).Take(Most).Select(c => LineOf(c.Clock, page))];

    public async Task<IReadOnlyList<ClockLine>> OfTaskAsync(PageContext page, string taskId, CancellationToken cancellationToken) =>
        [.. (await clocks.ListAsync(new ClockQuery { TaskId = taskId, Limit = 10 }, cancellationToken)).Select(c => LineOf(c.Clock, page))];

    private ClockLine LineOf(RunningClock clock, PageContext page)
    {
        var t = page.T;
        // A version that this host has not read yet is known in a moment; the due time itself is stored.
        var known = rules.Current.Calendar(clock.Calendar, clock.CalendarVersion) is not null;
        var lines = known ? ClockRules.Explain(clock, rules.Current).Lines.Select(l => t.IsChinese ? l.Zh : l.En).ToList() : [];
        if (clock.Paused is { } pause)
            lines.Insert(lines.Count - 1, t.With("clock.pausedSince", Moments.Full(pause.From), pause.Reason));
        return new ClockLine(
            clock.Label,
            t.IsChinese ? clock.Target.Zh : clock.Target.En,
            SlaChip.Of(clock, page.Now, t),
            clock.Paused is null ? Moments.Full(clock.DueAt) : t["sla.paused"],
            lines);
    }
}
