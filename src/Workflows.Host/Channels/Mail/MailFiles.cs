using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Tasks;

namespace Workflows.Host.Channels.Mail;

/// <summary>
/// Reads the files that travel with a mail: {attachmentId} of a file of the same case, or, as Elsa's mail activity takes them, {fileName, contentType?, content} with
/// the content in Base64 or as text. What can go wrong: a definition names the file of another case, and a mail carries it to somebody who may not see it. The rule:
/// a file leaves only with mails of its own case; anything else is refused in words that tell nothing of the file. All together are at most 20 MB.
/// </summary>
internal sealed class MailFiles(ICaseFileStore files, AttachmentFiles contents)
{
    private const int MostBytes = AttachmentFiles.MostBytes;

    /// <exception cref="FormatException">A file cannot be sent; the message says why, in both languages.</exception>
    public async Task<IReadOnlyList<MailAttachment>> ReadAsync(JsonArray list, string instanceId, CancellationToken cancellationToken)
    {
        var read = new List<MailAttachment>();
        var left = (long)MostBytes;
        foreach (var node in list)
        {
            var file = IdOf(node) is { } id ? await OfCaseAsync(id, instanceId, left, cancellationToken) : Inline(node);
            if ((left -= file.Content.Length) < 0)
                throw TooLarge();
            read.Add(file);
        }

        return read;
    }

    /// <summary>The id of a case's attachment that an entry names; null when it carries its content itself.</summary>
    public static string? IdOf(JsonNode? entry) => entry is JsonObject file && (file["attachmentId"] ?? file["AttachmentId"]) is JsonValue value && value.TryGetValue(out string? id) ? id : null;

    private async Task<MailAttachment> OfCaseAsync(string id, string instanceId, long left, CancellationToken cancellationToken)
    {
        if (await files.FindAttachmentAsync(id, cancellationToken) is not { } found || found.InstanceId != instanceId)
            throw new FormatException($"本流程没有附件“{id}” (this case has no attachment {id})");
        // Known before a byte of it is read.
        if (found.Size > left)
            throw TooLarge();
        await using var content = contents.Open(found.Hash) ?? throw new FormatException($"附件“{found.Name}”的内容已不在 (the content of the attachment is gone)");
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new MailAttachment(found.Name, found.ContentType, bytes);
    }

    private static MailAttachment Inline(JsonNode? node)
    {
        if (node is not JsonObject file || (file["content"] ?? file["Content"]) is not JsonValue value || !value.TryGetValue(out string? content))
            throw new FormatException("附件须为 {attachmentId}，或 {fileName, contentType, content} (an attachment is {attachmentId}, or has fileName and content)");
        var buffer = new byte[content.Length];
        var bytes = Convert.TryFromBase64String(content, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(content);
        return new MailAttachment((file["fileName"] ?? file["FileName"])?.ToString() ?? "attachment", (file["contentType"] ?? file["ContentType"])?.ToString() ?? "application/octet-stream", bytes);
    }

    private static FormatException TooLarge() => new("附件合计超过 20 MB (attachments exceed 20 MB together)");
}
