using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Mail;

/// <summary>Carries mails to the server of the settings.</summary>
internal sealed class MailGateway(IMailTransport transport, IOptions<SmtpOptions> options) : IMessageGateway
{
    private const int LargestAttachments = 20 * 1024 * 1024;

    private readonly SmtpOptions _options = options.Value;

    public string Name => "mail";

    public int Places => _options.Places;

    /// <summary>Every try has the same Message-ID, but servers seldom look at it.</summary>
    public bool IsKeyed => false;

    public bool GivesReceipts => false;

    public Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        MailText text;
        try
        {
            text = TextOf(delivery);
        }
        catch (FormatException e)
        {
            return Task.FromResult<SendOutcome>(new SendOutcome.Refused(e.Message));
        }

        return transport.SendAsync(new MailEnvelope(_options.From, delivery.Address, MailWriter.Write(text)), cancellationToken);
    }

    internal MailText TextOf(Delivery delivery)
    {
        var content = delivery.Content ?? [];
        return new MailText(MessageIdOf((string?)content["messageId"] ?? delivery.Key), FromAddress(), _options.FromName, Addresses(content["to"]) is { Count: > 0 } to ? to : [delivery.Address], delivery.Subject, delivery.Body)
        {
            Cc = Addresses(content["cc"]),
            ReplyTo = (string?)content["replyTo"],
            Html = (string?)content["html"],
            Attachments = AttachmentsOf(content["attachments"] as JsonArray ?? []),
        };
    }

    /// <summary>Made from the key alone, so that every try has the same.</summary>
    internal string MessageIdOf(string key)
    {
        var plain = string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c.ToString() : $"={(int)c:X}"));
        return $"{plain}@{FromAddress()[(FromAddress().LastIndexOf('@') + 1)..]}";
    }

    private string FromAddress() => MailAddresses.TryNormalise(_options.From, out var from) ? from : throw new FormatException("发件人地址无效 (the sender's address is invalid)");

    private static IReadOnlyList<string> Addresses(JsonNode? list) => list is JsonArray addresses ? [.. addresses.Select(a => (string)a!)] : [];

    /// <summary>Files as Elsa's mail activity takes them: {fileName, contentType?, content} with the content in Base64, or as text.</summary>
    private static List<MailAttachment> AttachmentsOf(JsonArray list)
    {
        var files = new List<MailAttachment>();
        foreach (var node in list)
        {
            if (node is not JsonObject file || (string?)(file["content"] ?? file["Content"]) is not { } content)
                throw new FormatException("附件须为 {fileName, contentType, content} (an attachment must have fileName and content)");
            var buffer = new byte[content.Length];
            var bytes = Convert.TryFromBase64String(content, buffer, out var length) ? buffer[..length] : System.Text.Encoding.UTF8.GetBytes(content);
            files.Add(new MailAttachment((string?)(file["fileName"] ?? file["FileName"]) ?? "attachment", (string?)(file["contentType"] ?? file["ContentType"]) ?? "application/octet-stream", bytes));
        }

        return files.Sum(f => (long)f.Content.Length) <= LargestAttachments ? files : throw new FormatException("附件超过 20 MB (attachments exceed 20 MB)");
    }
}
