using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Customers for programs: masked, unless somebody who may gives a reason, which is kept. Closed to keys of programs.</summary>
internal static class CustomerEndpoints
{
    private const int PageSize = 100;
    public const int DisclosuresShown = 100;

    /// <param name="Reason">Why, in words that another person can judge later.</param>
    internal sealed record Request(string Reason);

    internal sealed record CustomerView(Customer Customer, CustomerTraces Traces, IReadOnlyList<Disclosure> Disclosures);

    internal sealed record ErasedView(string Id, DateTimeOffset? ErasedBefore, int Rows);

    public static void MapCustomers(this IEndpointRouteBuilder shop)
    {
        var customers = shop.MapGroup("/customers").RequireAuthorization(Rights.SeeCustomers);
        customers.MapGet("", ListAsync).Produces<Page<Customer>>().WithSummary("顾客，已遮盖；search：编号开头、完整姓名或完整手机号 (customers, masked)");
        customers.MapGet("/{id}", GetAsync).Produces<CustomerView>().WithSummary("顾客，已遮盖，及查看记录 (a customer, masked, and who saw more)");
        customers.MapPost("/{id}/reveal", RevealAsync).RequireAuthorization(Rights.RevealCustomers).WithMetadata(new AnswerNotKept()).Accepts<Request>("application/json").Produces<Customer>()
            .WithSummary("查看完整信息，须写明理由，留下记录 (see it whole; the reason is kept)");
        customers.MapPost("/{id}/erase", EraseAsync).RequireAuthorization(Rights.EraseCustomers).Accepts<Request>("application/json").Produces<ErasedView>()
            .WithSummary("删除个人信息，须写明依据，不可恢复 (erase what is personal; cannot be undone)");
        shop.MapPost("/complaints/{id}/reveal", RevealComplaintAsync).RequireAuthorization(Rights.RevealCustomers).WithMetadata(new AnswerNotKept()).Accepts<Request>("application/json").Produces<Complaint>()
            .WithSummary("查看投诉人的完整信息，须写明理由，留下记录 (see the complainant whole; the reason is kept)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, ICustomerRegister register, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "search", "after", "limit");
        var (search, after, limit) = (query.Text("search"), query.Cursor(), query.Limit(PageSize));
        if (query.Problem is { } problem)
            return problem;
        var found = await register.ListAsync(search, after, limit, cancellationToken);
        return Results.Json(new Page<Customer>([.. found.Select(c => c.Masked())], found.Count == limit ? QueryReader.CursorOf(found[^1].Id) : null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, ICustomerRegister register, CancellationToken cancellationToken) =>
        await register.FindCustomerAsync(id, cancellationToken) is not { } customer
            ? Refusals.NotFound
            : Results.Json(
                new CustomerView(customer.Masked(), await register.FindTracesAsync(id, cancellationToken), await register.ListDisclosuresAsync(Disclosure.OfCustomer, id, DisclosuresShown, cancellationToken)),
                ApiJson.Options);

    private static async Task<IResult> RevealAsync(string id, Strict<Request> request, Actor actor, ICustomerRegister register, CancellationToken cancellationToken) =>
        Disclosure.ReasonOf(request.Value.Reason) is not { } reason ? BadReason
            : await register.RevealCustomerAsync(id, actor.Name, reason, cancellationToken) is { } customer ? Results.Json(customer, ApiJson.Options) : Refusals.NotFound;

    private static async Task<IResult> RevealComplaintAsync(string id, Strict<Request> request, Actor actor, IStorePlatform shop, ICustomerRegister register, CancellationToken cancellationToken) =>
        Disclosure.ReasonOf(request.Value.Reason) is not { } reason ? BadReason
            : await shop.RevealComplaintAsync(register, id, actor.Name, reason, cancellationToken) is { } complaint ? Results.Json(complaint, ApiJson.Options) : Refusals.NotFound;

    private static async Task<IResult> EraseAsync(string id, Strict<Request> request, Actor actor, ICustomerRegister register, CancellationToken cancellationToken)
    {
        if (Disclosure.ReasonOf(request.Value.Reason) is not { } reason)
            return BadReason;
        return await register.EraseAsync(id, actor.Name, reason, cancellationToken) switch
        {
            Erasure.Done done => StoredAnswer.Of(new ErasedView(id, null, done.Rows)),
            Erasure.AlreadyErased earlier => StoredAnswer.Of(new ErasedView(id, earlier.At, 0)),
            _ => Refusals.NotFound,
        };
    }

    public static Problem BadReason => Refusals.Unprocessable.At(
        "$.reason", "reason-needed", $"请写明理由，{Disclosure.ShortestReason} 到 {Disclosure.LongestReason} 个字", $"give a reason of {Disclosure.ShortestReason} to {Disclosure.LongestReason} characters");
}
