using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Looking at orders and at what was done about them. Whole numbers of customers never leave by this door.</summary>
internal static class OrderEndpoints
{
    private const int Shown = 200;

    internal sealed record OrderView(Order Order, IReadOnlyList<OrderNotice> Messages, IReadOnlyList<Compensation> Compensations);

    public static void MapOrders(this IEndpointRouteBuilder shop)
    {
        shop.MapGet("/orders", ListAsync).RequireAuthorization(Rights.SeeOrders).Produces<Page<Order>>().WithSummary("订单，最新的在前，手机号已遮盖 (orders, numbers masked)");
        shop.MapGet("/orders/{no}", GetAsync).RequireAuthorization(Rights.SeeOrders).Produces<OrderView>()
            .WithSummary("订单、给顾客的消息、已给的补偿 (an order, what its customer was written and given)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStoreOrders shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "after");
        var after = query.Cursor();
        if (query.Problem is { } problem)
            return problem;
        var orders = await shop.ListOrdersAsync(after, Shown, cancellationToken);
        return Results.Json(new Page<Order>([.. orders.Select(Masked)], orders.Count == Shown ? QueryReader.CursorOf(orders[^1].OrderNo) : null), ApiJson.Options);
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

    private static Order Masked(Order order) => order with { Customer = PersonalData.MaskCustomer(order.Customer), Mobile = PersonalData.MaskNumber(order.Mobile) };
}
