using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Storage;

/// <summary>What the inbox is narrowed to; null means "any". Ranges are half-open.</summary>
public sealed record InboxFilter
{
    public string? DefinitionId { get; init; }

    /// <summary>Only what these people applied for; an empty list finds nothing.</summary>
    public IReadOnlyList<string>? Initiators { get; init; }

    /// <summary>Somewhere in the instance's name or in what the task shows; upper and lower case are the same.</summary>
    public string? Text { get; init; }

    /// <summary>Last characters of the instance's id, as they stand in the number people read.</summary>
    public string? IdEnd { get; init; }

    /// <summary>Due before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Due at this instant or later.</summary>
    public DateTimeOffset? DueFrom { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>For applications: finished or not.</summary>
    public bool? Finished { get; init; }
}

/// <summary>A page of tasks of a person, narrowed; rights are part of the query.</summary>
/// <param name="After">Cursor from the last page; null for the first.</param>
public sealed record InboxQuery(TaskView View, string UserName, IReadOnlyList<string> Identities, InboxFilter Filter, string? After, int Limit);

/// <summary>An application of a person with the tasks it waits for.</summary>
public sealed record InboxApplication(InstanceSummary Instance, IReadOnlyList<UserTask> OpenTasks);

/// <summary>Counts of the inbox, each at most the cap that was asked for.</summary>
/// <param name="Overdue">Of the tasks to do, those past their due time.</param>
/// <param name="DueSoon">Of the tasks to do, those due within the time that was asked for.</param>
public sealed record InboxCounts(int Todo, int Claimable, int Running, int Overdue, int DueSoon);

/// <summary>The inbox as pages show it: narrowed lists, applications, and the counts that agree with them.</summary>
public interface IInboxStore
{
    /// <summary>Open tabs by due time then id, done ones newest first. A cursor that is none is an <see cref="ArgumentException"/>.</summary>
    Task<(IReadOnlyList<StoredUserTask> Items, string? Next)> ListAsync(InboxQuery query, CancellationToken cancellationToken);

    /// <summary>Applications of a person, newest first; children of other instances are not among them.</summary>
    Task<(IReadOnlyList<InboxApplication> Items, string? Next)> ListApplicationsAsync(string userName, InboxFilter filter, string? after, int limit, CancellationToken cancellationToken);

    Task<InboxCounts> CountAsync(string userName, IReadOnlyList<string> identities, DateTimeOffset now, TimeSpan soon, int cap, CancellationToken cancellationToken);
}
