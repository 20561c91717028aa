using System.Text;
using Workflows.Host.Channels.Mail;

namespace Workflows.Host.Tests.Messages;

public sealed class MailWriterTests
{
    private static readonly MailText Plain = new("i1-7@shop.example", "flow@shop.example", "流程平台", ["wang@example.com"], "待办：促销活动“双十一”下线审批", "您好，王芳\n请办理。");

    [Fact]
    public void Subject_text_html_and_attachment_read_back_as_written()
    {
        var mail = ReadMail.Of(MailWriter.Write(Plain with
        {
            Html = "<p>您好，<b>王芳</b></p>",
            Cc = ["li@example.com"],
            ReplyTo = "zhang@shop.example",
            Attachments = [new MailAttachment("影响评估 报告.csv", "text/csv", Encoding.UTF8.GetBytes("商品,数量\n茶杯,2\n"))],
        }));

        Assert.Equal("待办：促销活动“双十一”下线审批", mail.Header("Subject"));
        Assert.Equal("流程平台 <flow@shop.example>", mail.Header("From")!.Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal(("wang@example.com", "li@example.com", "zhang@shop.example"), (mail.Header("To"), mail.Header("Cc"), mail.Header("Reply-To")));
        Assert.Equal(("<i1-7@shop.example>", "auto-generated"), (mail.Header("Message-ID"), mail.Header("Auto-Submitted")));
        Assert.Equal("您好，王芳\n请办理。", mail.All.Single(p => p.Type == "text/plain").Text);
        Assert.Equal("<p>您好，<b>王芳</b></p>", mail.All.Single(p => p.Type == "text/html").Text);
        var file = mail.All.Single(p => p.Type == "text/csv");
        Assert.Equal(("影响评估 报告.csv", "商品,数量\n茶杯,2"), (file.FileName, file.Text));
        Assert.DoesNotContain("X-Sender", mail.HeaderNames);
        Assert.DoesNotContain("X-Receiver", mail.HeaderNames);
    }

    /// <summary>A hundred titles that try to begin a header or add a recipient: none does.</summary>
    [Fact]
    public void Nothing_in_a_title_or_name_becomes_a_header()
    {
        string[] ends = ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0\r\n", "\r\n ", "\n\t", "\v", "\f"];
        string[] headers = ["Bcc: evil@example.com", "To: evil@example.com", "X-Evil: 1", "Content-Type: text/html", "\r\n.\r\nMAIL FROM:<evil@example.com>", "Subject: x", "Cc: a@b.c, d@e.f", "Reply-To: e@e.e", "From: boss@example.com", "Return-Path: <x@y.z>"];

        foreach (var payload in ends.SelectMany(e => headers.Select(h => "审批" + e + h)))
        {
            var mail = ReadMail.Of(MailWriter.Write(Plain with { Subject = payload, FromName = payload, Attachments = [new MailAttachment(payload, "text/plain", [1])] }));
            Assert.DoesNotContain("X-Evil", mail.HeaderNames);
            Assert.DoesNotContain("Bcc", mail.HeaderNames);
            Assert.Equal(1, mail.HeaderNames.Count(h => h.Equals("To", StringComparison.OrdinalIgnoreCase)));
            Assert.Equal("wang@example.com", mail.Header("To"));
            Assert.Single(mail.HeaderNames, h => h.Equals("Subject", StringComparison.OrdinalIgnoreCase));
            Assert.StartsWith("审批", mail.Header("Subject"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("wang@example.com", "wang@example.com")]
    [InlineData(" wang.fang+flow@EXAMPLE.com ", "wang.fang+flow@example.com")]
    [InlineData("wang@例子.中国", "wang@xn--fsqu00a.xn--fiqs8s")]
    [InlineData("wang@example.com\r\nRCPT TO:<evil@example.com>", null)]
    [InlineData("wang@example.com> RCPT TO:<evil@example.com", null)]
    [InlineData("wang@example.com, evil@example.com", null)]
    [InlineData("王芳 <wang@example.com>", null)]
    [InlineData("王芳@example.com", null)]
    [InlineData("\"a b\"@example.com", null)]
    [InlineData("wang@", null)]
    [InlineData("@example.com", null)]
    [InlineData("a@b@c.com", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_address_is_one_plain_address_or_none(string? text, string? expected) =>
        Assert.Equal(expected, MailAddresses.TryNormalise(text, out var address) ? address : null);

    [Fact]
    public void Lines_that_begin_with_a_dot_get_a_second_one()
    {
        Assert.Equal("..\r\na\r\n..b\r\n", Encoding.ASCII.GetString(SmtpTransport.WithDotsDoubled(".\r\na\r\n.b"u8)));
        Assert.Equal("a.b\r\n", Encoding.ASCII.GetString(SmtpTransport.WithDotsDoubled("a.b\r\n"u8)));
    }
}
