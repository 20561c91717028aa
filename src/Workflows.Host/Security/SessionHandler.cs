using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>
/// Signs a browser in by its session cookie. The store is asked at every request, so a session that was ended, or a person who
/// was disabled, is out with the next request. Somebody without a session is sent to the sign-in page when they asked for a page.
/// </summary>
internal sealed class SessionHandler(
    ISignInStore store,
    TimeProvider clock,
    IOptions<SignInOptions> settings,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";
    public const string SignInPath = "/signin";

    /// <summary>Addresses of programs: they are refused, never sent to a page.</summary>
    private static readonly string[] ForPrograms = ["/api", "/elsa", "/openapi", "/metrics", "/health", "/workflows", "/dev"];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.Read(Request, settings.Value.SecureCookies) is not { } token)
            return AuthenticateResult.NoResult();
        if (AccessToken.HashOf(token) is not { } hash)
            return AuthenticateResult.Fail("not a session");
        var person = await store.FindBySessionAsync(hash, clock.GetUtcNow(), settings.Value.SessionIdle, Context.RequestAborted);
        if (person is null)
            return AuthenticateResult.Fail("unknown or ended");
        Context.Features.Set(new Csrf(token));
        return AuthenticateResult.Success(new AuthenticationTicket(Actor.PrincipalOf(person, Scheme.Name), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!WantsPage(Request))
        {
            Response.Headers.WWWAuthenticate = BearerTokenHandler.SchemeName;
            return Refusals.SignInNeeded.ExecuteAsync(Context);
        }

        Response.Redirect($"{SignInPath}?returnUrl={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Log.Forbidden(Logger, Actor.NameOf(Context.User) ?? "", Request.Method, Request.Path);
        return Refusals.NotAllowed.ExecuteAsync(Context);
    }

    private static bool WantsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !ForPrograms.Any(p => request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The cookie that carries a session. Scripts cannot read it, other sites cannot post with it.</summary>
internal static class SessionCookie
{
    private const string Plain = "workflows_session";

    // Browsers accept this prefix only with Secure, for the whole host and from the host itself: no neighbour can plant one.
    private const string Secure = "__Host-workflows_session";

    /// <summary>Where cookies are secure, the plain one is not looked at: a neighbour could have planted it.</summary>
    public static string? Read(HttpRequest request, SecureCookies rule) =>
        request.Cookies.TryGetValue(Secure, out var secure) ? secure
        : !request.IsHttps && rule != SecureCookies.Always && request.Cookies.TryGetValue(Plain, out var plain) ? plain
        : null;

    public static void Write(HttpContext http, string token, DateTimeOffset expiresAt, SecureCookies rule)
    {
        var secure = http.Request.IsHttps || rule == SecureCookies.Always;
        http.Response.Cookies.Append(secure ? Secure : Plain, token, Options(secure, expiresAt));
    }

    public static void Clear(HttpContext http)
    {
        foreach (var (name, secure) in new[] { (Plain, false), (Secure, true) })
        {
            if (http.Request.Cookies.ContainsKey(name))
                http.Response.Cookies.Delete(name, Options(secure, null));
        }
    }

    private static CookieOptions Options(bool secure, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = secure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expiresAt,
        IsEssential = true,
    };
}
