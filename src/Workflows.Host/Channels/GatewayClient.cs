using System.Globalization;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels;

/// <summary>
/// One request to a gateway of the settings, with what is the same for all of them: five seconds to connect, a limit for the
/// whole, a small answer, no redirects, no cookies, nothing unpacked.
/// </summary>
internal sealed class GatewayClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 16,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>Sends and hands the answer to <paramref name="read"/>, unless it is one that means the same everywhere: throttled, or out of service.</summary>
    public async Task<SendOutcome> SendAsync(HttpRequestMessage request, TimeSpan atMost, Func<int, string, SendOutcome> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(atMost);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            var status = (int)response.StatusCode;
            if (status is 429 or 503)
                return new SendOutcome.NotTaken($"网关限流或暂停服务 (throttled or out of service, HTTP {status})", GatewayAtFault: true, RetryAfter(response));
            return read(status, await response.Content.ReadAsStringAsync(limit.Token));
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return new SendOutcome.NotTaken($"连接不上 (no connection): {Plain(e)}", GatewayAtFault: true);
        }
        catch (OperationCanceledException)
        {
            return new SendOutcome.Doubtful($"{atMost.TotalSeconds:0} 秒内没有应答 (no answer in time)");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new SendOutcome.Doubtful($"应答丢失 (the answer was lost): {Plain(e)}");
        }
    }

    public void Dispose() => _client.Dispose();

    // Never the address: a robot's or gateway's may hold its secret.
    private static string Plain(Exception e) => e is HttpRequestException { HttpRequestError: var error } ? error.ToString() : e.GetType().Name;

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Retry-After", out var values) || !double.TryParse(values.FirstOrDefault(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds))
            return null;
        // The past and the years to come are no answer; our own back-off is.
        return seconds is >= 0 and <= 86_400 ? TimeSpan.FromSeconds(Math.Max(seconds, 1)) : null;
    }
}
