using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

public sealed record CustomerLine(string Href, string Name, string About, string Mobile, bool IsErased);

public sealed record DisclosureLine(string Who, string Reason, string Act, string When);

/// <summary>A customer, or the customer of a complaint, as a page shows them.</summary>
/// <param name="RevealAction">Where a reason is sent; null where nothing more can be seen.</param>
/// <param name="EraseAction">Likewise for erasing.</param>
public sealed record CustomerModel(
    string Id, string Title, string Back, IReadOnlyList<FactItem> Facts, IReadOnlyList<FactItem> Traces, IReadOnlyList<(string Href, string Text)> Links, IReadOnlyList<DisclosureLine> Disclosures, string? RevealAction, string? EraseAction)
{
    public bool IsRevealed { get; init; }
    public bool IsErased { get; init; }
    public string Reason { get; init; } = "";
    public string? RevealProblem { get; init; }
    public string EraseReason { get; init; } = "";
    public string? EraseProblem { get; init; }

    /// <summary>The connected shop gave no answer; only what we know ourselves is shown.</summary>
    public bool IsShopAway { get; init; }
}

/// <summary>顾客: masked everywhere. Seeing more, and erasing, are posts that leave a record; the addresses themselves reveal nothing.</summary>
internal static class CustomerPages
{
    private const int PageSize = 40;

