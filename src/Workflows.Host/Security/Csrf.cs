using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>
/// Proof that a write with a session cookie was made by a page of this host: a token that is derived from the session's secret,
/// which no other site can read. It stands in the form field <see cref="Field"/> or in the header <see cref="Header"/>.
/// Bearer tokens and keys need none, because no browser sends them by itself.
/// </summary>
internal sealed class Csrf(string sessionToken)
{
    public const string Field = "_csrf";
    public const string Header = "X-CSRF-Token";

    public string Token { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("csrf\n" + sessionToken)));

    /// <summary>The token of the session at hand, for hidden fields and for the page's head; empty without a session.</summary>
    public static string TokenOf(HttpContext http) => http.Features.Get<Csrf>()?.Token ?? "";

    /// <summary>False when the browser says that another site made this request.</summary>
    public static bool IsFromHere(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is "cross-site" or "same-site")
            return false;
        if (!request.Headers.TryGetValue("Origin", out var origin))
            return true;
        return Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from) && string.Equals(from.Authority, Authority(request), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>False when nothing in the request says which site made it; browsers always do for writes and sockets.</summary>
    public static bool SaysWhereFrom(HttpRequest request) => request.Headers.ContainsKey("Origin") || request.Headers["Sec-Fetch-Site"].ToString() == "same-origin";

    public async Task<bool> IsProvedAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var sent = request.Headers[Header].ToString();
        if (sent.Length == 0 && request.HasFormContentType)
            sent = (await request.ReadFormAsync(cancellationToken))[Field].ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(Token));
    }

    /// <summary>Host and port as an origin writes them: without the scheme's own port.</summary>
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var here) ? here.Authority : "";
}

/// <summary>Refuses writes that carry a session cookie without the proof that a page of this host made them.</summary>
internal static class CsrfProtection
{
    public static IApplicationBuilder UseCsrfProtection(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var changes = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method));
        // Elsa Studio cannot send the proof: its calls, and its socket, count as ours only when the browser itself says so.
        var isStudio = request.Path.StartsWithSegments("/elsa", StringComparison.OrdinalIgnoreCase);
        var isSocket = isStudio && request.Path.StartsWithSegments("/elsa/hubs", StringComparison.OrdinalIgnoreCase);
        if ((changes || isSocket) && context.Features.Get<Csrf>() is { } csrf
            && !(Csrf.IsFromHere(request) && (isStudio ? Csrf.SaysWhereFrom(request) : await csrf.IsProvedAsync(request, context.RequestAborted))))
        {
            await Refusals.ForgedRequest.ExecuteAsync(context);
            return;
        }

        await next(context);
    });
}
