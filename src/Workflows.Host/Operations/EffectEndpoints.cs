using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Operations;

/// <summary>What left, or should leave, this system: messages (captured ones too), shop operations, HTTP calls.</summary>
internal static class EffectEndpoints
{
    public static void MapEffects(this IEndpointRouteBuilder api)
    {
        var effects = api.MapGroup("/ops/effects").RequireAuthorization(Rights.Operate).WithTags("operations");
        effects.MapGet("", ListAsync).Produces<Page<EffectSummary>>().WithSummary("外发与店铺操作列表 (effects)");
        effects.MapPost("/{key}/retry", RetryAsync).WithSummary("重新执行失败或结果不明的操作 (send again)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, IOutboxStore outbox, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "instanceId", "state", "limit");
        var (instance, state, limit) = (query.Text("instanceId"), query.Enum<EffectState>("state"), query.Limit(50, 500));
        return query.Problem is { } problem
            ? problem
            : Results.Json(new Page<EffectSummary>(await outbox.ListAsync(instance, state, limit, cancellationToken), null), ApiJson.Options);
    }

    private static async Task<IResult> RetryAsync(string key, Actor actor, IOutboxStore outbox, Wakeups wakeups, ILogger<OutboxLoop> logger, CancellationToken cancellationToken)
    {
        if (!await outbox.RequeueAsync(key, cancellationToken))
            return Refusals.NotFound.Because("没有失败或结果不明的此操作", "no failed or unknown effect of this key");
        Log.EffectRequeued(logger, key, actor.Name);
        wakeups.Effects.Give();
        return StoredAnswer.Of(new { key, state = EffectState.Queued });
    }
}
