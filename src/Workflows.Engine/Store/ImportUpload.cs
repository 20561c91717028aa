namespace Workflows.Engine.Store;

/// <summary>Where an uploaded file stands.</summary>
public enum UploadState
{
    /// <summary>Columns are being chosen; nothing was saved.</summary>
    Open,

    /// <summary>Waits for a host to read it.</summary>
    Queued,

    Running,

    /// <summary>Read to the end; its content is gone, what was rejected is kept for a while.</summary>
    Done,

    /// <summary>Could not be read as a whole.</summary>
    Refused,
}

/// <summary>A file of shop data on its way in. Seen by whoever uploaded it and nobody else.</summary>
/// <param name="Columns">Where each column stands, from 0.</param>
/// <param name="Lines">Rows of the file, counted when it came; for showing how far an import is.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Tries">How often reading it was begun since it was handed over.</param>
public sealed record ImportUpload(
    string Id, string Kind, string FileName, string UploadedBy, DateTimeOffset UploadedAt, UploadState State, IReadOnlyDictionary<string, int> Columns,
    long Lines, long Rows, long Saved, long Known, long Rejected, string? Reason, DateTimeOffset TouchedAt, int Tries = 0)
{
    /// <summary>Reading it failed too often; it waits for whoever sent it.</summary>
    public bool IsStopped => State == UploadState.Open && Tries > 0;
}

/// <summary>Keeps uploaded files between choosing columns and reading, and what columns were chosen for each kind.</summary>
public interface IImportUploads
{
    /// <summary>Keeps a file; housekeeping removes it after a while.</summary>
    Task AddAsync(ImportUpload upload, byte[] content, CancellationToken cancellationToken);

    Task<ImportUpload?> FindAsync(string id, string uploadedBy, CancellationToken cancellationToken);

    Task<IReadOnlyList<ImportUpload>> ListAsync(string uploadedBy, int limit, CancellationToken cancellationToken);

    /// <summary>The file as it came; null once it was read or discarded.</summary>
    Task<byte[]?> ReadContentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sets the columns while it is open; with <paramref name="queue"/> hands it over to be read. False when it is not open any more.</summary>
    Task<bool> ChooseAsync(string id, IReadOnlyDictionary<string, int> columns, bool queue, CancellationToken cancellationToken);

    Task DiscardAsync(string id, string uploadedBy, CancellationToken cancellationToken);

    /// <summary>Takes a file to read: a queued one, or one whose host was not heard of since <paramref name="staleBefore"/>.</summary>
    Task<ImportUpload?> TakeAsync(DateTimeOffset staleBefore, CancellationToken cancellationToken);

    /// <summary>Reading it failed: back into the queue, or to whoever sent it.</summary>
    Task PutBackAsync(string id, bool queue, CancellationToken cancellationToken);

    Task NoteProgressAsync(string id, ImportProgress progress, CancellationToken cancellationToken);

    /// <summary>Ends it, with the rejected rows as a file.</summary>
    Task FinishAsync(string id, ImportOutcome outcome, string? rejectedRows, CancellationToken cancellationToken);

    Task<string?> ReadRejectedAsync(string id, CancellationToken cancellationToken);

    /// <summary>The headings chosen when a kind was last imported, by column.</summary>
    Task<IReadOnlyDictionary<string, string>> RecallAsync(string kind, CancellationToken cancellationToken);

    Task RememberAsync(string kind, IReadOnlyDictionary<string, string> headings, CancellationToken cancellationToken);
}
