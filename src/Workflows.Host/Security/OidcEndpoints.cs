using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>The way to the identity provider and back. Without a provider these addresses answer as if they did not exist.</summary>
internal static class OidcEndpoints
{
    public static void MapOidc(this IEndpointRouteBuilder app)
    {
        app.MapGet("/signin/oidc", BeginAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(Oidc.CallbackPath, EndAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> BeginAsync(HttpContext http, Oidc oidc, ILogger<Oidc> logger, CancellationToken cancellationToken)
    {
        if (!oidc.IsEnabled)
            return Refusals.NotFound;
        try
        {
            return Results.Redirect(await oidc.BeginAsync(http, http.Request.Query["returnUrl"], cancellationToken));
        }
        // Discovery wraps whatever went wrong in this; the person may sign in with a password meanwhile.
        catch (InvalidOperationException error)
        {
            Log.OidcRefused(logger, error.GetType().Name);
            return Failed();
        }
    }

    private static async Task<IResult> EndAsync(HttpContext http, Oidc oidc, SignInService signIn, ILogger<Oidc> logger, CancellationToken cancellationToken)
    {
        if (!oidc.IsEnabled)
            return Refusals.NotFound;
        switch (await oidc.EndAsync(http, cancellationToken))
        {
            case OidcOutcome.Accepted accepted:
                await signIn.BeginAsync(http, accepted.UserName, cancellationToken);
                return Results.LocalRedirect(accepted.ReturnUrl);
            case OidcOutcome.Refused refused:
                Log.OidcRefused(logger, refused.Reason);
                break;
        }

        return Failed();
    }

    private static IResult Failed() => Results.LocalRedirect(SessionHandler.SignInPath + "?error=oidc");
}
