using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Storage;

/// <summary>What the inbox is narrowed to; null means "any". Ranges are half-open.</summary>
public sealed record InboxFilter
{
    public IReadOnlyList<string>? Definitions { get; init; }

    /// <summary>Only what these people applied for; an empty list finds nothing.</summary>
    public IReadOnlyList<string>? Initiators { get; init; }

    /// <summary>Somewhere in the instance's name or in what the task shows; upper and lower case of Latin letters are the same.</summary>
    public string? Text { get; init; }

    /// <summary>Last characters of the instance's id, as they stand in the number people read.</summary>
    public string? IdEnd { get; init; }

    /// <summary>Due before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Due at this instant or later.</summary>
    public DateTimeOffset? DueFrom { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }

    public DateTimeOffset? ClosedFrom { get; init; }

    public DateTimeOffset? ClosedBefore { get; init; }

    public string? InstanceId { get; init; }

    public string? CorrelationId { get; init; }

    public IReadOnlyList<UserTaskState>? States { get; init; }

    public IReadOnlyList<string>? Assignees { get; init; }

    /// <summary>Unclaimed tasks that lie with one of these: user names, "role:x", "group:x".</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>Tasks that somebody does in the stead of one of these people, who are on leave.</summary>
    public IReadOnlyList<string>? DelegatedFrom { get; init; }

    /// <summary>For applications: finished or not.</summary>
    public bool? Finished { get; init; }
}

/// <summary>Which tasks a list is about.</summary>
public enum TaskView
{
    /// <summary>待我处理: assigned to the person and open.</summary>
    Todo,

    /// <summary>待认领: open, nobody's, and the person may claim them.</summary>
    Claimable,

    /// <summary>已处理: decided by the person.</summary>
    Done,

    /// <summary>Tasks of what the person applied for.</summary>
    Initiated,

    /// <summary>Every task of the processes the person may view, others' too.</summary>
    All,

    /// <summary>团队待办: open tasks that lie with the people below the person, whatever the process.</summary>
    Team,
}

/// <summary>The order of a list; equal ones follow their ids.</summary>
public enum TaskSort
{
    /// <summary>Soonest due first, those without a deadline last.</summary>
    Due,
    Oldest,
    Newest,

    /// <summary>Closed last first; open ones are not listed.</summary>
    Closed,
}

/// <summary>A page of tasks of a person, narrowed; rights are part of the query, so a page is never short.</summary>
/// <param name="UserName">Whose inbox.</param>
/// <param name="Identities">The person's user name, roles ("role:supervisor") and groups.</param>
/// <param name="After">Cursor from the last page, of the same order; null for the first.</param>
public sealed record InboxQuery(TaskView View, string UserName, IReadOnlyList<string> Identities, InboxFilter Filter, string? After, int Limit)
{
    /// <summary>Definitions whose open tasks this person may not handle.</summary>
    public IReadOnlyList<string> Barred { get; init; } = [];

    /// <summary>For <see cref="TaskView.All"/>: definitions the person may view; null for every one.</summary>
    public IReadOnlyList<string>? Viewed { get; init; } = [];

    /// <summary>For <see cref="TaskView.Team"/>: whose tasks; nobody's when it is empty.</summary>
    public IReadOnlyList<string> Team { get; init; } = [];

    /// <summary>Null for the usual order of the view. The claimable tab has its own and takes no other.</summary>
    public TaskSort? Sort { get; init; }
}

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

    /// <summary>How many rows all pages of a list have together, counted up to <paramref name="cap"/>.</summary>
    Task<long> CountAsync(InboxQuery query, int cap, CancellationToken cancellationToken);

    /// <param name="barred">Definitions whose tasks the person may not handle; they are not counted.</param>
    Task<InboxCounts> CountTabsAsync(string userName, IReadOnlyList<string> identities, IReadOnlyList<string> barred, DateTimeOffset now, TimeSpan soon, int cap, CancellationToken cancellationToken);
}
