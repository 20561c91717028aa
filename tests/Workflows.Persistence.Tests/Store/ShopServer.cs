using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Activities.Store.Connector;
using Workflows.Engine.Messages;
using Workflows.Engine.Store;
using Workflows.Persistence.Store;

namespace Workflows.Persistence.Tests.Store;

/// <summary>What the server does with the next request instead of behaving.</summary>
internal enum ShopFault
{
    None,

    /// <summary>Takes the request, does it, and never answers.</summary>
    Hangs,

    /// <summary>Takes the request, does it, and cuts the connection.</summary>
    DropsAfterAccepting,

    /// <summary>Does it and answers with the key of another request.</summary>
    AnswersForAnother,

    Breaks,
    IsBusy,
    Babbles,

    /// <summary>A well-formed answer whose key is no text.</summary>
    AnswersWithANumberForAKey,
}

/// <summary>A shop platform as docs/connector.md asks for it, over a shop of the tests: checks signatures, honours keys, and misbehaves on demand.</summary>
internal sealed class ShopServer : IDisposable
{
    public const string Secret = "0123456789abcdef-shop";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpListener _listener = new();
    private readonly EmbeddedStore _shop;
    private readonly TimeProvider _clock;

    public ShopServer(EmbeddedStore shop, TimeProvider clock)
    {
        (_shop, _clock) = (shop, clock);
        Address = $"http://127.0.0.1:{FreePort()}/shop/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Used up by the next request.</summary>
    public ShopFault Next { get; set; }

    public HttpStore Connect(string secret = Secret, double seconds = 20) =>
        new(new HttpStoreOptions { Address = Address, Key = secret, Timeout = TimeSpan.FromSeconds(seconds) }, _clock);

    public void Dispose() => _listener.Close();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = GuardedAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task GuardedAsync(HttpListenerContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        // The shop's own trouble: its caller learns that something broke, and no more.
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            await WriteAsync(context, 500, null);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(memory);
        var body = memory.ToArray();
        var fault = Next;
        Next = ShopFault.None;
        if (!IsSigned(context.Request, body))
        {
            await WriteAsync(context, 401, null);
            return;
        }

        var asked = JsonNode.Parse(body)!;
        var key = (string)asked["key"]!;
        switch (fault)
        {
            case ShopFault.Breaks:
                await WriteAsync(context, 500, null);
                return;
            case ShopFault.IsBusy:
                context.Response.Headers["Retry-After"] = "7";
                await WriteAsync(context, 503, null);
                return;
            case ShopFault.Babbles:
                await WriteAsync(context, 200, "<html>"u8.ToArray());
                return;
            case ShopFault.AnswersWithANumberForAKey:
                await WriteAsync(context, 200, """{"key":7,"result":{}}"""u8.ToArray());
                return;
        }

        var (status, answer) = context.Request.Url!.AbsolutePath.EndsWith("operations", StringComparison.Ordinal) ? await PerformAsync(asked, key) : (200, new JsonObject { ["result"] = await AskAsync(asked) });
        answer["key"] = fault == ShopFault.AnswersForAnother ? "another" : key;
        if (fault == ShopFault.DropsAfterAccepting)
            context.Response.Abort();
        else if (fault != ShopFault.Hangs)
            await WriteAsync(context, status, Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }

    private bool IsSigned(HttpListenerRequest request, byte[] body)
    {
        var timestamp = request.Headers[RequestSignature.TimestampHeader] ?? "";
        return long.TryParse(timestamp, CultureInfo.InvariantCulture, out var seconds)
            && (_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() < Tolerance
            && request.Headers[RequestSignature.Header] == "sha256=" + RequestSignature.Of(Secret, timestamp, body);
    }

    private async Task<(int Status, JsonObject Answer)> PerformAsync(JsonNode asked, string key)
    {
        if (StoreOperation.Read((string)asked["kind"]!, asked["operation"]) is not { } operation)
            return (404, []);
        return await _shop.PerformAsync(key, operation, CancellationToken.None) switch
        {
            StoreOutcome.Done done => (200, new JsonObject { ["result"] = done.Result.DeepClone() }),
            StoreOutcome.Refused refused => (422, new JsonObject { ["reason"] = refused.Reason }),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task<JsonNode?> AskAsync(JsonNode asked)
    {
        var (args, token) = (asked["args"]!, CancellationToken.None);
        string Text(string name) => (string)args[name]!;
        DateTimeOffset At(string name) => (DateTimeOffset)args[name]!;
        var codes = args["stockCodes"]?.AsArray().Select(c => (string)c!).ToArray();
        object? result = (string)asked["query"]! switch
        {
            "promotions" => await _shop.ListPromotionsAsync(token),
            "promotion" => await _shop.FindPromotionAsync(Text("promotion"), token),
            "promotion-rows" => await _shop.ReadRowsAsync(Text("promotion"), token),
            "sales-figures" => await _shop.MeasureAsync(At("from"), At("to"), codes, token),
            "promotion-messages" => await _shop.ListMessagesAsync(Text("promotion"), (int)args["limit"]!, token),
            "promotion-message-counts" => await _shop.CountMessagesAsync(Text("promotion"), token),
            "announcements" => await _shop.ListAnnouncementsAsync((int)args["limit"]!, token),
            "complaints" => await _shop.ListComplaintsAsync((int)args["limit"]!, token),
            "complaint" => await _shop.FindComplaintAsync(Text("complaint"), token),
            "compensations" => await _shop.ListCompensationsAsync(Text("order"), token),
            "customer-notices" => await _shop.ListCustomerNoticesAsync(Text("complaint"), token),
            "sales-count" => await _shop.CountSalesAsync(token),
            "products" => await _shop.ListProductsAsync(codes, (string?)args["after"], (int)args["limit"]!, token),
            "coupons" => await _shop.ListCouponsAsync(Text("stockCode"), token),
            "product-message-counts" => await _shop.CountProductMessagesAsync(Text("stockCode"), token),
            "slow-movers" => await _shop.FindSlowMoversAsync(args["rule"].Deserialize<SlowMoverRule>(Json)!, At("at"), token),
            "trial-figures" => await _shop.MeasureTrialAsync(Text("stockCode"), At("from"), At("to"), token),
            var unknown => throw new InvalidOperationException(unknown),
        };
        return JsonSerializer.SerializeToNode(result, Json);
    }

    private static async Task WriteAsync(HttpListenerContext context, int status, byte[]? body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(body ?? "{}"u8.ToArray());
        context.Response.Close();
    }
}
