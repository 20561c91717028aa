using System.Text.Json.Nodes;
using Workflows.Engine.Instances;

namespace Workflows.Persistence.Databases;

/// <summary>
/// A journal entry as its row holds it. Its number follows from the row's first and its place; its time is left out where it is that of the entry
/// before. Older rows hold both with every entry.
/// </summary>
internal sealed record StoredEntry(
    string Event,
    DateTimeOffset? At = null,
    int? Execution = null,
    string? NodeId = null,
    string? ActivityType = null,
    string? Message = null,
    string? By = null,
    JsonNode? Payload = null)
{
    /// <summary>The entries of one burst, as they are stored.</summary>
    public static StoredEntry[] From(IReadOnlyList<JournalEntry> entries)
    {
        var stored = new StoredEntry[entries.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var entry = entries[i];
            stored[i] = new StoredEntry(entry.Event, i > 0 && entry.At == entries[i - 1].At ? null : entry.At, entry.Execution, entry.NodeId, entry.ActivityType, entry.Message, entry.By, entry.Payload);
        }

        return stored;
    }

    /// <summary>The entries of a row whose first has this number.</summary>
    public static IEnumerable<JournalEntry> Read(StoredEntry[] stored, int first)
    {
        var at = default(DateTimeOffset);
        foreach (var (place, entry) in stored.Index())
        {
            at = entry.At ?? at;
            yield return new JournalEntry(first + place, at, entry.Event, entry.Execution, entry.NodeId, entry.ActivityType, entry.Message, entry.By, entry.Payload);
        }
    }
}