    public static void MapCustomerPages(this RouteGroupBuilder shop)
    {
        var customers = shop.MapGroup("/customers").RequireAuthorization(Rights.SeeCustomers);
        customers.MapGet("", ListAsync);
        customers.MapGet("/{id}", ShowAsync);
        customers.MapPost("/{id}/reveal", RevealAsync).RequireAuthorization(Rights.RevealCustomers);
        customers.MapPost("/{id}/erase", EraseAsync).RequireAuthorization(Rights.EraseCustomers);
        shop.MapGet("/complaints/{id}", ShowComplaintAsync).RequireAuthorization(Rights.SeeComplaints);
        shop.MapPost("/complaints/{id}/reveal", RevealComplaintAsync).RequireAuthorization(Rights.SeeComplaints, Rights.RevealCustomers);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, PageFrame frame, ICustomerRegister register, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var search = http.Request.Query["q"].ToString().Trim().Replace("\0", "", StringComparison.Ordinal);
        search = search.Length > 100 ? search[..100] : search;
        var found = await register.ListAsync(search.Length > 0 ? search : null, QueryReader.PlaceOf(http.Request.Query["after"].ToString()), PageSize + 1, cancellationToken);
        IReadOnlyList<CustomerLine> lines =
        [
            .. found.Take(PageSize).Select(c => c.Masked()).Select(c => new CustomerLine(
                "/shop/customers/" + Uri.EscapeDataString(c.Id), c.Name is { } name ? $"{name} · {c.Id}" : c.Id, string.Join(" · ", new[] { c.Level, c.Region }.Where(x => x is not null)), c.Mobile ?? page.T["customer.noNumber"], c.ErasedAt is not null)),
        ];
        return new RazorComponentResult<CustomersPage>(new
        {
            Page = page,
            Lines = lines,
            Search = search,
            Next = found.Count > PageSize ? $"/shop/customers?q={Uri.EscapeDataString(search)}&after={QueryReader.CursorOf(found[PageSize - 1].Id)}" : null,
        });
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext http, Actor actor, PageFrame frame, ICustomerRegister register, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await ReadAsync(id, page, actor, register, organisation.Current, cancellationToken) is { } model ? Of(page, model, 200) : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> RevealAsync(string id, HttpContext http, Actor actor, PageFrame frame, ICustomerRegister register, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var typed = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("reason");
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var whole = Disclosure.ReasonOf(typed) is { } reason ? await register.RevealCustomerAsync(id, actor.Name, reason, cancellationToken) : null;
        if (await ReadAsync(id, page, actor, register, organisation.Current, cancellationToken) is not { } model)
            return PageFrame.Refuse(page, 404);
        return whole is null
            ? Of(page, model with { Reason = typed, RevealProblem = Missing(page.T) }, 422)
            : Of(page, model with { Title = TitleOf(whole), Facts = FactsOf(whole, page.T), IsRevealed = true, RevealAction = null }, 200);
    }

    private static async Task<IResult> EraseAsync(string id, HttpContext http, Actor actor, PageFrame frame, ICustomerRegister register, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (typed, number) = (posted.Text("reason"), posted.Text("number").Trim());
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (Disclosure.ReasonOf(typed) is { } reason && number == id)
        {
            return await register.EraseAsync(id, actor.Name, reason, cancellationToken) is Erasure.Unknown
                ? PageFrame.Refuse(page, 404)
                : Results.LocalRedirect($"/shop/customers/{Uri.EscapeDataString(id)}?m=erased");
        }

        return await ReadAsync(id, page, actor, register, organisation.Current, cancellationToken) is { } model
            ? Of(page, model with { EraseReason = typed, EraseProblem = Disclosure.ReasonOf(typed) is null ? Missing(page.T) : page.T["customer.erase.wrongNumber"] }, 422)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> ShowComplaintAsync(string id, HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, ICustomerRegister register, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (found, isAway) = await ShopAway.AskAsync(() => shop.FindComplaintAsync(id, cancellationToken), null);
        if (isAway)
        {
            return Of(
                page,
                new CustomerModel(
                    id, page.T.With("customer.complaint", ShortOf(id)), "/shop/complaints", [], [], [("/instances/" + Uri.EscapeDataString(id), page.T["complaint.case"])],
                    await DisclosuresAsync(Disclosure.OfComplaint, id, page, register, organisation.Current, cancellationToken), null, null)
                { IsShopAway = true },
                503);
        }

        return found is { } complaint
            ? Of(page, await OfComplaintAsync(ComplaintEndpoints.Masked(complaint), page, actor, shop, register, organisation.Current, cancellationToken), 200)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> RevealComplaintAsync(string id, HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, ICustomerRegister register, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var typed = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("reason");
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var whole = Disclosure.ReasonOf(typed) is { } reason ? await shop.RevealComplaintAsync(register, id, actor.Name, reason, cancellationToken) : null;
        if ((whole ?? await shop.FindComplaintAsync(id, cancellationToken)) is not { } complaint)
            return PageFrame.Refuse(page, 404);
        var model = await OfComplaintAsync(whole ?? ComplaintEndpoints.Masked(complaint), page, actor, shop, register, organisation.Current, cancellationToken);
        return whole is null ? Of(page, model with { Reason = typed, RevealProblem = Missing(page.T) }, 422) : Of(page, model with { IsRevealed = true, RevealAction = null }, 200);
    }

    private static async Task<CustomerModel?> ReadAsync(string id, PageContext page, Actor actor, ICustomerRegister register, OrganisationSnapshot people, CancellationToken cancellationToken)
    {
        if (await register.FindCustomerAsync(id, cancellationToken) is not { } customer)
            return null;
        var t = page.T;
        var traces = await register.FindTracesAsync(id, cancellationToken);
        return new CustomerModel(
            id,
            TitleOf(customer.Masked()),
            "/shop/customers",
            FactsOf(customer.Masked(), t),
            [new(t["customer.orders"], Number(traces.Orders)), new(t["customer.spent"], Yuan(traces.Spent)), new(t["customer.promotions"], Number(traces.Promotions)), new(t["customer.complaints"], Number(traces.Complaints.Count))],
            actor.MaySeeComplaints ? [.. traces.Complaints.Take(10).Select(c => ("/shop/complaints/" + Uri.EscapeDataString(c), t.With("customer.complaint", ShortOf(c))))] : [],
            await DisclosuresAsync(Disclosure.OfCustomer, id, page, register, people, cancellationToken),
            actor.MayRevealCustomers && customer.ErasedAt is null ? $"/shop/customers/{Uri.EscapeDataString(id)}/reveal" : null,
            actor.MayEraseCustomers && customer.ErasedAt is null ? $"/shop/customers/{Uri.EscapeDataString(id)}/erase" : null)
        { IsErased = customer.ErasedAt is not null };
    }

    private static async Task<CustomerModel> OfComplaintAsync(Complaint complaint, PageContext page, Actor actor, IStorePlatform shop, ICustomerRegister register, OrganisationSnapshot people, CancellationToken cancellationToken)
    {
        var t = page.T;
        var messages = await shop.ListCustomerNoticesAsync(complaint.Id, cancellationToken);
        FactItem?[] facts =
        [
            new(t["complaint.customer"], complaint.Customer), Fact("customer.mobile", complaint.Mobile), Fact("complaint.order", complaint.OrderNo), new(t["complaint.channel"], complaint.Channel),
            Fact("complaint.class", complaint.Class), Fact("complaint.cause", complaint.Cause), new(t["complaint.state"], t["complaint.state." + complaint.State]),
            new(t["complaint.receivedAt"], Moments.Full(complaint.ReceivedAt)), Fact("complaint.repliedAt", complaint.RepliedAt is { } replied ? Moments.Full(replied) : null),
            Fact("complaint.solvedAt", complaint.SolvedAt is { } solved ? Moments.Full(solved) : null), new(t["complaint.description"], complaint.Description),
        ];
        FactItem? Fact(string label, string? text) => text is null ? null : new FactItem(t[label], text);
        return new CustomerModel(
            complaint.Id,
            t.With("customer.complaint", ShortOf(complaint.Id)),
            "/shop/complaints",
            [.. facts.OfType<FactItem>()],
            messages.Count > 0 ? [new(t["complaint.messages"], "", [.. messages.Select(m => $"{Moments.Full(m.At)} {m.Title}：{m.Body}")])] : [],
            [("/instances/" + Uri.EscapeDataString(complaint.Id), t["complaint.case"])],
            await DisclosuresAsync(Disclosure.OfComplaint, complaint.Id, page, register, people, cancellationToken),
            actor.MayRevealCustomers ? $"/shop/complaints/{Uri.EscapeDataString(complaint.Id)}/reveal" : null,
            null);
    }

    private static async Task<IReadOnlyList<DisclosureLine>> DisclosuresAsync(string subject, string id, PageContext page, ICustomerRegister register, OrganisationSnapshot people, CancellationToken cancellationToken) =>
        [.. (await register.ListDisclosuresAsync(subject, id, CustomerEndpoints.DisclosuresShown, cancellationToken)).Select(d => new DisclosureLine(people.DisplayName(d.By), d.Reason, page.T["disclosure." + d.Act], Moments.Full(d.At)))];

    private static RazorComponentResult<CustomerPage> Of(PageContext page, CustomerModel model, int status) => new(new { Page = page, Model = model }) { StatusCode = status };

    private static string TitleOf(Customer customer) => customer.Name is { } name ? $"{name} · {customer.Id}" : customer.Id;

    private static IReadOnlyList<FactItem> FactsOf(Customer customer, Texts t)
    {
        (string Label, string? Text)[] facts =
        [
            ("customer.number", customer.Id), ("customer.name", customer.Name), ("customer.mobile", customer.Mobile), ("customer.email", customer.Email), ("customer.level", customer.Level),
            ("customer.region", customer.Region), ("customer.registeredAt", customer.RegisteredAt is { } at ? Moments.Full(at) : null), ("customer.erasedAt", customer.ErasedAt is { } gone ? Moments.Full(gone) : null),
        ];
        return [.. facts.Where(f => f.Text is not null).Select(f => new FactItem(t[f.Label], f.Text!))];
    }

    /// <summary>A case's id is long; its end is what its number ends with.</summary>
    private static string ShortOf(string id) => id.Length > 12 ? "…" + id[^6..].ToUpperInvariant() : id;

    internal static string Missing(Texts t) => t.With("customer.reason.missing", Disclosure.ShortestReason, Disclosure.LongestReason);

    internal static string Number(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    internal static string Yuan(decimal amount) => "¥" + amount.ToString("N2", System.Globalization.CultureInfo.InvariantCulture);
}
