using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Looking at complaints and at what was given for them. Whole numbers of customers never leave by this door.</summary>
internal static class ComplaintEndpoints
{
    private const int Shown = 200;

    internal sealed record ComplaintView(Complaint Complaint, IReadOnlyList<CustomerNotice> Messages, IReadOnlyList<Compensation> Compensations);

    public static void MapComplaints(this IEndpointRouteBuilder shop)
    {
        shop.MapGet("/complaints", ListAsync).RequireAuthorization(Rights.SeeComplaints).Produces<Page<Complaint>>().WithSummary("投诉单，最新的在前，手机号已遮盖 (complaints, numbers masked)");
        shop.MapGet("/complaints/{id}", GetAsync).RequireAuthorization(Rights.SeeComplaints).Produces<ComplaintView>()
            .WithSummary("投诉单、给顾客的消息、该订单的补偿 (a complaint, what its customer was written, what was given for its order)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStorePlatform shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        return query.Problem is { } problem
            ? problem
            : Results.Json(new Page<Complaint>([.. (await shop.ListComplaintsAsync(Shown, cancellationToken)).Select(Masked)], null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, IStorePlatform shop, CancellationToken cancellationToken) =>
        await shop.FindComplaintAsync(id, cancellationToken) is not { } complaint
            ? Refusals.NotFound
            : Results.Json(
                new ComplaintView(
                    Masked(complaint),
                    await shop.ListCustomerNoticesAsync(id, cancellationToken),
                    complaint.OrderNo is { } order ? [.. (await shop.ListCompensationsAsync(order, cancellationToken)).Select(c => c with { Customer = PersonalData.MaskCustomer(c.Customer) })] : []),
                ApiJson.Options);

    public static Complaint Masked(Complaint complaint) =>
        complaint with { Customer = PersonalData.MaskCustomer(complaint.Customer) ?? "", Mobile = PersonalData.MaskNumber(complaint.Mobile) };
}
