namespace Workflows.Host.Api;

/// <summary>Answers that the framework gives with an empty body (no such route, wrong method) become problems like all others.</summary>
internal static class StatusProblems
{
    public static IApplicationBuilder UseStatusProblems(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response.HasStarted || context.Response.ContentType is not null || context.Response.StatusCode < 400)
            return;
        var problem = context.Response.StatusCode switch
        {
            404 => Refusals.NotFound,
            405 => Refusals.MethodNotAllowed,
            413 => Refusals.TooLarge,
            415 => Refusals.UnsupportedMediaType,
            var status => Refusals.BadRequest with { Status = status },
        };
        await problem.ExecuteAsync(context);
    });
}
