namespace Workflows.Host.Security;

/// <summary>Ends a browser's session; a form post, so that no link or picture can do it.</summary>
internal static class SignOutEndpoint
{
    public static void MapSignOut(this IEndpointRouteBuilder app) =>
        app.MapPost("/signout", async (HttpContext http, SignInService signIn, CancellationToken cancellationToken) =>
        {
            await signIn.SignOutAsync(http, cancellationToken);
            return Results.LocalRedirect(SessionHandler.SignInPath);
        }).ExcludeFromDescription();
}
