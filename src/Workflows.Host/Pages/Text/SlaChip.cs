namespace Workflows.Host.Pages.Text;

/// <summary>How a deadline stands: quiet while more than a quarter of the time is left, then orange, then red with the time it is over.</summary>
/// <param name="Kind">calm, warn or late; the chip's class.</param>
/// <param name="Text">For people.</param>
/// <param name="Exact">The due instant in full.</param>
public sealed record SlaChip(string Kind, string Text, string Exact)
{
    private const double WarnBelow = 0.25;

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
