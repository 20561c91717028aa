using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Mail;

/// <summary>A complete mail on its way to one recipient.</summary>
/// <param name="From">Envelope sender.</param>
/// <param name="To">Envelope recipient.</param>
/// <param name="Content">The whole message as RFC 5322 has it, lines ending in CRLF.</param>
internal sealed record MailEnvelope(string From, string To, ReadOnlyMemory<byte> Content);

/// <summary>
/// Carries mails to a server. Ours is <see cref="SmtpTransport"/>; one over MailKit would load <see cref="MailEnvelope.Content"/>
/// as its message and map what the library throws to the same outcomes.
/// </summary>
internal interface IMailTransport
{
    Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancellationToken);

    /// <summary>Connects, encrypts and signs in, and sends nothing; for the check of the settings.</summary>
    Task<SendOutcome> CheckAsync(CancellationToken cancellationToken);
}
