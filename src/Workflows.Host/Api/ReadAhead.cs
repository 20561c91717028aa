using Workflows.Engine.Storage;
using Workflows.Host.Security;

namespace Workflows.Host.Api;

/// <summary>Marks an endpoint that acts on the task whose id is the route's "id".</summary>
internal sealed record ActsOnTask;

/// <summary>
/// What a request will surely read, asked for while it is being signed in, so that all of it shares one round trip: the stamp of
/// the rights, and the task it acts on. Every request asks anew, so nothing in it is older than the request; and nothing is told
/// before the sign-in and the rights have let the request pass. Only requests with a bearer token are helped so.
/// </summary>
internal sealed class ReadAhead(Task<RightsStamp> stamp, string? taskId, Task<StoredUserTask?>? task)
{
    public static Task<RightsStamp> StampOf(HttpContext http) =>
        http.Features.Get<ReadAhead>()?.Stamp ?? http.RequestServices.GetRequiredService<IAccessStore>().ReadStampAsync(http.RequestAborted);

    public static Task<StoredUserTask?> TaskOf(HttpContext http, string id, IUserTaskStore store) =>
        http.Features.Get<ReadAhead>() is { } ahead && ahead.TaskId == id ? ahead.Task! : store.FindAsync(id, http.RequestAborted);

    private Task<RightsStamp> Stamp => stamp;

    private string? TaskId => taskId;

    private Task<StoredUserTask?>? Task => task;

    /// <summary>Asks; comes after routing and before the sign-in.</summary>
    internal static void Begin(HttpContext http, IAccessStore access, IUserTaskStore tasks)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || !http.Request.Headers.Authorization.ToString().StartsWith(BearerTokenHandler.SchemeName, StringComparison.OrdinalIgnoreCase))
            return;
        var id = endpoint.Metadata.GetMetadata<ActsOnTask>() is null ? null : http.Request.RouteValues["id"] as string;
        http.Features.Set(new ReadAhead(access.ReadStampAsync(http.RequestAborted), id, id is null ? null : tasks.FindAsync(id, http.RequestAborted)));
    }
}

internal static class ReadAheadUse
{
    public static IApplicationBuilder UseReadAhead(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IAccessStore>();
        var tasks = app.Services.GetRequiredService<IUserTaskStore>();
        return app.Use((http, next) =>
        {
            ReadAhead.Begin(http, access, tasks);
            return next(http);
        });
    }
}
