using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Workflows.Host.Channels.Mail;

/// <summary>A file that travels with a mail.</summary>
internal sealed record MailAttachment(string FileName, string ContentType, byte[] Content);

/// <summary>A mail in words; <see cref="MailWriter"/> makes bytes of it.</summary>
/// <param name="MessageId">Without angle brackets; the same in every try, so that a receiver can tell a repeat.</param>
internal sealed record MailText(string MessageId, string From, string FromName, IReadOnlyList<string> To, string Subject, string Body)
{
    public IReadOnlyList<string> Cc { get; init; } = [];

    public string? ReplyTo { get; init; }

    /// <summary>The same in HTML; null for none.</summary>
    public string? Html { get; init; }

    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
}

/// <summary>
/// Writes mails as RFC 5322 and MIME have them. The framework does it, when told to drop the mail into a folder instead of
/// sending it; the two kinds of lines it adds for the picking up are taken out again.
/// </summary>
internal static class MailWriter
{
    private const int LongestSubject = 200;

    public static byte[] Write(MailText mail)
    {
        using var message = Compose(mail);
        var folder = Directory.CreateTempSubdirectory("workflows-mail-");
        try
        {
            // The class is kept for exactly this; nothing is sent with it.
            using (var writer = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.FullName, DeliveryFormat = SmtpDeliveryFormat.SevenBit })
                writer.Send(message);
            return WithoutPickupLines(File.ReadAllBytes(folder.GetFiles("*.eml").Single().FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Line ends and other control characters become spaces: a title with a line end must not begin a header of its own.</summary>
    public static string OneLine(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                plain.Append(' ');
            else
                plain.Append(rune.ToString());
            if (plain.Length >= LongestSubject)
                break;
        }

        return plain.ToString().Trim();
    }

    private static MailMessage Compose(MailText mail)
    {
        var message = new MailMessage
        {
            From = new MailAddress(mail.From, OneLine(mail.FromName), Encoding.UTF8),
            Subject = OneLine(mail.Subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var address in mail.To)
            message.To.Add(new MailAddress(address));
        foreach (var address in mail.Cc)
            message.CC.Add(new MailAddress(address));
        if (mail.ReplyTo is { } reply)
            message.ReplyToList.Add(new MailAddress(reply));
        message.Headers.Add("Message-ID", $"<{mail.MessageId}>");
        // Out-of-office machines must not answer, nor other machines start a loop with us.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        message.AlternateViews.Add(View(mail.Body, MediaTypeNames.Text.Plain));
        if (mail.Html is { } html)
            message.AlternateViews.Add(View(html, MediaTypeNames.Text.Html));
        foreach (var file in mail.Attachments)
        {
            var type = MediaTypeNames.Application.Octet;
            if (System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(file.ContentType, out var given) && given.MediaType is { } named)
                type = named;
            message.Attachments.Add(new Attachment(new MemoryStream(file.Content), new ContentType(type))
            {
                Name = OneLine(file.FileName),
                NameEncoding = Encoding.UTF8,
                TransferEncoding = TransferEncoding.Base64,
            });
        }

        return message;
    }

    private static AlternateView View(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text.ReplaceLineEndings("\r\n"), Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.Base64;
        return view;
    }

    private static byte[] WithoutPickupLines(byte[] written)
    {
        var at = 0;
        while (written.AsSpan(at).StartsWith("X-Sender:"u8) || written.AsSpan(at).StartsWith("X-Receiver:"u8))
        {
            do
                at += written.AsSpan(at).IndexOf((byte)'\n') + 1;
            while (written[at] is (byte)' ' or (byte)'\t');
        }

        return written[at..];
    }
}
