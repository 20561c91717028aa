namespace Workflows.Host.Operations;

/// <summary>For machines: alive, ready, and figures for Prometheus.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).AllowAnonymous().WithTags("operations").WithSummary("进程存活 (alive)");
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken cancellationToken) =>
                await readiness.FindFaultsAsync(cancellationToken) is { Count: > 0 } faults
                    ? Results.Json(new { status = "not-ready", faults }, statusCode: StatusCodes.Status503ServiceUnavailable)
                    : Results.Json(new { status = "ready" }))
            .AllowAnonymous().WithTags("operations").WithSummary("可以提供服务 (ready)");
        app.MapGet("/metrics", async (Metrics metrics, CancellationToken cancellationToken) =>
                Results.Text(await metrics.WriteAsync(cancellationToken), "text/plain; version=0.0.4; charset=utf-8"))
            .RequireAuthorization(Security.Rights.Operate).WithTags("operations").WithSummary("Prometheus");
    }
}
