using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>
/// Signs a request in by its bearer token or a program's key. The store is asked at every request, so a person who was disabled, or who lost
/// a role, loses it with the next request.
/// </summary>
internal sealed class BearerTokenHandler(
    IOrganisationStore organisation,
    IAccessStore access,
    TimeProvider clock,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        var isKey = token.StartsWith(AccessToken.KeyPrefix, StringComparison.Ordinal);
        if (AccessToken.HashOf(isKey ? token[AccessToken.KeyPrefix.Length..] : token) is not { } hash)
            return AuthenticateResult.Fail("not a token");
        if (isKey)
        {
            return await access.FindByKeyAsync(hash, clock.GetUtcNow(), Context.RequestAborted) is { } key
                ? AuthenticateResult.Success(new AuthenticationTicket(Actor.PrincipalOf(key.Person, Scheme.Name, key.Scopes), Scheme.Name))
                : AuthenticateResult.Fail("unknown, expired or revoked");
        }

        // Sign-in time is the host's own clock: moving the business clock in Development must not sign everybody out.
        var person = await organisation.FindByTokenAsync(hash, clock.GetUtcNow(), Context.RequestAborted);
        return person is null
            ? AuthenticateResult.Fail("unknown or expired")
            : AuthenticateResult.Success(new AuthenticationTicket(Actor.PrincipalOf(person, Scheme.Name), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Refusals.SignInNeeded.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Log.Forbidden(Logger, Actor.NameOf(Context.User) ?? "", Request.Method, Request.Path);
        return Refusals.NotAllowed.ExecuteAsync(Context);
    }
}
