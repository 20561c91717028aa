using Workflows.Engine.Clocks;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Commit;

internal sealed record BookmarkRow(string Id, string InstanceId, string Name, string Hash, string? Payload, long CreatedAt);

internal sealed record TimerRow(string Id, string InstanceId, long DueAt, int Execution, string? BookmarkId, string? Tag);

internal sealed record TaskRow(
    string Id,
    string InstanceId,
    string DefinitionId,
    string? InitiatedBy,
    int State,
    string? Assignee,
    long DueOrder,
    string? DecidedBy,
    long CreatedAt,
    long? ClosedAt,
    string Document);

internal sealed record CandidateRow(string Identity, long DueOrder, string TaskId, string? Excluded, string DefinitionId);

internal sealed record EffectRow(
    string Key,
    string InstanceId,
    int Execution,
    string Kind,
    int Class,
    string? Payload,
    string? BookmarkId,
    long DueAt,
    long CreatedAt,
    int MaxAttempts,
    int State,
    string? Owner,
    string? Token,
    long? LeaseFrom,
    long? Lease);

internal sealed record NoticeRow(string Id, string UserName, string Subject, string Body, string? TaskId, string? InstanceId, long At);

/// <summary>The end of an effect, fenced by its claim's token.</summary>
internal sealed record EndRow(string Key, string Token, int State, string? Error);

internal sealed record ClockRow(
    string Id,
    string InstanceId,
    string DefinitionId,
    string? TaskId,
    string Name,
    int Kind,
    int State,
    string CalendarId,
    int CalendarVersion,
    long StartedAt,
    long DueAt,
    long? BreachedAt,
    long? StoppedAt,
    string Document);

internal sealed record SettlementRow(string Key, int State, string? Error);

internal sealed record JournalRow(string InstanceId, int First, int Last, long At, string Entries);

/// <summary>
/// The rows of one change set, made by the caller's thread so that the committer only has to send them. Refuses, with an
/// <see cref="ArgumentException"/>, what one database would take and the other not.
/// </summary>
internal sealed class ChangeRows
{
    public ChangeRows(ChangeSet changes)
    {
        Instance = changes.Instance;
        Stimulus = changes.Stimulus;
        BookmarksRemoved = changes.BookmarksRemoved;
        TimersRemoved = changes.TimersRemoved;
        var id = Instance.Id;

        Bookmarks = [.. changes.BookmarksAdded.Select(b => new BookmarkRow(b.Id, id, Text(b.Name), b.Hash, JsonText.Write(b.Payload), Instants.ToMicros(b.CreatedAt)))];
        Timers = [.. changes.TimersAdded.Select(t => new TimerRow(t.Id, id, Instants.ToMicrosUp(t.DueAt), t.Execution, t.BookmarkId, TextOrNull(t.Tag)))];
        Tasks = [.. changes.Tasks.Select(ToRow)];
        // A new instance's tasks have neither candidates nor drafts stored yet.
        TasksKnown = Instance.ReadRevision > 0 ? [.. changes.Tasks.Select(t => t.Id)] : [];
        TasksClosed = Instance.ReadRevision > 0 ? [.. changes.Tasks.Where(t => t.ClosedAt is not null).Select(t => t.Id)] : [];
        Candidates =
        [
            .. changes.Tasks
                .Where(t => t is { State: UserTaskState.Open, Assignee: null })
                .SelectMany(t => t.Candidates.Distinct().Select(c => new CandidateRow(Text(c), DueOrder(t), t.Id, Names(t.Excluded), Instance.DefinitionId))),
        ];
        Effects = [.. changes.EffectsAdded.Select(e => ToRow(e, changes))];
        Notices = [.. changes.Notices.Select(n => new NoticeRow(n.Id, Text(n.UserName), Text(n.Subject), Text(n.Body), TextOrNull(n.TaskId), n.InstanceId, Instants.ToMicros(n.At)))];
        Settlements = [.. changes.EffectsSettled.Select(s => new SettlementRow(s.Key, (int)s.State, TextOrNull(s.Error)))];
        Clocks = [.. changes.Clocks.Select(ToRow)];
        Journal = ToJournal(changes);

        Text(id);
        TextOrNull(Instance.Name);
        TextOrNull(Instance.CorrelationId);
        TextOrNull(Instance.ActivationKey);
        TextOrNull(Instance.InitiatedBy);
        TextOrNull(Instance.ParentInstanceId);
        TextOrNull(Stimulus?.Key);
        TextOrNull(Stimulus?.Answer);
    }

