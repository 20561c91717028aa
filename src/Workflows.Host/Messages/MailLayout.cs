using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Workflows.Host.Messages;

/// <summary>The HTML of our mails: plain, with styles on the elements because mail programs read no others, and nothing loaded from anywhere.</summary>
internal static class MailLayout
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <param name="inner">HTML of a template, its values already encoded; null makes paragraphs of the body.</param>
    /// <param name="link">Page the button opens; null for none.</param>
    public static string Write(string subject, string body, string? inner, string? link, string language)
    {
        var text = new StringBuilder();
        text.Append("<!DOCTYPE html><html lang=\"").Append(language == "en" ? "en" : "zh-CN").Append("\"><head><meta charset=\"utf-8\"><title>").Append(Html.Encode(subject)).Append("</title></head>");
        text.Append("<body style=\"margin:0;background:#f4f5f7;font:15px/1.7 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;color:#1f2329\">");
        text.Append("<div style=\"max-width:560px;margin:0 auto;padding:24px 16px\"><div style=\"background:#fff;border:1px solid #e4e6eb;border-radius:8px;padding:24px\">");
        text.Append("<h1 style=\"font-size:18px;line-height:1.4;margin:0 0 16px\">").Append(Html.Encode(subject)).Append("</h1>");
        text.Append(inner ?? Paragraphs(body));
        if (link is not null)
        {
            text.Append("<p style=\"margin:24px 0 0\"><a href=\"").Append(Html.Encode(link)).Append("\" style=\"display:inline-block;background:#1456f0;color:#fff;text-decoration:none;border-radius:6px;padding:10px 20px\">")
                .Append(language == "en" ? "Open" : "打开查看").Append("</a></p>");
            text.Append("<p style=\"margin:12px 0 0;font-size:13px;color:#646a73;word-break:break-all\">").Append(Html.Encode(link)).Append("</p>");
        }

        text.Append("</div><p style=\"font-size:12px;color:#8f959e;margin:16px 8px\">")
            .Append(language == "en" ? "Sent automatically; please do not reply. Opening the page decides nothing." : "此邮件由系统自动发送，请勿回复。打开链接不会作出任何决定，请在页面上办理。")
            .Append("</p></div></body></html>");
        return text.ToString();
    }

    private static string Paragraphs(string body) =>
        string.Concat(body.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => $"<p style=\"margin:0 0 12px\">{Html.Encode(p).Replace("&#xA;", "<br>", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal)}</p>"));
}
