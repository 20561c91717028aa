using System.Text.Json.Nodes;

namespace Workflows.Engine.Storage;

/// <summary>A copy somebody was sent (抄送), or a mention in a comment.</summary>
/// <param name="Id">Derived from the effect that sent it, so that it is sent once.</param>
/// <param name="Reason">cc or mention.</param>
/// <param name="ReadAt">When the person first opened it; null while unread.</param>
public sealed record CopyItem(
    string Id, string InstanceId, string? TaskId, string UserName, string SentBy, DateTimeOffset SentAt, string Reason, string? Note,
    DateTimeOffset? ReadAt = null, string? InstanceName = null, string? DefinitionId = null);

/// <summary>A form somebody began and has not sent.</summary>
public sealed record TaskDraft(JsonNode? Form, DateTimeOffset SavedAt);

/// <summary>A file that belongs to an instance. Its content lies elsewhere, under its hash.</summary>
public sealed record Attachment(string Id, string InstanceId, string? TaskId, string Name, string ContentType, long Size, string Hash, string AddedBy, DateTimeOffset AddedAt);

/// <summary>What belongs to a case beside its state: copies, drafts and files.</summary>
public interface ICaseFileStore
{
    /// <summary>Adds what is not there yet.</summary>
    Task AddCopiesAsync(IReadOnlyList<CopyItem> copies, CancellationToken cancellationToken);

    /// <summary>Newest first; the second value is the cursor of the next page.</summary>
    Task<(IReadOnlyList<CopyItem> Items, string? Next)> ListCopiesAsync(string userName, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>False when the person has no such copy.</summary>
    Task<bool> MarkReadAsync(string id, string userName, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>True when the person was sent a copy of the instance, and so may read it.</summary>
    Task<bool> HasCopyAsync(string instanceId, string userName, CancellationToken cancellationToken);

    /// <summary>The copies of an instance that were sent, oldest first: who got one and when they read it.</summary>
    Task<IReadOnlyList<CopyItem>> ListCopiesOfInstanceAsync(string instanceId, CancellationToken cancellationToken);

    Task<long> CountUnreadCopiesAsync(string userName, CancellationToken cancellationToken);

    Task SaveDraftAsync(string taskId, string userName, JsonNode form, DateTimeOffset at, CancellationToken cancellationToken);

    Task<TaskDraft?> FindDraftAsync(string taskId, string userName, CancellationToken cancellationToken);

    /// <summary>Removes one person's draft. Everybody's go with the commit that closes the task.</summary>
    Task DeleteDraftAsync(string taskId, string userName, CancellationToken cancellationToken);

    Task AddAttachmentAsync(Attachment attachment, CancellationToken cancellationToken);

    /// <summary>Removes a file of the person's own, as long as nobody has decided with it in view; false when it stays.</summary>
    Task<bool> RemoveAttachmentAsync(string id, string userName, CancellationToken cancellationToken);

    Task<Attachment?> FindAttachmentAsync(string id, CancellationToken cancellationToken);

    Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string instanceId, CancellationToken cancellationToken);
}
