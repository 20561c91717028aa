using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Sms;

/// <summary>Alibaba Cloud: SendSms with a reviewed template and named values.</summary>
internal sealed class AliyunSms(AliyunSmsOptions options, bool givesReceipts) : ISmsProvider
{
    private const string Version = "2017-05-25";

    // Longer values are refused with isv.PARAM_LENGTH_LIMIT.
    private const int LongestValue = 35;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>OutId is echoed in receipts and not compared with earlier ones.</summary>
    public bool IsKeyed => false;

    public bool GivesReceipts => givesReceipts;

    public string ReceiptAnswer => """{"code":0,"msg":"成功"}""";

    public (HttpRequestMessage? Request, string? Refusal) Build(Sms sms, DateTimeOffset now)
    {
        var template = sms.Template ?? options.DefaultTemplate;
        if (template.Length == 0)
            return (null, "此事件没有阿里云短信模板编号，也没有设置默认模板 (no template code for this event, and no default template)");
        var values = new JsonObject(sms.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)SmsValues.Plain(v.Value, LongestValue))));
        var query = new Dictionary<string, string>
        {
            ["PhoneNumbers"] = sms.Number.StartsWith("+86", StringComparison.Ordinal) ? PhoneNumbers.National(sms.Number) : sms.Number.TrimStart('+'),
            ["SignName"] = options.SignName,
            ["TemplateCode"] = template,
            ["OutId"] = sms.Key,
        };
        if (values.Count > 0)
            query["TemplateParam"] = values.ToJsonString(Readable);
        var endpoint = new Uri(options.Endpoint);
        var headers = new Dictionary<string, string>
        {
            ["host"] = endpoint.IsDefaultPort ? endpoint.Host : endpoint.Authority,
            ["x-acs-action"] = "SendSms",
            ["x-acs-version"] = Version,
            ["x-acs-date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = Guid.NewGuid().ToString("N"),
            ["x-acs-content-sha256"] = AliyunSignature.Hash([]),
        };
        var signature = AliyunSignature.Acs3("POST", "/", query, headers, headers["x-acs-content-sha256"], options.AccessKeySecret);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "/?" + AliyunSignature.Query(query)));
        foreach (var (name, value) in headers.Where(h => h.Key != "host"))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Host = headers["host"];
        request.Headers.TryAddWithoutValidation("Authorization", $"{AliyunSignature.Algorithm} Credential={options.AccessKeyId},SignedHeaders={AliyunSignature.Names(headers)},Signature={signature}");
        return (request, null);
    }

    public SendOutcome Read(int status, string body)
    {
        if (SmsValues.Parse(body) is not { } answer || (string?)answer["Code"] is not { } code)
            return new SendOutcome.Doubtful($"HTTP {status}：应答无法识别 (the answer could not be read)");
        var text = $"{code}: {(string?)answer["Message"]}";
        return code switch
        {
            "OK" => new SendOutcome.Accepted((string?)answer["BizId"]),
            // By the minute, the hour or the day; the text tells which. Trying at once only costs.
            "isv.BUSINESS_LIMIT_CONTROL" => new SendOutcome.NotTaken(text, GatewayAtFault: false, text.Contains("天级", StringComparison.Ordinal) ? TimeSpan.FromHours(24) : text.Contains("小时级", StringComparison.Ordinal) ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1)),
            "isv.DAY_LIMIT_CONTROL" or "isv.MONTH_LIMIT_CONTROL" => new SendOutcome.NotTaken(text, GatewayAtFault: true, TimeSpan.FromHours(1)),
            "Throttling" or "Throttling.User" or "Throttling.Api" => new SendOutcome.NotTaken(text, GatewayAtFault: true, TimeSpan.FromSeconds(10)),
            "isp.SYSTEM_ERROR" or "isp.RAM_PERMISSION_DENY" or "isv.OUT_OF_SERVICE" or "isv.ACCOUNT_ABNORMAL" or "isv.ACCOUNT_NOT_EXISTS" or "isv.AMOUNT_NOT_ENOUGH" => new SendOutcome.NotTaken(text, GatewayAtFault: true),
            "ServiceUnavailable" or "SignatureDoesNotMatch" or "IncompleteSignature" or "InvalidTimeStamp.Expired" => new SendOutcome.NotTaken(text, GatewayAtFault: true),
            _ when code.StartsWith("InvalidAccessKeyId", StringComparison.Ordinal) || code.StartsWith("Forbidden", StringComparison.Ordinal) => new SendOutcome.NotTaken(text, GatewayAtFault: true),
            "InternalError" => new SendOutcome.Doubtful(text),
            _ when status >= 500 => new SendOutcome.Doubtful(text),
            _ => new SendOutcome.Refused(text),
        };
    }

    /// <summary>A list of {out_id, biz_id, success, err_code, err_msg}.</summary>
    public Task<IReadOnlyList<SmsReceipt>?> ReadReceiptsAsync(HttpRequest request, string body)
    {
        if (SmsValues.ParseList(body) is not { } list)
            return Task.FromResult<IReadOnlyList<SmsReceipt>?>(null);
        return Task.FromResult<IReadOnlyList<SmsReceipt>?>(
        [
            .. list.OfType<JsonObject>().Select(r => new SmsReceipt(
                SmsValues.Text(r, "out_id"),
                SmsValues.Text(r, "biz_id"),
                SmsValues.Text(r, "success") is "true" ? ReceiptState.Delivered : ReceiptState.Failed,
                string.Join(' ', new[] { SmsValues.Text(r, "err_code"), SmsValues.Text(r, "err_msg") }.OfType<string>()))),
        ]);
    }
}
