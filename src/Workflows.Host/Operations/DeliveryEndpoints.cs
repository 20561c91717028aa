using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Messages;
using Workflows.Host.Security;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Operations;

/// <summary>Messages for programs of operators: what was said to whom, what became of it, send again. Numbers are masked, drafts and attachments left out.</summary>
internal static class DeliveryEndpoints
{
    internal sealed record DeliveryView(
        string Key, string InstanceId, string? TaskId, string? Event, Severity Severity, string Channel, string Gateway, string? UserName, string Address, string Subject, string Body,
        DeliveryState State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts, int Doubts, string? LastError, string? GatewayId, DateTimeOffset? SentAt, ReceiptState Receipt,
        DateTimeOffset? ReceiptAt, string? ParentKey, string? MergedInto)
    {
        public static DeliveryView Of(Delivery d) => new(
            d.Key, d.InstanceId, d.TaskId, d.Event, d.Severity, d.Channel, d.Gateway, d.UserName, Shown(d), d.Subject, d.Body,
            d.State, d.CreatedAt, d.DueAt, d.Attempts, d.Doubts, d.LastError, d.GatewayId, d.SentAt, d.Receipt, d.ReceiptAt, d.ParentKey, d.MergedInto);
    }

    internal sealed record DeliveryDetail(DeliveryView Delivery, IReadOnlyList<DeliveryAttempt> AttemptList, IReadOnlyList<DeliveryReceipt> Receipts);

    /// <summary>A message inside the product.</summary>
    /// <param name="ReadAt">When its person opened it; null while unread.</param>
    internal sealed record NoticeView(string Id, string UserName, string Subject, string Body, string? TaskId, string? InstanceId, DateTimeOffset At, DateTimeOffset? ReadAt);

    internal sealed record Replay(DateTimeOffset From, DateTimeOffset To);

    public static void MapDeliveries(this IEndpointRouteBuilder api)
    {
        var deliveries = api.MapGroup("/ops/deliveries").RequireAuthorization(Rights.Operate).WithTags("operations");
        deliveries.MapGet("", ListAsync).Produces<Page<DeliveryView>>().WithSummary("消息投递列表 (deliveries)");
        deliveries.MapGet("/{key}", FindAsync).Produces<DeliveryDetail>().WithSummary("一条消息及其每次尝试 (a delivery with its attempts)");
        deliveries.MapPost("/{key}/resend", ResendAsync).WithSummary("重新发送 (send again)");
        api.MapGet("/ops/notices", ListNoticesAsync).RequireAuthorization(Rights.Operate).Produces<Page<NoticeView>>()
            .WithTags("operations").WithSummary("一个流程实例的站内信及是否已读 (in-site messages of an instance, with when they were read)");
        api.MapPost("/ops/webhooks/{name}/replay", ReplayAsync).RequireAuthorization(Rights.Operate).Accepts<Replay>("application/json")
            .WithTags("operations").WithSummary("重放一段时间的事件 (tell a webhook again)");
    }

    /// <summary>Numbers are masked wherever they are shown.</summary>
    public static string Shown(Delivery delivery) => delivery.Channel == MessageChannels.Sms ? PersonalData.MaskNumber(delivery.Address) ?? "" : delivery.Address;

    private static async Task<IResult> ListAsync(HttpContext http, IDeliveryStore deliveries, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "state", "channel", "user", "instanceId", "event", "after", "limit");
        var filter = new DeliveryFilter(query.Enum<DeliveryState>("state"), query.Text("channel"), query.Text("user"), query.Text("instanceId"), query.Text("event"), query.Cursor(), query.Limit(50));
        if (query.Problem is { } problem)
            return problem;
        var (items, next) = await deliveries.ListAsync(filter, cancellationToken);
        return Results.Json(new Page<DeliveryView>([.. items.Select(DeliveryView.Of)], QueryReader.CursorOf(next)), ApiJson.Options);
    }

    private static async Task<IResult> ListNoticesAsync(HttpContext http, INoticeStore notices, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "instanceId", "limit");
        var (instance, limit) = (query.Text("instanceId"), query.Limit(50));
        if (query.Problem is { } problem)
            return problem;
        if (string.IsNullOrEmpty(instance))
            return Refusals.BadQuery.At("instanceId", "missing", "须给出流程实例编号", "the id of an instance is needed");
        var found = await notices.ListOfInstanceAsync(instance, limit, cancellationToken);
        return Results.Json(new Page<NoticeView>([.. found.Select(n => new NoticeView(n.Id, n.UserName, n.Subject, n.Body, n.TaskId, n.InstanceId, n.At, n.ReadAt))], null), ApiJson.Options);
    }

    private static async Task<IResult> FindAsync(string key, IDeliveryStore deliveries, CancellationToken cancellationToken) =>
        await deliveries.FindAsync(key, cancellationToken) is { } found
            ? Results.Json(new DeliveryDetail(DeliveryView.Of(found), await deliveries.ListAttemptsAsync(key, cancellationToken), await deliveries.ListReceiptsAsync(key, cancellationToken)), ApiJson.Options)
            : Refusals.NotFound.Because("没有这条消息", "no such message");

    private static async Task<IResult> ResendAsync(string key, Actor actor, IDeliveryStore deliveries, MessageSignal signal, ILogger<MessageLoop> logger, CancellationToken cancellationToken)
    {
        if (!await deliveries.RequeueAsync(key, cancellationToken))
            return Refusals.NotFound.Because("没有失败、结果不明或只被捕获的此消息", "no failed, unknown, captured or suppressed message of this key");
        Log.MessageRequeued(logger, key, actor.Name);
        signal.Give();
        return StoredAnswer.Of(new { key, state = DeliveryState.Queued });
    }

    private static async Task<IResult> ReplayAsync(string name, Strict<Replay> body, Actor actor, GatewayList gateways, IDeliveryStore deliveries, MessageSignal signal, ILogger<MessageLoop> logger, CancellationToken cancellationToken)
    {
        var gateway = "webhook:" + name;
        if (gateways.Find(gateway) is null)
            return Refusals.NotFound.Because("没有配置这个 Webhook", "no webhook of this name is configured");
        if (body.Value.From >= body.Value.To)
            return Refusals.BadBody.At("$.to", "out-of-range", "须晚于 from", "must be later than from");
        var count = await deliveries.ReplayAsync(gateway, body.Value.From, body.Value.To, cancellationToken);
        Log.MessageRequeued(logger, $"{gateway} ({count})", actor.Name);
        signal.Give();
        return StoredAnswer.Of(new { count });
    }
}
