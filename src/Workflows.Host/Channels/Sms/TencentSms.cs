using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Sms;

/// <summary>Tencent Cloud: SendSms with a reviewed template; the values are a list in the template's order.</summary>
internal sealed class TencentSms(TencentSmsOptions options, bool givesReceipts) : ISmsProvider
{
    private const string Service = "sms";
    private const string ContentType = "application/json; charset=utf-8";
    private const int LongestValue = 35;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>SessionContext is echoed and not compared with earlier ones.</summary>
    public bool IsKeyed => false;

    public bool GivesReceipts => givesReceipts;

    public string ReceiptAnswer => """{"result":0,"errmsg":"OK"}""";

    public (HttpRequestMessage? Request, string? Refusal) Build(Sms sms, DateTimeOffset now)
    {
        var template = sms.Template ?? options.DefaultTemplate;
        if (template.Length == 0)
            return (null, "此事件没有腾讯云短信模板编号，也没有设置默认模板 (no template id for this event, and no default template)");
        var message = new JsonObject
        {
            ["PhoneNumberSet"] = new JsonArray(sms.Number),
            ["SmsSdkAppId"] = options.SdkAppId,
            ["TemplateId"] = template,
            ["TemplateParamSet"] = new JsonArray([.. sms.Values.Select(v => (JsonNode)SmsValues.Plain(v.Value, LongestValue))]),
            ["SessionContext"] = sms.Key,
        };
        // Only domestic messages carry a signature.
        if (sms.Number.StartsWith("+86", StringComparison.Ordinal))
            message["SignName"] = options.SignName;
        var body = JsonSerializer.SerializeToUtf8Bytes(message, Readable);
        var endpoint = new Uri(options.Endpoint);
        var headers = new Dictionary<string, string>
        {
            ["content-type"] = ContentType,
            ["host"] = endpoint.IsDefaultPort ? endpoint.Host : endpoint.Authority,
            ["x-tc-action"] = "SendSms",
        };
        var signature = TencentSignature.Sign(Service, headers, body, now, options.SecretKey);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        request.Headers.Host = headers["host"];
        request.Headers.TryAddWithoutValidation("X-TC-Action", "SendSms");
        request.Headers.TryAddWithoutValidation("X-TC-Version", "2021-01-11");
        request.Headers.TryAddWithoutValidation("X-TC-Timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("X-TC-Region", options.Region);
        request.Headers.TryAddWithoutValidation("Authorization", $"{TencentSignature.Algorithm} Credential={options.SecretId}/{TencentSignature.Scope(Service, now)}, SignedHeaders={TencentSignature.Names(headers)}, Signature={signature}");
        return (request, null);
    }

    public SendOutcome Read(int status, string body)
    {
        if (SmsValues.Parse(body)?["Response"] is not JsonObject answer)
            return new SendOutcome.Doubtful($"HTTP {status}：应答无法识别 (the answer could not be read)");
        if (answer["Error"] is JsonObject error)
            return OfCode(SmsValues.Text(error, "Code") ?? "", SmsValues.Text(error, "Message"));
        // The request as a whole went well; only the number's own line tells whether its message was taken.
        if ((answer["SendStatusSet"] as JsonArray)?.FirstOrDefault() is not JsonObject line || SmsValues.Text(line, "Code") is not { } code)
            return new SendOutcome.Doubtful($"HTTP {status}：应答没有号码的结果 (no result for the number)");
        return code == "Ok" ? new SendOutcome.Accepted(SmsValues.Text(line, "SerialNo")) : OfCode(code, SmsValues.Text(line, "Message"));
    }

    /// <summary>A list of {sid, report_status, errmsg, description}, sometimes with the session context.</summary>
    public Task<IReadOnlyList<SmsReceipt>?> ReadReceiptsAsync(HttpRequest request, string body)
    {
        if (SmsValues.ParseList(body) is not { } list)
            return Task.FromResult<IReadOnlyList<SmsReceipt>?>(null);
        return Task.FromResult<IReadOnlyList<SmsReceipt>?>(
        [
            .. list.OfType<JsonObject>().Select(r => new SmsReceipt(
                null,
                SmsValues.Text(r, "sid"),
                SmsValues.Text(r, "report_status") == "SUCCESS" ? ReceiptState.Delivered : ReceiptState.Failed,
                string.Join(' ', new[] { SmsValues.Text(r, "errmsg"), SmsValues.Text(r, "description") }.OfType<string>()))),
        ]);
    }

    private static SendOutcome OfCode(string code, string? message)
    {
        var text = $"{code}: {message}";
        return code switch
        {
            "LimitExceeded.PhoneNumberThirtySecondLimit" => new SendOutcome.NotTaken(text, GatewayAtFault: false, TimeSpan.FromSeconds(30)),
            "LimitExceeded.PhoneNumberOneHourLimit" => new SendOutcome.NotTaken(text, GatewayAtFault: false, TimeSpan.FromHours(1)),
            "LimitExceeded.PhoneNumberDailyLimit" or "LimitExceeded.PhoneNumberSameContentDailyLimit" => new SendOutcome.NotTaken(text, GatewayAtFault: false, TimeSpan.FromHours(24)),
            _ when code.StartsWith("LimitExceeded", StringComparison.Ordinal) || code.StartsWith("RequestLimitExceeded", StringComparison.Ordinal) => new SendOutcome.NotTaken(text, GatewayAtFault: true, TimeSpan.FromSeconds(10)),
            _ when code.StartsWith("AuthFailure", StringComparison.Ordinal) || code.StartsWith("UnauthorizedOperation", StringComparison.Ordinal) || code == "FailedOperation.InsufficientBalanceInSmsPackage" => new SendOutcome.NotTaken(text, GatewayAtFault: true),
            _ when code.StartsWith("InternalError", StringComparison.Ordinal) => new SendOutcome.Doubtful(text),
            _ => new SendOutcome.Refused(text),
        };
    }
}