    public InstanceRow Instance { get; }

    public StimulusRow? Stimulus { get; }

    public BookmarkRow[] Bookmarks { get; }

    public IReadOnlyList<string> BookmarksRemoved { get; }

    public TimerRow[] Timers { get; }

    public IReadOnlyList<string> TimersRemoved { get; }

    public TaskRow[] Tasks { get; }

    /// <summary>Tasks that may be stored already: their candidates are written anew.</summary>
    public string[] TasksKnown { get; }

    /// <summary>Tasks that are over: nobody's draft of them is needed any more.</summary>
    public string[] TasksClosed { get; }

    public CandidateRow[] Candidates { get; }

    public ClockRow[] Clocks { get; }

    public EffectRow[] Effects { get; }

    public NoticeRow[] Notices { get; }

    public SettlementRow[] Settlements { get; }

    public JournalRow? Journal { get; }

    private TaskRow ToRow(UserTask task) => new(
        task.Id,
        Instance.Id,
        Instance.DefinitionId,
        Instance.InitiatedBy,
        (int)task.State,
        TextOrNull(task.Assignee),
        DueOrder(task),
        TextOrNull(task.DecidedBy),
        Instants.ToMicros(task.CreatedAt),
        Instants.ToMicros(task.ClosedAt),
        CompactJson.Text(task, StoredJson.Default.UserTask));

    private ClockRow ToRow(RunningClock clock) => new(
        clock.Id,
        Instance.Id,
        Instance.DefinitionId,
        clock.TaskId,
        Text(clock.Name),
        (int)clock.Kind,
        (int)clock.State,
        Text(clock.Calendar),
        clock.CalendarVersion,
        Instants.ToMicros(clock.StartedAt),
        Instants.ToMicrosUp(clock.DueAt),
        Instants.ToMicros(clock.BreachedAt),
        Instants.ToMicros(clock.StoppedAt),
        CompactJson.Text(clock, StoredJson.Default.RunningClock));

    private static EffectRow ToRow(Effect effect, ChangeSet changes)
    {
        var begun = changes.EffectsBegun is { } start && start.Keys.Contains(effect.Key) ? start : null;
        var isDone = changes.Notices.Any(n => n.Id == effect.Key);
        return new EffectRow(
            effect.Key,
            effect.InstanceId,
            effect.Execution,
            Text(effect.Kind),
            (int)effect.Class,
            JsonText.Write(effect.Payload),
            effect.BookmarkId,
            Instants.ToMicrosUp(effect.DueAt),
            Instants.ToMicros(effect.CreatedAt),
            effect.MaxAttempts,
            (int)(isDone ? EffectState.Done : begun is not null ? EffectState.Attempting : EffectState.Queued),
            begun?.Owner,
            begun?.Token,
            begun?.Now is { } now ? Instants.ToMicros(now) : null,
            begun is null ? null : Instants.ToMicros(begun.Lease));
    }

    private static JournalRow? ToJournal(ChangeSet changes)
    {
        var entries = changes.Journal;
        if (entries.Count == 0)
            return null;

        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].Sequence != entries[i - 1].Sequence + 1)
                throw new ArgumentException($"The journal of a burst has a gap after entry {entries[i - 1].Sequence}.");
        }

        var json = CompactJson.Text(StoredEntry.From(entries), StoredJson.Default.StoredEntryArray);
        return new JournalRow(changes.Instance.Id, entries[0].Sequence, entries[^1].Sequence, Instants.ToMicros(entries[0].At), json);
    }

    private static long DueOrder(UserTask task) => task.DueAt is { } due ? Instants.ToMicrosUp(due) : long.MaxValue;

    private static string? Names(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : CompactJson.Text(names.ToArray(), StoredJson.Default.StringArray);

    private static string? TextOrNull(string? text) => text is null ? null : Text(text);

    /// <summary>PostgreSQL takes neither a NUL nor half a surrogate pair; SQLite would store something else than was given.</summary>
    private static string Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A text contains the character NUL, which cannot be stored.");
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 && !IsWellFormed(text))
            throw new ArgumentException("A text contains half a character (a lone surrogate), which cannot be stored.");
        return text;
    }

    /// <summary>An error's text as it can be stored, whatever somebody outside put into it.</summary>
    public static string? Readable(string? text) =>
        text is null ? null : string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? "\uFFFD" : r.ToString()));

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
