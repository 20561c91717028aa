using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Mail;

/// <summary>
/// SMTP submission (RFC 6409): STARTTLS or implicit TLS, AUTH PLAIN or LOGIN, one mail per connection.
/// </summary>
/// <remarks>
/// What can go wrong: the connection breaks, and nobody knows whether the mail was taken. The rule: a mail is taken when the
/// server says 2xx to the end of its data, and cannot have been taken before the line with the single dot was sent. So
/// everything that breaks up to there is "not taken", everything after it up to the answer "doubtful". The dot is sent by
/// itself, after all that goes before it was flushed. Whoever listens: the certificate is checked, what was sent before TLS is not believed,
/// and a password is never sent without TLS.
/// </remarks>
internal sealed class SmtpTransport(IOptions<SmtpOptions> options) : IMailTransport
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    private readonly SmtpOptions _options = options.Value;

    public async Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancellationToken)
    {
        if (!MailAddresses.TryNormalise(mail.From, out var from) || !MailAddresses.TryNormalise(mail.To, out var to))
            return new SendOutcome.Refused("邮箱地址无效 (not one plain mail address)");
        return await ConverseAsync((dialogue, progress) => SubmitAsync(dialogue, from, to, mail.Content, progress, cancellationToken), cancellationToken);
    }

    public Task<SendOutcome> CheckAsync(CancellationToken cancellationToken) =>
        ConverseAsync((_, _) => Task.FromResult<SendOutcome>(new SendOutcome.Accepted()), cancellationToken);

    private async Task<SendOutcome> ConverseAsync(Func<SmtpDialogue, Progress, Task<SendOutcome>> submit, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await ConnectAsync(socket, cancellationToken);
            await using var plain = new NetworkStream(socket, ownsSocket: false);
            var (dialogue, secure, refusal) = await GreetAsync(plain, cancellationToken);
            await using (secure)
            {
                if (refusal is not null)
                    return refusal;
                var outcome = await submit(dialogue, progress);
                await TakeLeaveAsync(dialogue);
                return outcome;
            }
        }
        catch (AuthenticationException e)
        {
            return new SendOutcome.NotTaken($"邮件服务器证书不可信或 TLS 失败 (TLS failed): {e.Message}", GatewayAtFault: true);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return progress.MayBeTaken
                ? new SendOutcome.Doubtful($"邮件已交出，应答丢失 (the answer to the mail was lost): {e.Message}")
                : new SendOutcome.NotTaken(e.Message, GatewayAtFault: true);
        }
        catch (OperationCanceledException)
        {
            return progress.MayBeTaken
                ? new SendOutcome.Doubtful("等待应答时中断 (cut off while waiting for the answer)")
                : new SendOutcome.NotTaken("发送中断 (cut off before the mail was handed over)", GatewayAtFault: true);
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectPatience);
        try
        {
            await socket.ConnectAsync(_options.Host!, _options.Port, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpBrokenException("连接邮件服务器超时 (the connection took too long)", e);
        }
    }

    /// <summary>Greeting, TLS and sign-in; then the server is ready for a mail, or has said why not.</summary>
    private async Task<(SmtpDialogue Dialogue, Stream? Secure, SendOutcome? Refusal)> GreetAsync(Stream plain, CancellationToken cancellationToken)
    {
        Stream? secure = _options.Security == SmtpSecurity.Tls ? await EncryptAsync(plain, cancellationToken) : null;
        var dialogue = new SmtpDialogue(secure ?? plain, _options.Timeout);
        try
        {
            if (await dialogue.HearAsync(cancellationToken) is { IsOk: false } closed)
                return (dialogue, secure, NotNow(closed));
            var hello = await dialogue.SayAsync("EHLO " + _options.Hello(), cancellationToken);
            if (!hello.IsOk)
                return (dialogue, secure, NotNow(hello));
            if (_options.Security == SmtpSecurity.StartTls)
            {
                if (!Offers(hello, "STARTTLS"))
                    return (dialogue, secure, new SendOutcome.NotTaken("邮件服务器不提供 STARTTLS (the server does not offer STARTTLS)", GatewayAtFault: true));
                if (await dialogue.SayAsync("STARTTLS", cancellationToken) is { IsOk: false } refused)
                    return (dialogue, secure, NotNow(refused));
                if (dialogue.HasUnread)
                    return (dialogue, secure, new SendOutcome.NotTaken("邮件服务器在 TLS 之前多发了数据 (the server spoke on before TLS)", GatewayAtFault: true));
                secure = await EncryptAsync(plain, cancellationToken);
                dialogue = new SmtpDialogue(secure, _options.Timeout);
                hello = await dialogue.SayAsync("EHLO " + _options.Hello(), cancellationToken);
                if (!hello.IsOk)
                    return (dialogue, secure, NotNow(hello));
            }

            return (dialogue, secure, string.IsNullOrEmpty(_options.UserName) ? null : await SignInAsync(dialogue, hello, cancellationToken));
        }
        catch
        {
            if (secure is not null)
                await secure.DisposeAsync();
            throw;
        }
    }

    private async Task<SslStream> EncryptAsync(Stream plain, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = _options.Host,
                    // Asking the authority for revoked certificates is one more server that can hang.
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    CertificateChainPolicy = OwnRoot(),
                },
                limit.Token);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new SmtpBrokenException("TLS 握手超时 (the TLS handshake took too long)", e);
            throw;
        }
    }

    private X509ChainPolicy? OwnRoot()
    {
        if (string.IsNullOrEmpty(_options.TrustedRoot))
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_options.TrustedRoot);
        return policy;
    }

    private async Task<SendOutcome?> SignInAsync(SmtpDialogue dialogue, SmtpReply hello, CancellationToken cancellationToken)
    {
        var ways = hello.Lines.FirstOrDefault(l => l.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        SmtpReply reply;
        if (ways.Contains("PLAIN"))
        {
            reply = await dialogue.SayAsync("AUTH PLAIN " + Base64($"\0{_options.UserName}\0{_options.Password}"), cancellationToken);
        }
        else if (ways.Contains("LOGIN"))
        {
            reply = await dialogue.SayAsync("AUTH LOGIN", cancellationToken);
            if (reply.Code == 334)
                reply = await dialogue.SayAsync(Base64(_options.UserName!), cancellationToken);
            if (reply.Code == 334)
                reply = await dialogue.SayAsync(Base64(_options.Password!), cancellationToken);
        }
        else
        {
            return new SendOutcome.NotTaken("邮件服务器不提供 AUTH PLAIN 或 LOGIN (the server offers neither AUTH PLAIN nor LOGIN)", GatewayAtFault: true);
        }

        return reply.IsOk ? null : new SendOutcome.NotTaken($"邮件服务器拒绝登录 (sign-in refused): {reply}", GatewayAtFault: true);
    }

    private static async Task<SendOutcome> SubmitAsync(SmtpDialogue dialogue, string from, string to, ReadOnlyMemory<byte> content, Progress progress, CancellationToken cancellationToken)
    {
        if (await dialogue.SayAsync($"MAIL FROM:<{from}>", cancellationToken) is { IsOk: false } sender)
            return OfMail(sender);
        if (await dialogue.SayAsync($"RCPT TO:<{to}>", cancellationToken) is { IsOk: false } recipient)
            return OfMail(recipient);
        if (await dialogue.SayAsync("DATA", cancellationToken) is { Code: not 354 } data)
            return OfMail(data);
        await dialogue.WriteAsync(WithDotsDoubled(content.Span), cancellationToken);

        progress.MayBeTaken = true;
        var reply = await dialogue.SayAsync(".", cancellationToken);
        return reply.IsOk ? new SendOutcome.Accepted() : OfMail(reply);
    }

    /// <summary>A line that begins with a dot gets a second one; the last line is ended.</summary>
    internal static byte[] WithDotsDoubled(ReadOnlySpan<byte> content)
    {
        var text = new List<byte>(content.Length + 64);
        var atLineStart = true;
        foreach (var b in content)
        {
            if (atLineStart && b == '.')
                text.Add((byte)'.');
            text.Add(b);
            atLineStart = b == '\n';
        }

        if (!atLineStart)
            text.AddRange("\r\n"u8);
        return [.. text];
    }

    /// <summary>The mail has been answered for; whether the server hears our farewell changes nothing.</summary>
    private static async Task TakeLeaveAsync(SmtpDialogue dialogue)
    {
        try
        {
            await dialogue.WriteAsync("QUIT\r\n"u8.ToArray(), CancellationToken.None);
        }
        catch (IOException)
        {
        }
    }

    private static SendOutcome.NotTaken NotNow(SmtpReply reply) => new($"邮件服务器不接受连接 (the server does not take mail now): {reply}", GatewayAtFault: true);

    /// <summary>4xx may pass, 5xx will not. 421 ends the service for everybody, as does a server that wants a sign-in.</summary>
    private static SendOutcome OfMail(SmtpReply reply) => reply.Code switch
    {
        421 or 530 or 535 => new SendOutcome.NotTaken(reply.ToString(), GatewayAtFault: true),
        >= 400 and < 500 => new SendOutcome.NotTaken(reply.ToString(), GatewayAtFault: false),
        >= 500 => new SendOutcome.Refused(reply.ToString()),
        _ => new SendOutcome.NotTaken($"意外的应答 (unexpected answer): {reply}", GatewayAtFault: true),
    };

    private static bool Offers(SmtpReply hello, string extension) => hello.Lines.Any(l => l.Equals(extension, StringComparison.OrdinalIgnoreCase));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class Progress
    {
        /// <summary>True once the line that ends the mail may have left.</summary>
        public bool MayBeTaken { get; set; }
    }
}
