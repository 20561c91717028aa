using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Definitions;
using Workflows.Engine.Outbox;

namespace Workflows.Host.Channels;

/// <summary>
/// Sends the HTTP requests of workflows (kind "http": {method, url, headers?, content?, contentType?, timeout?}). An answer of
/// any status is the result {statusCode, headers, content}, JSON content parsed. No connection is worth another try, since
/// nothing was sent; a request without an answer may have been acted on.
/// </summary>
internal sealed class HttpChannel : IEffectChannel, IDisposable
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Content-Length", "Upgrade", "Proxy-Authorization" };

    private readonly OutboundGuard _guard;
    private readonly HttpChannelOptions _options;
    private readonly HttpClient _client;

    public HttpChannel(OutboundGuard guard, IOptions<HttpChannelOptions> options)
    {
        (_guard, _options) = (guard, options.Value);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = guard.ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = _options.LargestAnswer,
        };
    }

    public bool Accepts(string kind) => kind == "http";

    /// <summary>We send the key, but cannot know that the receiver looks at it.</summary>
    public bool IsKeyed(string kind) => false;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        if (!Uri.TryCreate(Text(payload, "url"), UriKind.Absolute, out var address))
            return new EffectOutcome.Refused("地址无效 (not an absolute address)", Failure("bad-address"));
        if (_guard.Refusal(address) is { } refusal)
            return new EffectOutcome.Refused(refusal, Failure("not-allowed"));
        using var request = Build(payload, address, effect.Key);
        if (request is null)
            return new EffectOutcome.Refused("请求方法或请求头无效 (bad method or header)", Failure("bad-request"));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var longest = TimeSpan.TryParse(Text(payload, "timeout"), CultureInfo.InvariantCulture, out var asked) && asked > TimeSpan.Zero && asked < _options.Timeout ? asked : _options.Timeout;
        limit.CancelAfter(longest);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return new EffectOutcome.Done(await ReadAsync(response, limit.Token));
        }
        catch (HttpRequestException e) when (e.InnerException is OutboundRefusedException refused)
        {
            return new EffectOutcome.Refused(refused.Message, Failure("not-allowed"));
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return new EffectOutcome.Transient(e.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            return new EffectOutcome.Refused($"应答超过 {_options.LargestAnswer} 字节 (the answer is too large)", Failure("answer-too-large"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EffectOutcome.Ambiguous($"{longest.TotalSeconds} 秒内没有应答 (no answer in time)");
        }
        catch (HttpRequestException e)
        {
            return new EffectOutcome.Ambiguous(e.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage? Build(JsonObject payload, Uri address, string key)
    {
        try
        {
            var request = new HttpRequestMessage(new HttpMethod(Text(payload, "method") ?? "GET"), address);
            if (payload["content"] is { } content && Text(payload, "contentType") is { } type)
            {
                var text = content is JsonValue value && value.TryGetValue(out string? plain) ? plain : content.ToJsonString();
                request.Content = new StringContent(text, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
            }

            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            foreach (var (name, value) in payload["headers"] as JsonObject ?? [])
            {
                foreach (var text in value is JsonArray several ? several.Select(v => v?.ToString()) : [value?.ToString()])
                {
                    if (text is null || Forbidden.Contains(name))
                        continue;
                    if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || !(request.Headers.TryAddWithoutValidation(name, text) || request.Content?.Headers.TryAddWithoutValidation(name, text) == true))
                        return null;
                }
            }

            return request;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            headers[name] = string.Join(", ", values);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var type = response.Content.Headers.ContentType?.MediaType;
        return new JsonObject
        {
            ["statusCode"] = (int)response.StatusCode,
            ["headers"] = headers,
            ["content"] = Parse(bytes, type) ?? Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD'),
        };
    }

    private static JsonNode? Parse(byte[] bytes, string? type) =>
        type is not null && (type == MediaTypeNames.Application.Json || type.EndsWith("+json", StringComparison.Ordinal))
        && StrictJson.Parse(bytes, DefinitionLimits.Default) is StrictJson.Result.Parsed parsed
            ? parsed.Node
            : null;

    private static string? Text(JsonObject payload, string member) => payload[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonObject Failure(string why) => new() { ["failure"] = why };
}
