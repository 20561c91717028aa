using System.ComponentModel.DataAnnotations;

namespace Workflows.Host.Channels.Sms;

/// <summary>Who carries our SMS.</summary>
internal enum SmsProviderKind
{
    /// <summary>Nobody: SMS are captured and not sent.</summary>
    None,
    Aliyun,
    Tencent,

    /// <summary>Any gateway that takes a text by one HTTP request, such as Kannel.</summary>
    Http,
}

/// <summary>SMS: section "Workflows:Sms".</summary>
internal sealed class SmsOptions
{
    public const string Section = "Workflows:Sms";

    public SmsProviderKind Provider { get; set; }

    /// <summary>Numbers that may be sent to begin with one of these; elsewhere a message costs many times as much.</summary>
    public string[] AllowedPrefixes { get; set; } = ["+86"];

    /// <summary>Most SMS to one number on one day of the shop; critical ones are not counted. Providers refuse more than 40 to 50.</summary>
    [Range(1, 10_000)]
    public int DailyPerNumber { get; set; } = 30;

    /// <summary>
    /// Last part of the address that receipts are posted to, /hooks/sms/{secret}: at least 24 letters and digits that
    /// nobody can guess. Without it no receipts are taken.
    /// </summary>
    public string? ReceiptSecret { get; set; }

    /// <summary>Longest time of one request.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    [Range(1, 100)]
    public int Places { get; set; } = 8;

    public AliyunSmsOptions Aliyun { get; set; } = new();

    public TencentSmsOptions Tencent { get; set; } = new();

    public HttpSmsOptions Http { get; set; } = new();

    public IEnumerable<string> FindFaults()
    {
        if (ReceiptSecret is { Length: > 0 } secret && (secret.Length < 24 || !secret.All(char.IsAsciiLetterOrDigit)))
            yield return "ReceiptSecret 至少 24 位字母数字 (at least 24 letters and digits)";
        foreach (var missing in Provider switch
        {
            SmsProviderKind.Aliyun => Missing(("Aliyun:AccessKeyId", Aliyun.AccessKeyId), ("Aliyun:AccessKeySecret", Aliyun.AccessKeySecret), ("Aliyun:SignName", Aliyun.SignName)),
            SmsProviderKind.Tencent => Missing(("Tencent:SecretId", Tencent.SecretId), ("Tencent:SecretKey", Tencent.SecretKey), ("Tencent:SdkAppId", Tencent.SdkAppId), ("Tencent:SignName", Tencent.SignName)),
            SmsProviderKind.Http => Missing(("Http:Url", Http.Url)),
            _ => [],
        })
            yield return $"缺少 {missing} ({missing} is missing)";
        if (Provider == SmsProviderKind.Http && !Uri.TryCreate(HttpSms.Fill(Http.Url, _ => "x"), UriKind.Absolute, out _))
            yield return "Http:Url 不是地址 (Http:Url is not an address)";
    }

    private static IEnumerable<string> Missing(params (string Name, string? Value)[] settings) => settings.Where(s => string.IsNullOrWhiteSpace(s.Value)).Select(s => s.Name);
}

/// <summary>Alibaba Cloud SMS (Dysmsapi, SendSms 2017-05-25).</summary>
internal sealed class AliyunSmsOptions
{
    public string AccessKeyId { get; set; } = "";

    public string AccessKeySecret { get; set; } = "";

    /// <summary>短信签名, without brackets.</summary>
    public string SignName { get; set; } = "";

    public string Endpoint { get; set; } = "https://dysmsapi.aliyuncs.com";

    /// <summary>Template for events that have none of their own; its variables are title and code.</summary>
    public string DefaultTemplate { get; set; } = "";

    /// <summary>Template for texts to customers and others outside; its only variable is the text. Without it such texts are refused.</summary>
    public string TextTemplate { get; set; } = "";
}

/// <summary>Tencent Cloud SMS (SendSms 2021-01-11).</summary>
internal sealed class TencentSmsOptions
{
    public string SecretId { get; set; } = "";

    public string SecretKey { get; set; } = "";

    public string SdkAppId { get; set; } = "";

    public string SignName { get; set; } = "";

    public string Region { get; set; } = "ap-guangzhou";

    public string Endpoint { get; set; } = "https://sms.tencentcloudapi.com";

    /// <summary>Template for events that have none of their own; {1} is the title, {2} the code.</summary>
    public string DefaultTemplate { get; set; } = "";

    /// <summary>Template for texts to customers and others outside; its only variable is the text. Without it such texts are refused.</summary>
    public string TextTemplate { get; set; } = "";
}

/// <summary>
/// A gateway that takes a text by one request. Placeholders, each encoded for its place: {to} in E.164, {number} without +86,
/// {text}, {key}, {user}, {password}, {receipt} (address for receipts of this message; %d in it is left to the gateway).
/// </summary>
internal sealed class HttpSmsOptions
{
    public string Url { get; set; } = "";

    /// <summary>Body to post; empty makes a GET without one. Placeholders are encoded as its <see cref="ContentType"/> asks: JSON or form.</summary>
    public string Body { get; set; } = "";

    public string ContentType { get; set; } = "application/json";

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Address of this host as the gateway reaches it, for receipts; empty for none.</summary>
    public string ReceiptBase { get; set; } = "";

    /// <summary>True when the gateway takes a key once only; it is sent as Idempotency-Key and as {key}.</summary>
    public bool Keyed { get; set; }
}
