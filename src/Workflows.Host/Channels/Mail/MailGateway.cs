using System.Data.Common;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Mail;

/// <summary>Carries mails to the server of the settings.</summary>
/// <param name="files">Null where mails carry none: the check from the command line has no database.</param>
internal sealed class MailGateway(IMailTransport transport, IOptions<SmtpOptions> options, MailFiles? files = null) : IMessageGateway
{
    private readonly SmtpOptions _options = options.Value;

    public string Name => "mail";

    public int Places => _options.Places;

    /// <summary>Every try has the same Message-ID, but servers seldom look at it.</summary>
    public bool IsKeyed => false;

    public bool GivesReceipts => false;

    public async Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        MailText text;
        try
        {
            text = await TextOfAsync(delivery, cancellationToken);
        }
        catch (FormatException e)
        {
            return new SendOutcome.Refused(e.Message);
        }
        // Nothing has left yet.
        catch (Exception e) when (e is DbException or IOException)
        {
            return new SendOutcome.NotTaken($"附件读取失败 (the attachments could not be read): {e.Message}", GatewayAtFault: false);
        }

        return await transport.SendAsync(new MailEnvelope(_options.From, delivery.Address, MailWriter.Write(text)), cancellationToken);
    }

    private async Task<MailText> TextOfAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var content = delivery.Content ?? [];
        return new MailText(MessageIdOf((string?)content["messageId"] ?? delivery.Key), FromAddress(), _options.FromName, Addresses(content["to"]) is { Count: > 0 } to ? to : [delivery.Address], delivery.Subject, delivery.Body)
        {
            Cc = Addresses(content["cc"]),
            ReplyTo = (string?)content["replyTo"],
            Html = (string?)content["html"],
            Attachments = content["attachments"] is JsonArray { Count: > 0 } attachments && files is not null ? await files.ReadAsync(attachments, delivery.InstanceId, cancellationToken) : [],
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
}
