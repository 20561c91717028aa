using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store.Connector;

/// <summary>
/// The shop behind an address, with the contract of the embedded one (docs/connector.md).
/// </summary>
/// <remarks>
/// What can go wrong: the request is lost, or the shop takes it and its answer is lost, or an answer belongs to another request. The rules: every operation
/// carries its key, which the shop takes once and answers alike for ever; only an answer that names the key counts; what certainly was not taken
/// (<see cref="StoreUnreachableException"/>) is told apart from what may have been (<see cref="StoreDoubtException"/>), and a refusal is a value. The key and the kind stand in
/// the signed body, so that nobody on the way can turn one request into another.
/// </remarks>
public sealed class HttpStore : IStorePlatform, IDisposable
{
    private const int LargestAnswer = 32 * 1024 * 1024;

    /// <summary>Chinese travels as it is; members without a value are left out.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _client;
    private readonly string _key;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;

    /// <param name="clock">Stamps requests; the shop refuses stamps that are far from its own time.</param>
    public HttpStore(HttpStoreOptions options, TimeProvider clock)
    {
        (_key, _timeout, _clock) = (options.ReadKey(), options.Timeout, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            BaseAddress = new Uri(options.Address!.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    public async Task<StoreOutcome> PerformAsync(string key, StoreOperation operation, CancellationToken cancellationToken)
    {
        var (status, answer) = await SendAsync("operations", key, new JsonObject { ["key"] = key, ["kind"] = operation.Kind, ["operation"] = operation.ToPayload() }, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK when answer?["result"] is JsonObject result && TextOf(answer, "key") == key => new StoreOutcome.Done((JsonObject)result.DeepClone()),
            HttpStatusCode.UnprocessableEntity when TextOf(answer, "key") == key => new StoreOutcome.Refused(TextOf(answer, "reason") ?? "店铺拒绝，没有说明原因 (refused without a reason)"),
            // What the shop does not know it has not done; the page of a gateway in front of it, which names no key, tells nothing.
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
                when TextOf(answer, "key") == key => new StoreOutcome.Refused($"店铺不支持“{operation.Kind}” (not supported by the shop, HTTP {(int)status})"),
            _ => throw new StoreDoubtException($"店铺的应答无法理解，操作可能已执行 (unreadable answer, HTTP {(int)status})"),
        };
    }

    public Task<IReadOnlyList<Promotion>> ListPromotionsAsync(CancellationToken cancellationToken) => AskAsync<IReadOnlyList<Promotion>>("promotions", [], cancellationToken);

    public Task<PromotionState?> FindPromotionAsync(string promotionId, CancellationToken cancellationToken) =>
        FindAsync<PromotionState>("promotion", new() { ["promotion"] = promotionId }, cancellationToken);

    public Task<IReadOnlyList<StoreRow>> ReadRowsAsync(string promotionId, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<StoreRow>>("promotion-rows", new() { ["promotion"] = promotionId }, cancellationToken);

    public Task<SalesFigures> MeasureAsync(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string>? stockCodes, CancellationToken cancellationToken) =>
        AskAsync<SalesFigures>("sales-figures", new() { ["from"] = from, ["to"] = to, ["stockCodes"] = Texts(stockCodes) }, cancellationToken);

    public Task<IReadOnlyList<CustomerMessage>> ListMessagesAsync(string promotionId, int limit, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<CustomerMessage>>("promotion-messages", new() { ["promotion"] = promotionId, ["limit"] = limit }, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountMessagesAsync(string promotionId, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyDictionary<string, long>>("promotion-message-counts", new() { ["promotion"] = promotionId }, cancellationToken);

    public Task<IReadOnlyList<Announcement>> ListAnnouncementsAsync(int limit, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<Announcement>>("announcements", new() { ["limit"] = limit }, cancellationToken);

    public Task<IReadOnlyList<Complaint>> ListComplaintsAsync(int limit, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<Complaint>>("complaints", new() { ["limit"] = limit }, cancellationToken);

    public Task<Complaint?> FindComplaintAsync(string id, CancellationToken cancellationToken) => FindAsync<Complaint>("complaint", new() { ["complaint"] = id }, cancellationToken);

    public Task<IReadOnlyList<Compensation>> ListCompensationsAsync(string orderNo, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<Compensation>>("compensations", new() { ["order"] = orderNo }, cancellationToken);

    public Task<IReadOnlyList<CustomerNotice>> ListCustomerNoticesAsync(string complaint, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<CustomerNotice>>("customer-notices", new() { ["complaint"] = complaint }, cancellationToken);

    public Task<long> CountSalesAsync(CancellationToken cancellationToken) => AskAsync<long>("sales-count", [], cancellationToken);

    public Task<IReadOnlyList<ProductState>> ListProductsAsync(IReadOnlyList<string>? stockCodes, string? after, int limit, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<ProductState>>("products", new() { ["stockCodes"] = Texts(stockCodes), ["after"] = after, ["limit"] = limit }, cancellationToken);

    public Task<IReadOnlyList<ProductCoupon>> ListCouponsAsync(string stockCode, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<ProductCoupon>>("coupons", new() { ["stockCode"] = stockCode }, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountProductMessagesAsync(string stockCode, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyDictionary<string, long>>("product-message-counts", new() { ["stockCode"] = stockCode }, cancellationToken);

    public Task<IReadOnlyList<SlowMover>> FindSlowMoversAsync(SlowMoverRule rule, DateTimeOffset at, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<SlowMover>>("slow-movers", new() { ["rule"] = JsonSerializer.SerializeToNode(rule, Json), ["at"] = at }, cancellationToken);

    public Task<TrialFigures> MeasureTrialAsync(string stockCode, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        AskAsync<TrialFigures>("trial-figures", new() { ["stockCode"] = stockCode, ["from"] = from, ["to"] = to }, cancellationToken);

    public void Dispose() => _client.Dispose();

    private static JsonArray? Texts(IReadOnlyList<string>? texts) => texts is null ? null : new JsonArray([.. texts.Select(t => (JsonNode)t)]);

    private async Task<T> AskAsync<T>(string query, JsonObject args, CancellationToken cancellationToken) =>
        await FindAsync<T>(query, args, cancellationToken) ?? throw new StoreDoubtException($"店铺没有回答“{query}” (no answer)");

    private async Task<T?> FindAsync<T>(string query, JsonObject args, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString("N");
        var (status, answer) = await SendAsync("queries", key, new JsonObject { ["key"] = key, ["query"] = query, ["args"] = args }, cancellationToken);
        if (status != HttpStatusCode.OK || answer is null || TextOf(answer, "key") != key)
            throw new StoreDoubtException($"店铺没有回答“{query}” (HTTP {(int)status})");
        try
        {
            return answer["result"].Deserialize<T>(Json);
        }
        catch (JsonException e)
        {
            throw new StoreDoubtException($"店铺对“{query}”的应答无法理解：{e.Message} (unreadable answer)");
        }
    }

    private async Task<(HttpStatusCode Status, JsonObject? Answer)> SendAsync(string path, string key, JsonObject body, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Headers.TryAddWithoutValidation(RequestSignature.TimestampHeader, timestamp);
        request.Headers.TryAddWithoutValidation(RequestSignature.Header, "sha256=" + RequestSignature.Of(_key, timestamp, bytes));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new StoreUnreachableException("店铺不接受我们的签名，请核对密钥和时间 (the shop does not accept our signature)"),
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                    throw new StoreUnreachableException($"店铺要求稍后再试 (asked to come later, HTTP {(int)response.StatusCode})", response.Headers.RetryAfter?.Delta),
                var status => (status, Parse(await response.Content.ReadAsByteArrayAsync(limit.Token))),
            };
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw new StoreUnreachableException($"无法连接店铺：{e.Message} (cannot be reached)");
        }
        catch (HttpRequestException e)
        {
            throw new StoreDoubtException($"店铺的应答中断：{e.Message} (the answer broke off)");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreDoubtException($"{_timeout.TotalSeconds:0.#} 秒内没有应答 (no answer in time)");
        }
    }

    /// <summary>A member that is a text; whatever else stands there is none.</summary>
    private static string? TextOf(JsonObject? answer, string member) => answer?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
