namespace Workflows.Engine.Storage;

/// <summary>A message to a person inside the product (站内信).</summary>
/// <param name="Id">Key of the effect that sent it; a repeat adds nothing.</param>
/// <param name="TaskId">The task it is about; null for none.</param>
/// <param name="ReadAt">Null while unread.</param>
public sealed record Notice(string Id, string UserName, string Subject, string Body, string? TaskId, string? InstanceId, DateTimeOffset At, DateTimeOffset? ReadAt = null);

public interface INoticeStore
{
    Task AddAsync(Notice notice, CancellationToken cancellationToken);

    /// <summary>A person's messages, newest first; the second value is the cursor of the next page.</summary>
    Task<(IReadOnlyList<Notice> Items, string? Next)> ListAsync(string userName, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Unread messages, at most the cap.</summary>
    Task<int> CountUnreadAsync(string userName, int cap, CancellationToken cancellationToken);

    /// <summary>In-site messages of an instance, whoever they went to, newest first.</summary>
    Task<IReadOnlyList<Notice>> ListOfInstanceAsync(string instanceId, int limit, CancellationToken cancellationToken);

    /// <summary>A person opens a message of theirs, which is read from then on. Null when there is none of this id for this person.</summary>
    Task<Notice?> OpenAsync(string id, string userName, DateTimeOffset now, CancellationToken cancellationToken);

    Task ReadAllAsync(string userName, DateTimeOffset now, CancellationToken cancellationToken);
}
