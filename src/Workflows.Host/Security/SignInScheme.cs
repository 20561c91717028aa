using Workflows.Host.HttpTriggers;

namespace Workflows.Host.Security;

/// <summary>
/// Chooses how a request proves who makes it: a bearer token or key when it brings one, else the browser's session. Addresses
/// that definitions declare never take a session: any page of the web could send a browser there.
/// </summary>
internal static class SignInScheme
{
    public const string Name = "SignIn";

    public static string Select(HttpContext http) =>
        http.Request.Headers.ContainsKey("Authorization") || http.Request.Path.StartsWithSegments(HttpTriggerEndpoints.BasePath, StringComparison.OrdinalIgnoreCase)
            ? BearerTokenHandler.SchemeName
            : SessionHandler.SchemeName;
}
