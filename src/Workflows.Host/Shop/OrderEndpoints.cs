using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Looking at orders and at what was done about them. Whole numbers of customers never leave by this door.</summary>
internal static class OrderEndpoints
{
    private const int Usual = 100;

    /// <summary>Newest first, unless the late ones are asked for first.</summary>
    private static readonly string[] Sorts = ["newest", "late"];

    internal sealed record OrderView(Order Order, IReadOnlyList<OrderNotice> Messages, IReadOnlyList<Compensation> Compensations);

    public static void MapOrders(this IEndpointRouteBuilder shop)
    {
        shop.MapGet("/orders", ListAsync).RequireAuthorization(Rights.SeeOrders).Produces<Page<Order>>()
            .WithSummary("订单，最新的在前，手机号已遮盖；number：订单号开头，state，late：已迟到或已过承诺送达时间，from、to：下单日期，sort=late：迟到的在前 (orders, numbers masked; filters by beginning of the number, state, late, days placed)");
        shop.MapGet("/orders/{no}", GetAsync).RequireAuthorization(Rights.SeeOrders).Produces<OrderView>()
            .WithSummary("订单、给顾客的消息、已给的补偿 (an order, what its customer was written and given)");
        shop.MapPost("/orders/{no}/reveal", RevealAsync).RequireAuthorization(Rights.SeeOrders, Rights.RevealCustomers).WithMetadata(new AnswerNotKept()).Accepts<CustomerEndpoints.Request>("application/json").Produces<Order>()
            .WithSummary("查看下单顾客的完整信息，须写明理由，留下记录 (see whose order it is, whole; the reason is kept)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStoreOrders shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "number", "state", "late", "from", "to", "sort", "after", "limit");
        var limit = query.Limit(Usual);
        var filter = new OrderFilter(
            query.Text("number"), query.Choice("state", OrderState.All), query.Flag("late"), query.Day("from"), query.Day("to")?.AddDays(1), query.Choice("sort", Sorts) == "late", query.Cursor(), limit + 1);
        if (query.Problem is { } problem)
            return problem;
        var orders = await shop.ListOrdersAsync(filter, cancellationToken);
        return Results.Json(new Page<Order>([.. orders.Take(limit).Select(Masked)], orders.Count > limit ? QueryReader.CursorOf(orders[limit - 1].OrderNo) : null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string no, IStoreOrders orders, IStorePlatform shop, CancellationToken cancellationToken) =>
        await orders.FindOrderAsync(no, cancellationToken) is not { } order
            ? Refusals.NotFound
            : Results.Json(
                new OrderView(
                    Masked(order),
                    await orders.ListOrderNoticesAsync(no, cancellationToken),
                    [.. (await shop.ListCompensationsAsync(no, cancellationToken)).Select(c => c with { Customer = PersonalData.MaskCustomer(c.Customer) })]),
                ApiJson.Options);

    private static async Task<IResult> RevealAsync(string no, Strict<CustomerEndpoints.Request> request, Actor actor, IStoreOrders orders, CancellationToken cancellationToken) =>
        Disclosure.ReasonOf(request.Value.Reason) is not { } reason ? CustomerEndpoints.BadReason
            : await orders.RevealOrderAsync(no, actor.Name, reason, cancellationToken) is { } order ? Results.Json(order, ApiJson.Options) : Refusals.NotFound;

    public static Order Masked(Order order) => order with { Customer = PersonalData.MaskCustomer(order.Customer), Mobile = PersonalData.MaskNumber(order.Mobile) };
}
