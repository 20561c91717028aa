using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Robots;

/// <summary>Whose group robot it is.</summary>
internal enum RobotKind
{
    DingTalk,
    WeCom,
    Feishu,
}

/// <summary>Group robots: section "Workflows:Robots", one entry a name.</summary>
internal sealed class RobotOptions : Dictionary<string, RobotSettings>
{
    public const string Section = "Workflows:Robots";

    public IEnumerable<string> FindFaults() =>
        this.Where(r => !Uri.TryCreate(r.Value.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")).Select(r => $"{r.Key}:Url 须为 http(s) 地址 (must be an http or https address)");
}

/// <summary>One robot of one group.</summary>
internal sealed class RobotSettings
{
    public RobotKind Kind { get; set; }

    /// <summary>The webhook address the platform gave out; it holds the robot's key and is a secret itself.</summary>
    public string Url { get; set; } = "";

    /// <summary>加签 secret of DingTalk and Feishu; WeCom has none.</summary>
    public string Secret { get; set; } = "";
}

/// <summary>Says a text in a group of DingTalk, WeCom or Feishu.</summary>
internal sealed class RobotGateway(string name, RobotSettings settings, TimeProvider time) : IMessageGateway, IDisposable
{
    // WeCom takes so many bytes; the others more.
    private const int LongestText = 2_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GatewayClient _client = new();

    public string Name => "robot:" + name;

    /// <summary>One after the other: robots take about twenty a minute.</summary>
    public int Places => 1;

    public bool IsKeyed => false;

    public bool GivesReceipts => false;

    public async Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var (address, message) = Build(settings, Cut(delivery.Body.Length > 0 ? $"{delivery.Subject}\n{delivery.Body}" : delivery.Subject), time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(message, Readable)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return await _client.SendAsync(request, Longest, Read, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    internal static (Uri Address, JsonObject Message) Build(RobotSettings settings, string text, DateTimeOffset now)
    {
        switch (settings.Kind)
        {
            case RobotKind.Feishu:
                var feishu = new JsonObject { ["msg_type"] = "text", ["content"] = new JsonObject { ["text"] = text } };
                if (settings.Secret.Length > 0)
                {
                    var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                    (feishu["timestamp"], feishu["sign"]) = (seconds, FeishuSign(seconds, settings.Secret));
                }

                return (new Uri(settings.Url), feishu);
            case RobotKind.DingTalk when settings.Secret.Length > 0:
                var milliseconds = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                var joint = settings.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
                return (new Uri($"{settings.Url}{joint}timestamp={milliseconds}&sign={Uri.EscapeDataString(DingTalkSign(milliseconds, settings.Secret))}"), Text(text));
            default:
                return (new Uri(settings.Url), Text(text));
        }
    }

    /// <summary>Key is the secret, text is the time and the secret.</summary>
    internal static string DingTalkSign(string milliseconds, string secret) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{milliseconds}\n{secret}")));

    /// <summary>The other way round: key is the time and the secret, the text is empty.</summary>
    internal static string FeishuSign(string seconds, string secret) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{seconds}\n{secret}"), Array.Empty<byte>()));

    /// <summary>All three answer 200 and tell the truth in the body.</summary>
    internal static SendOutcome Read(int status, string body)
    {
        if (status is < 200 or > 299)
            return status >= 500 ? new SendOutcome.Doubtful($"HTTP {status}") : new SendOutcome.NotTaken($"HTTP {status}", GatewayAtFault: true);
        JsonObject? answer = null;
        try
        {
            answer = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
        }

        if ((answer?["errcode"] ?? answer?["code"] ?? answer?["StatusCode"]) is not JsonValue number || !number.TryGetValue(out int code))
            return new SendOutcome.Doubtful("应答无法识别 (the answer could not be read)");
        return code switch
        {
            0 => new SendOutcome.Accepted(),
            // Too many: DingTalk, WeCom, Feishu.
            130101 or 410100 or 45009 or 9499 or 11232 => new SendOutcome.NotTaken($"机器人限流 (throttled, {code})", GatewayAtFault: true, ThrottledFor),
            _ => new SendOutcome.Refused($"{code}: {answer?["errmsg"] ?? answer?["msg"]}"),
        };
    }

    private static JsonObject Text(string text) => new() { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = text } };

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestText)
            return text;
        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > LongestText - 3)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length] + "…";
    }
}
