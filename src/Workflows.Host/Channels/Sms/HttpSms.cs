using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Sms;

/// <summary>A gateway of one's own (Kannel, or any that takes a text by one request): the text itself, no template codes.</summary>
internal sealed partial class HttpSms(HttpSmsOptions options, string? receiptSecret) : ISmsProvider
{
    public bool IsKeyed => options.Keyed;

    public bool GivesReceipts => !string.IsNullOrEmpty(receiptSecret) && options.ReceiptBase.Length > 0;

    public string ReceiptAnswer => """{"ok":true}""";

    public (HttpRequestMessage? Request, string? Refusal) Build(Sms sms, DateTimeOffset now)
    {
        var isForm = options.ContentType.Contains("form", StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(Fill(options.Url, name => Uri.EscapeDataString(ValueOf(name, sms))), UriKind.Absolute, out var address))
            return (null, "短信网关地址无效 (the gateway's address is invalid)");
        var request = new HttpRequestMessage(options.Body.Length == 0 ? HttpMethod.Get : HttpMethod.Post, address);
        if (options.Body.Length > 0)
        {
            var body = Fill(options.Body, name => isForm ? Uri.EscapeDataString(ValueOf(name, sms)) : JsonEncodedText.Encode(ValueOf(name, sms)).ToString());
            request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(options.ContentType) } };
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", sms.Key);
        return (request, null);
    }

    public SendOutcome Read(int status, string body) => status switch
    {
        >= 200 and < 300 => new SendOutcome.Accepted(),
        401 or 403 or 404 or 407 => new SendOutcome.NotTaken($"短信网关拒绝登录或地址有误 (HTTP {status})", GatewayAtFault: true),
        >= 400 and < 500 => new SendOutcome.Refused($"短信网关拒绝 (HTTP {status})"),
        >= 300 and < 400 => new SendOutcome.NotTaken($"短信网关要求改道，不予跟随 (redirect not followed, HTTP {status})", GatewayAtFault: true),
        _ => new SendOutcome.Doubtful($"HTTP {status}"),
    };

    /// <summary>?id=key&amp;status=n as Kannel counts (1 delivered, 2 failed, 4 and 8 on the way, 16 refused), or in words.</summary>
    public Task<IReadOnlyList<SmsReceipt>?> ReadReceiptsAsync(HttpRequest request, string body)
    {
        var (key, status) = (request.Query["id"].ToString(), request.Query["status"].ToString());
        ReceiptState? state = status.ToLowerInvariant() switch
        {
            "1" or "delivered" => ReceiptState.Delivered,
            "2" or "16" or "failed" or "rejected" => ReceiptState.Failed,
            "4" or "8" or "accepted" or "buffered" => ReceiptState.OnTheWay,
            _ => null,
        };
        return Task.FromResult<IReadOnlyList<SmsReceipt>?>(key.Length > 0 && state is { } known ? [new SmsReceipt(key, null, known, $"status {status}")] : null);
    }

    /// <summary>Puts values in place of {name}; what is not a placeholder of ours stays.</summary>
    public static string Fill(string pattern, Func<string, string> value) => Placeholder().Replace(pattern, match => value(match.Groups[1].Value));

    private string ValueOf(string name, Sms sms) => name switch
    {
        "to" => sms.Number,
        "number" => PhoneNumbers.National(sms.Number),
        "text" => sms.Text,
        "key" => sms.Key,
        "user" => options.User,
        "password" => options.Password,
        "receipt" => GivesReceipts ? $"{options.ReceiptBase.TrimEnd('/')}/hooks/sms/{receiptSecret}?id={Uri.EscapeDataString(sms.Key)}&status=%d" : "",
        _ => "",
    };

    [GeneratedRegex(@"\{(to|number|text|key|user|password|receipt)\}")]
    private static partial Regex Placeholder();
}
