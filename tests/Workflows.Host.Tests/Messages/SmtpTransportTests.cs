using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Messages;

namespace Workflows.Host.Tests.Messages;

/// <summary>The transport against servers that misbehave at every step of the dialogue: what may have been taken is told from what was not.</summary>
public sealed class SmtpTransportTests
{
    private static readonly MailEnvelope Mail = new("flow@shop.example", "wang@example.com", "Subject: x\r\n\r\nhello\r\n"u8.ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A script is what the server says, line by line; "hang" says nothing more, "drop" closes, "drip" sends one byte a while.</summary>
    [Theory]
    [InlineData("hang", "NotTaken")]
    [InlineData("drop", "NotTaken")]
    [InlineData("drip", "NotTaken")]
    [InlineData("HTTP/1.1 400 Bad Request", "NotTaken")]
    [InlineData("554 no service", "NotTaken")]
    [InlineData("421 too busy", "NotTaken")]
    [InlineData("220 hi|drop", "NotTaken")]
    [InlineData("220 hi|500 what", "NotTaken")]
    [InlineData("220 hi|long", "NotTaken")]
    [InlineData("220 hi|250 ok|hang", "NotTaken")]
    [InlineData("220 hi|250 ok|451 later", "NotTaken")]
    [InlineData("220 hi|250 ok|553 not you", "Refused")]
    [InlineData("220 hi|250 ok|250 ok|hang", "NotTaken")]
    [InlineData("220 hi|250 ok|250 ok|550 nobody", "Refused")]
    [InlineData("220 hi|250 ok|250 ok|452 full", "NotTaken")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|hang", "NotTaken")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|554 no", "Refused")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|550 spam", "Refused")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|451 later", "NotTaken")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|421 closing", "NotTaken")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|hang", "Doubtful")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|drop", "Doubtful")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|drip", "Doubtful")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|long", "Doubtful")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|nonsense", "Doubtful")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|250 taken|drop", "Accepted")]
    [InlineData("220 hi|250 ok|250 ok|250 ok|354 go|250 taken|250 taken", "Accepted")]
    public async Task What_may_have_been_taken_is_told_from_what_was_not(string script, string expected)
    {
        using var server = new ScriptedServer(script.Split('|'));

        var outcome = await Transport(server.Port).SendAsync(Mail, Token);

        Assert.Equal(expected, outcome.GetType().Name);
    }

    [Fact]
    public async Task Nobody_listening_is_the_gateways_fault()
    {
        int port;
        using (var server = new ScriptedServer(["drop"]))
            port = server.Port;

        Assert.True(Assert.IsType<SendOutcome.NotTaken>(await Transport(port).SendAsync(Mail, Token)).GatewayAtFault);
    }

    [Fact]
    public async Task A_server_without_starttls_hears_neither_password_nor_mail()
    {
        using var server = new ScriptedServer(["220 hi", "250 AUTH PLAIN", "250 ok", "250 ok"]);

        var outcome = await Transport(server.Port, SmtpSecurity.StartTls, "flow", "s3cret").SendAsync(Mail, Token);

        Assert.Contains("STARTTLS", Assert.IsType<SendOutcome.NotTaken>(outcome).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", server.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("MAIL", server.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_says_before_tls_is_not_believed_afterwards()
    {
        using var server = new ScriptedServer(["220 hi", "250 STARTTLS", "220 go\r\n250 AUTH PLAIN"]);

        var outcome = await Transport(server.Port, SmtpSecurity.StartTls, "flow", "s3cret").SendAsync(Mail, Token);

        Assert.IsType<SendOutcome.NotTaken>(outcome);
        Assert.DoesNotContain("AUTH", server.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_holds_a_second_command_never_reaches_the_server()
    {
        using var server = new ScriptedServer(["220 hi", "250 ok", "250 ok", "250 ok"]);

        Assert.IsType<SendOutcome.Refused>(await Transport(server.Port).SendAsync(Mail with { To = "wang@example.com>\r\nRCPT TO:<evil@example.com" }, Token));
        Assert.Equal("", server.Heard);
    }

    [Fact]
    public void A_password_without_tls_is_a_fault_of_the_settings()
    {
        Assert.NotEmpty(new SmtpOptions { Host = "mail", From = "a@b.cn", Security = SmtpSecurity.None, UserName = "u", Password = "p" }.FindFaults());
        Assert.Empty(new SmtpOptions { Host = "mail", From = "a@b.cn", Security = SmtpSecurity.None }.FindFaults());
        Assert.Empty(new SmtpOptions().FindFaults());
    }

    internal static SmtpTransport Transport(int port, SmtpSecurity security = SmtpSecurity.None, string? user = null, string? password = null) => new(Options.Create(new SmtpOptions
    {
        Host = "127.0.0.1",
        Port = port,
        Security = security,
        UserName = user,
        Password = password,
        From = "flow@shop.example",
        Timeout = TimeSpan.FromSeconds(1),
    }));
}

/// <summary>An SMTP server that follows a script, one line an answer, for every connection anew.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _heard = new();

    public ScriptedServer(string[] script)
    {
        _listener.Start();
        _ = ServeAsync(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Heard
    {
        get
        {
            lock (_heard)
                return _heard.ToString();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(string[] script)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            try
            {
                await PlayAsync(client, script);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
            }
        }
    }

    private async Task PlayAsync(TcpClient client, string[] script)
    {
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        for (var n = 0; n < script.Length; n++)
        {
            if (n > 0)
            {
                var inData = script[n - 1].StartsWith("354", StringComparison.Ordinal);
                string? line;
                do
                {
                    line = await reader.ReadLineAsync(_stop.Token);
                    lock (_heard)
                        _heard.AppendLine(line);
                }
                while (inData && line is not (null or "."));
            }

            switch (script[n])
            {
                case "drop":
                    return;
                case "hang":
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                    return;
                case "drip":
                    while (true)
                    {
                        await stream.WriteAsync("2"u8.ToArray(), _stop.Token);
                        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _stop.Token);
                    }

                case "long":
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("250 " + new string('x', 10_000) + "\r\n"), _stop.Token);
                    break;
                default:
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(script[n] + "\r\n"), _stop.Token);
                    break;
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
    }
}
