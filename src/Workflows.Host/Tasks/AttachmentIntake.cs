using Workflows.Engine.Storage;

namespace Workflows.Host.Tasks;

/// <summary>Why a file is not taken.</summary>
internal enum FileFault
{
    NoName,
    Empty,
    TooLarge,

    /// <summary>Files of this extension are never taken.</summary>
    Extension,

    /// <summary>The content is not what the extension says.</summary>
    Content,

    /// <summary>There are too many already.</summary>
    TooMany,
}

/// <summary>A file that was looked at: kept under its hash, or refused. A kept content that nothing refers to does no harm.</summary>
internal sealed record TakenFile(string Name, string ContentType, long Size, string Hash, FileFault? Fault)
{
    public static TakenFile Refused(string name, FileFault fault) => new(name, "", 0, "", fault);
}

/// <summary>Takes files from wherever they come (API, pages): checks name, size and type, and keeps the content.</summary>
internal sealed class AttachmentIntake(AttachmentFiles contents)
{
    public const int MostOfOneCase = 100;

    public async Task<TakenFile> TakeAsync(string? sentName, byte[] content, CancellationToken cancellationToken)
    {
        if (AttachmentFiles.SafeName(sentName) is not { } name)
            return TakenFile.Refused(sentName ?? "", FileFault.NoName);
        if (content.Length == 0)
            return TakenFile.Refused(name, FileFault.Empty);
        if (content.Length > AttachmentFiles.MostBytes)
            return TakenFile.Refused(name, FileFault.TooLarge);
        if (!AttachmentFiles.IsKnown(name))
            return TakenFile.Refused(name, FileFault.Extension);
        return AttachmentFiles.TypeOf(name, content) is { } type
            ? new TakenFile(name, type, content.Length, await contents.KeepAsync(content, cancellationToken), null)
            : TakenFile.Refused(name, FileFault.Content);
    }

    /// <summary>Reads a file of a form. One that is too large is not read at all.</summary>
    public async Task<TakenFile> TakeAsync(IFormFile file, CancellationToken cancellationToken)
    {
        if (file.Length > AttachmentFiles.MostBytes)
            return TakenFile.Refused(AttachmentFiles.SafeName(file.FileName) ?? file.FileName, FileFault.TooLarge);
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content, cancellationToken);
        return await TakeAsync(file.FileName, content.ToArray(), cancellationToken);
    }

    /// <summary>Adds taken files to a case, each once: sending the same page again adds nothing.</summary>
    public static async Task AddAsync(ICaseFileStore files, IEnumerable<TakenFile> taken, string instanceId, string? taskId, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = (await files.ListAttachmentsAsync(instanceId, cancellationToken)).Where(a => a.AddedBy == by).Select(a => (a.Name, a.Hash)).ToHashSet();
        foreach (var file in taken.Where(f => f.Fault is null && known.Add((f.Name, f.Hash))))
            await files.AddAttachmentAsync(new Attachment(Guid.CreateVersion7(now).ToString("N"), instanceId, taskId, file.Name, file.ContentType, file.Size, file.Hash, by, now), cancellationToken);
    }
}
