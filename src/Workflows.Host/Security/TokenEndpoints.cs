using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>Sign-in for programs: user name and password against a bearer token of twelve hours.</summary>
internal static class TokenEndpoints
{
    private const int LongestField = 256;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    internal sealed record SignIn(string UserName, string Password);

    internal sealed record Token(string TokenType, string AccessToken, DateTimeOffset ExpiresAt, string UserName);

    public static void MapTokens(this IEndpointRouteBuilder api) =>
        api.MapPost("/tokens", SignInAsync).AllowAnonymous().Accepts<SignIn>("application/json").Produces<Token>().WithTags("tokens")
            .WithSummary("登录，取得访问令牌 (sign in)");

    private static async Task<IResult> SignInAsync(
        HttpContext http, Strict<SignIn> body, Passwords passwords, SignInThrottle throttle, IOrganisationStore organisation, TimeProvider clock, ILogger<SignInThrottle> logger, CancellationToken cancellationToken)
    {
        var (userName, password) = body.Value;
        if (userName.Length is 0 or > LongestField || password.Length > LongestField)
            return Refusals.SignInFailed;
        var from = http.Connection.RemoteIpAddress;
        if (throttle.MustWait(userName, from) is { } wait)
            return Refusals.TooManyAttempts with { RetryAfter = wait };

        if (!await passwords.CheckAsync(userName, password, cancellationToken))
        {
            throttle.Failed(userName, from);
            Log.SignInFailed(logger, from?.ToString() ?? "");
            return Refusals.SignInFailed;
        }

        var (token, hash) = AccessToken.Create();
        var expiresAt = clock.GetUtcNow() + Lifetime;
        await organisation.AddTokenAsync(hash, userName, expiresAt, cancellationToken);
        // A disabled person keeps the password but gets no further: the answer is the same as for a wrong one.
        if (await organisation.FindByTokenAsync(hash, clock.GetUtcNow(), cancellationToken) is null)
        {
            throttle.Failed(userName, from);
            return Refusals.SignInFailed;
        }

        throttle.Succeeded(userName, from);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Token(BearerTokenHandler.SchemeName, token, expiresAt, userName), ApiJson.Options);
    }
}
