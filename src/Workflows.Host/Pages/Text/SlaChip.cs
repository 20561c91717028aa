using Workflows.Engine.Clocks;
using Workflows.Engine.UserTasks;

namespace Workflows.Host.Pages.Text;

/// <summary>How a deadline stands: quiet while more than a quarter of the time is left, then orange, then red with the time it is over.</summary>
/// <param name="Kind">calm, warn, late, paused or kept; the chip's class.</param>
/// <param name="Text">For people.</param>
/// <param name="Exact">The due instant in full.</param>
public sealed record SlaChip(string Kind, string Text, string Exact)
{
    private const double WarnBelow = 0.25;

    /// <summary>Of a task that is open.</summary>
    public static SlaChip? Of(UserTask task, DateTimeOffset now, Texts t) =>
        task.IsPaused ? new SlaChip("paused", t["sla.paused"], t["sla.paused"]) : Of(task.CreatedAt, task.DueAt, now, t);

    /// <summary>Of a clock: ok, warn, breached or paused, and how it ended.</summary>
    public static SlaChip? Of(RunningClock clock, DateTimeOffset now, Texts t)
    {
        if (clock.StoppedAt is { } stopped)
        {
            return clock.State == ClockStatus.Breached
                ? new SlaChip("late", t.With("sla.doneLate", Moments.Rough(stopped - clock.DueAt, t)), Moments.Full(stopped))
                : new SlaChip("kept", t["sla.kept"], Moments.Full(stopped));
        }

        return clock.Paused is { } pause ? new SlaChip("paused", t["sla.paused"], pause.Reason)
            : clock.State == ClockStatus.Warn && clock.DueAt >= now ? new SlaChip("warn", t.With("sla.left", Moments.Rough(clock.DueAt - now, t)), t.With("sla.due", Moments.Full(clock.DueAt)))
            : Of(clock.StartedAt, clock.DueAt, now, t);
    }

    public static SlaChip? Of(DateTimeOffset createdAt, DateTimeOffset? dueAt, DateTimeOffset now, Texts t)
    {
        if (dueAt is not { } due)
            return null;
        var exact = t.With("sla.due", Moments.Full(due));
        if (due < now)
            return new SlaChip("late", t.With("sla.late", Moments.Rough(now - due, t)), exact);
        var left = (due - now) / (due - createdAt).Duration();
        return new SlaChip(left < WarnBelow ? "warn" : "calm", t.With("sla.left", Moments.Rough(due - now, t)), exact);
    }
}
