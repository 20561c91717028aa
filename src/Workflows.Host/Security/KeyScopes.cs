using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>
/// What a program's key may be used for. A key acts for a person and never beyond that person's rights; its scopes narrow them
/// further. A route that is named here by none is closed to keys, those that make keys, passwords and rights above all.
/// </summary>
internal static class KeyScopes
{
    public const string Read = "read";

    /// <summary>Scope, method ("*" for all that change) and beginning of the route.</summary>
    private static readonly (string Scope, string Route)[] Table =
    [
        ("start", "/api/v1/instances"),
        ("operate", "/api/v1/instances/{id}/cancel"),
        ("operate", "/api/v1/instances/{id}/retry"),
        ("operate", "/api/v1/ops/"),
        ("handle", "/api/v1/tasks/"),
        ("operate", "/api/v1/tasks/bulk/reassign"),
        ("events", "/api/v1/events/"),
        ("operate", "/api/v1/clocks/"),
        ("design", "/api/v1/definitions"),
        ("design", "/api/v1/calendars/"),
        ("design", "/api/v1/ladders/"),
        ("design", "/api/v1/rotas/"),
        ("import", "/api/v1/store/import/"),
        ("import", "/api/v1/store/metrics"),
        ("design", "/api/v1/store/thresholds/"),
        ("people", "/api/v1/organisation/import"),
        ("start", "/workflows/"),
    ];

    private static readonly string[] Closed = ["/api/v1/definitions/{id}/rights", "/api/v1/keys", "/api/v1/organisation/audit", "/api/v1/store/customers", "/api/v1/store/complaints/{id}/reveal"];

    public static readonly IReadOnlyList<string> All = [Read, .. Table.Select(t => t.Scope).Distinct()];

    /// <summary>The scope a route asks of a key; null when no key is enough.</summary>
    public static string? Of(string method, string route)
    {
        if (Closed.Any(c => Begins(route, c)))
            return null;
        // A definition's own address may start something whatever its method is.
        if ((HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !Begins(route, "/workflows/"))
            return Read;
        return Table.Where(t => t.Route == "/api/v1/instances" ? route == t.Route : Begins(route, t.Route)).Select(t => t.Scope).LastOrDefault();
    }

    public static IApplicationBuilder UseKeyScopes(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var scopes = context.User.FindAll(Actor.ScopeClaim).Select(c => c.Value).ToList();
        if (scopes.Count == 0 || context.GetEndpoint() is not RouteEndpoint endpoint)
            return next(context);
        var needed = Of(context.Request.Method, "/" + endpoint.RoutePattern.RawText?.Trim('/'));
        return needed is not null && scopes.Contains(needed) ? next(context) : Refusals.ScopeMissing.With("scope", needed).ExecuteAsync(context);
    });

    private static bool Begins(string route, string with) => route.StartsWith(with, StringComparison.Ordinal);
}
