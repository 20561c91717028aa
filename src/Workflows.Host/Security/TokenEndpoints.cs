using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>Sign-in for programs: user name and password against a bearer token of twelve hours.</summary>
internal static class TokenEndpoints
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    internal sealed record SignIn(string UserName, string Password);

    internal sealed record Token(string TokenType, string AccessToken, DateTimeOffset ExpiresAt, string UserName);

    public static void MapTokens(this IEndpointRouteBuilder api) =>
        api.MapPost("/tokens", SignInAsync).AllowAnonymous().Accepts<SignIn>("application/json").Produces<Token>().WithTags("tokens")
            .WithSummary("登录，取得访问令牌 (sign in)");

    private static async Task<IResult> SignInAsync(
        HttpContext http, Strict<SignIn> body, SignInService signIn, IOrganisationStore organisation, TimeProvider clock, CancellationToken cancellationToken)
    {
        switch (await signIn.CheckAsync(http, body.Value.UserName, body.Value.Password, cancellationToken))
        {
            case SignInOutcome.MustWait wait:
                return Refusals.TooManyAttempts with { RetryAfter = wait.Wait };
            case SignInOutcome.Accepted accepted:
                var (token, hash) = AccessToken.Create();
                var expiresAt = clock.GetUtcNow() + Lifetime;
                await organisation.AddTokenAsync(hash, accepted.UserName, expiresAt, cancellationToken);
                http.Response.Headers.CacheControl = "no-store";
                return Results.Json(new Token(BearerTokenHandler.SchemeName, token, expiresAt, accepted.UserName), ApiJson.Options);
            default:
                return Refusals.SignInFailed;
        }
    }
}
