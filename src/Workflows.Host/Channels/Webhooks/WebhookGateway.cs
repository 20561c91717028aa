using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Webhooks;

/// <summary>Programs that are told of events: section "Workflows:Webhooks", one entry a name.</summary>
internal sealed class WebhookOptions : Dictionary<string, WebhookSettings>
{
    public const string Section = "Workflows:Webhooks";

    public IEnumerable<string> FindFaults()
    {
        foreach (var (name, hook) in this)
        {
            if (!Uri.TryCreate(hook.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                yield return $"{name}:Url 须为 http(s) 地址 (must be an http or https address)";
            if (hook.Secret.Length < 16)
                yield return $"{name}:Secret 至少 16 个字符 (at least 16 characters)";
        }
    }
}

/// <summary>One receiver of events.</summary>
internal sealed class WebhookSettings
{
    public string Url { get; set; } = "";

    /// <summary>Shared with the receiver; signs every request.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Names of events; "task.*" takes in all below, "*" all.</summary>
    public string[] Events { get; set; } = [];

    public bool Wants(string @event) => Events.Any(e => e == "*" || e == @event || (e.EndsWith(".*", StringComparison.Ordinal) && @event.StartsWith(e[..^1], StringComparison.Ordinal)));
}

/// <summary>
/// Posts events to a program. Delivered at least once: a receiver must take an id once. Headers: X-Workflows-Id,
/// X-Workflows-Timestamp (seconds) and X-Workflows-Signature, "sha256=" with the hex of HMAC-SHA256 over timestamp, a dot and the body.
/// Any 2xx counts as received.
/// </summary>
internal sealed class WebhookGateway(string name, WebhookSettings settings, TimeProvider time) : IMessageGateway, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GatewayClient _client = new();

    public string Name => "webhook:" + name;

    public int Places => 4;

    /// <summary>That is the contract: receivers know an id again.</summary>
    public bool IsKeyed => true;

    public bool GivesReceipts => false;

    public async Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(delivery.Content, Readable);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("X-Workflows-Id", delivery.Key);
        request.Headers.TryAddWithoutValidation(RequestSignature.TimestampHeader, timestamp);
        request.Headers.TryAddWithoutValidation(RequestSignature.Header, "sha256=" + RequestSignature.Of(settings.Secret, timestamp, body));
        return await _client.SendAsync(request, Longest, Read, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private static SendOutcome Read(int status, string body) => status switch
    {
        >= 200 and < 300 => new SendOutcome.Accepted(),
        410 => new SendOutcome.Refused("接收方已停用 (the receiver is gone, HTTP 410)"),
        400 or 413 or 415 or 422 => new SendOutcome.Refused($"接收方拒绝 (refused, HTTP {status})"),
        < 500 => new SendOutcome.NotTaken($"HTTP {status}", GatewayAtFault: true),
        _ => new SendOutcome.Doubtful($"HTTP {status}"),
    };
}
