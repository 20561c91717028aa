using System.Text;
using Microsoft.Extensions.Options;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Messages;
using Workflows.Testing;

namespace Workflows.Host.Tests.Messages;

/// <summary>The transport against a server none of us wrote.</summary>
public sealed class EximTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("StartTls", "PLAIN")]
    [InlineData("StartTls", "LOGIN")]
    [InlineData("Tls", "PLAIN")]
    [InlineData("Tls", "LOGIN")]
    public async Task A_mail_arrives_by_either_kind_of_tls_and_sign_in(string security, string way)
    {
        using var server = await EximServer.StartAsync(way);
        var transport = Transport(server, Enum.Parse<SmtpSecurity>(security));

        Assert.IsType<SendOutcome.Accepted>(await transport.CheckAsync(Token));
        var outcome = await transport.SendAsync(Mail("wang@example.com"), Token);

        Assert.IsType<SendOutcome.Accepted>(outcome);
        var mail = ReadMail.Of((await server.MailsOfAsync("wang", 1)).Single());
        Assert.Equal("待办：促销活动下线审批 🎉", mail.Header("Subject"));
        Assert.Equal("<flow@shop.example>", mail.Header("Return-path"));
        Assert.Equal("<i1-7@shop.example>", mail.Header("Message-ID"));
        Assert.Equal("您好，王芳\n.一行以点开头\n..\n请办理。", mail.All.Single(p => p.Type == "text/plain").Text);
        Assert.Equal("<p>您好，王芳</p>", mail.All.Single(p => p.Type == "text/html").Text);
        var file = mail.All.Single(p => p.FileName is not null);
        Assert.Equal(("影响评估报告.csv", "商品,数量\n茶杯,2"), (file.FileName, file.Text));
    }

    [Fact]
    public async Task Refusals_are_told_apart()
    {
        using var server = await EximServer.StartAsync();
        var transport = Transport(server, SmtpSecurity.Tls);

        var busy = Assert.IsType<SendOutcome.NotTaken>(await transport.SendAsync(Mail("busy@example.com"), Token));
        Assert.Equal((false, "451"), (busy.GatewayAtFault, busy.Error[..3]));
        var full = Assert.IsType<SendOutcome.Refused>(await transport.SendAsync(Mail("full@example.com"), Token));
        Assert.StartsWith("550", full.Error, StringComparison.Ordinal);
        var wrong = Assert.IsType<SendOutcome.NotTaken>(await Transport(server, SmtpSecurity.Tls, password: "wrong").SendAsync(Mail("wang@example.com"), Token));
        Assert.True(wrong.GatewayAtFault);
        Assert.Contains("535", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", wrong.Error, StringComparison.Ordinal);
        var stranger = Assert.IsType<SendOutcome.NotTaken>(await Transport(server, SmtpSecurity.Tls, trusts: false).SendAsync(Mail("wang@example.com"), Token));
        Assert.Contains("TLS", stranger.Error, StringComparison.Ordinal);
        Assert.Empty(await server.MailsOfAsync("wang", 0));
    }

    [Fact]
    public async Task The_certificate_must_be_of_the_name_that_was_asked_for()
    {
        using var server = await EximServer.StartAsync();

        var outcome = await Transport(server, SmtpSecurity.StartTls, host: "127.0.0.1").CheckAsync(Token);

        Assert.Contains("TLS", Assert.IsType<SendOutcome.NotTaken>(outcome).Error, StringComparison.Ordinal);
    }

    internal static SmtpTransport Transport(EximServer server, SmtpSecurity security, string? password = null, bool trusts = true, string? host = null) => new(Options.Create(new SmtpOptions
    {
        Host = host ?? EximServer.Host,
        Port = security == SmtpSecurity.Tls ? server.TlsPort : server.StartTlsPort,
        Security = security,
        UserName = EximServer.UserName,
        Password = password ?? EximServer.Password,
        From = "flow@shop.example",
        TrustedRoot = trusts ? server.RootFile : null,
    }));

    private static MailEnvelope Mail(string to) => new("flow@shop.example", to, MailWriter.Write(new MailText("i1-7@shop.example", "flow@shop.example", "流程平台", [to], "待办：促销活动下线审批 🎉", "您好，王芳\n.一行以点开头\n..\n请办理。")
    {
        Html = "<p>您好，王芳</p>",
        Attachments = [new MailAttachment("影响评估报告.csv", "text/csv", Encoding.UTF8.GetBytes("商品,数量\n茶杯,2\n"))],
    }));
}
