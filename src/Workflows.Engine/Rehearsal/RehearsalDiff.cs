namespace Workflows.Engine.Rehearsal;

/// <summary>A line of the rehearsal, set against the version in service.</summary>
/// <param name="Now">The line in the rehearsed version; null when it no longer happens.</param>
/// <param name="Before">The line in the version in service; null when it is new.</param>
public sealed record RehearsalChange(RehearsalLine? Now, RehearsalLine? Before)
{
    public RehearsalLine Line => Now ?? Before!;

    /// <summary>True when it happens at another time since the start, or is due at another.</summary>
    public bool IsMoved => Now is not null && Before is not null && (Now.At != Before.At || Now.DueAt != Before.DueAt);
}

/// <summary>What a change of a definition does to one and the same case.</summary>
public static class RehearsalDiff
{
    /// <summary>
    /// All lines of both, in order of time: those of the same kind, step and words belong together, the first to the first. Both must have begun
    /// at the same instant.
    /// </summary>
    public static IReadOnlyList<RehearsalChange> Compare(RehearsalReport before, RehearsalReport now)
    {
        var left = before.Lines.GroupBy(KeyOf).ToDictionary(g => g.Key, g => new Queue<RehearsalLine>(g));
        var changes = new List<RehearsalChange>();
        foreach (var line in now.Lines)
        {
            var same = left.TryGetValue(KeyOf(line), out var waiting) && waiting.TryDequeue(out var first) ? first : null;
            changes.Add(new RehearsalChange(line, same));
        }

        changes.AddRange(left.Values.SelectMany(q => q).Select(gone => new RehearsalChange(null, gone)));
        // Stable: what happens at the same instant keeps its order, and what is gone stands behind it.
        return [.. changes.OrderBy(c => c.Line.At)];

        static (RehearsalKind, string, string, string, string) KeyOf(RehearsalLine line) => (line.Kind, line.Node, line.What, string.Join(' ', line.People), line.Text);
    }
}
