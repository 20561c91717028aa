using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

/// <summary>What the list of orders was asked for, as it was typed.</summary>
public sealed record OrderSearch(string Number, string State, bool IsLate, bool LateFirst, string From, string To)
{
    public bool IsNarrow => Number.Length > 0 || State.Length > 0 || IsLate || From.Length > 0 || To.Length > 0;

    /// <summary>True when something stands in the folded part of the form.</summary>
    public bool HasMore => State.Length > 0 || IsLate || LateFirst || From.Length > 0 || To.Length > 0;
}

public sealed record OrdersModel(OrderSearch Search, IReadOnlyList<ShopLine> Lines, string? Problem, string? Next);

/// <param name="Course">What happened to the order and what was promised, in order of time.</param>
/// <param name="RevealAction">Where a reason is sent; null where nothing more can be seen.</param>
public sealed record OrderModel(
    string Title, IReadOnlyList<(string Text, string Stamp)> Chips, IReadOnlyList<FactItem> Facts, IReadOnlyList<TrailNode> Course, string? CourseNote, IReadOnlyList<CaseLine> Cases, TableModel Compensations, IReadOnlyList<string> Messages, IReadOnlyList<DisclosureLine> Disclosures, string? RevealAction)
{
    public bool IsRevealed { get; init; }
    public string Reason { get; init; } = "";
    public string? RevealProblem { get; init; }
}

/// <summary>订单: searched by number, the late ones first when asked; one order with its course, its cases and what was given for it. Whose it is stays masked until a reason is given.</summary>
internal static class OrderPages
{
    private const int PageSize = 50;

    /// <summary>The process whose parameters say how long a parcel may take (catalogue 3.3).</summary>
    private const string DeliveryProcess = "delivery_time_monitoring";

    public static void MapOrderPages(this RouteGroupBuilder shop)
    {
        var orders = shop.MapGroup("/orders").RequireAuthorization(Rights.SeeOrders);
        orders.MapGet("", ListAsync);
        orders.MapGet("/{no}", ShowAsync);
        orders.MapPost("/{no}/reveal", RevealAsync).RequireAuthorization(Rights.RevealCustomers);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, PageFrame frame, IStoreOrders shop, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var t = page.T;
        string Asked(string name) => http.Request.Query[name].ToString().Trim().Replace("\0", "", StringComparison.Ordinal);
        var search = new OrderSearch(Cut(Asked("q")), OrderState.All.Contains(Asked("state")) ? Asked("state") : "", Asked("late") == "1", Asked("sort") == "late", Asked("from"), Asked("to"));
        var (from, to) = (ShopDay.Read(search.From), ShopDay.Read(search.To));
        var problem = (search.From.Length > 0 && from is null) || (search.To.Length > 0 && to is null) ? t["order.badDate"] : from > to ? t["order.datesTurned"] : null;
        IReadOnlyList<Order> found = problem is not null ? [] : await shop.ListOrdersAsync(
            new OrderFilter(
                search.Number.Length > 0 ? search.Number : null, search.State.Length > 0 ? search.State : null, search.IsLate ? true : null,
                from is { } first ? ShopCalendar.BeginOf(first) : null, to is { } last ? ShopCalendar.BeginOf(last.AddDays(1)) : null, search.LateFirst, QueryReader.PlaceOf(Asked("after")), PageSize + 1),
            cancellationToken);
        var lines = found.Take(PageSize).Select(o => new ShopLine(
            "/shop/orders/" + Uri.EscapeDataString(o.OrderNo), o.OrderNo,
            string.Join(" · ", new[] { t.With("order.placedAt", Moments.Short(o.PlacedAt, page.Now, t)), o.CityTier is { } tier ? t["order.tier." + tier] : null, o.AmountFen is { } fen ? CustomerPages.Yuan(fen / 100m) : null }.OfType<string>()),
            ChipsOf(o, page)));
        return new RazorComponentResult<OrdersPage>(new
        {
            Page = page,
            Model = new OrdersModel(search, [.. lines], problem, found.Count > PageSize ? AddressOf(search, QueryReader.CursorOf(found[PageSize - 1].OrderNo)!) : null),
        })
        { StatusCode = problem is null ? 200 : 422 };
    }

    private static async Task<IResult> ShowAsync(string no, HttpContext http, Actor actor, PageFrame frame, OrderReader reader, IStoreOrders shop, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await shop.FindOrderAsync(no, cancellationToken) is { } order
            ? Of(page, await reader.ReadAsync(OrderEndpoints.Masked(order), page, actor, cancellationToken), 200)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> RevealAsync(string no, HttpContext http, Actor actor, PageFrame frame, OrderReader reader, IStoreOrders shop, CancellationToken cancellationToken)
    {
        var typed = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("reason");
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var whole = Disclosure.ReasonOf(typed) is { } reason ? await shop.RevealOrderAsync(no, actor.Name, reason, cancellationToken) : null;
        if ((whole ?? await shop.FindOrderAsync(no, cancellationToken)) is not { } order)
            return PageFrame.Refuse(page, 404);
        var model = await reader.ReadAsync(whole ?? OrderEndpoints.Masked(order), page, actor, cancellationToken);
        return whole is null
            ? Of(page, model with { Reason = typed, RevealProblem = CustomerPages.Missing(page.T) }, 422)
            : Of(page, model with { IsRevealed = true, RevealAction = null }, 200);
    }

    /// <summary>Where it stands, and that it is late when it is.</summary>
    public static IReadOnlyList<(string Text, string Stamp)> ChipsOf(Order order, PageContext page)
    {
        var t = page.T;
        var state = (t["order.state." + order.State], order.State switch { OrderState.Delivered => "good", OrderState.Cancelled or OrderState.Unavailable => "quiet", _ => "running" });
        if (!order.IsLate(page.Now))
            return [state];
        var by = Moments.Span((order.DeliveredAt ?? page.Now) - order.PromisedDeliveryAt!.Value, t);
        return [(t.With(order.DeliveredAt is null ? "order.overdueBy" : "order.lateBy", by), "bad"), state];
    }

    private static string AddressOf(OrderSearch search, string after)
    {
        var query = new (string Name, string Value)[]
        {
            ("q", search.Number), ("state", search.State), ("late", search.IsLate ? "1" : ""), ("sort", search.LateFirst ? "late" : ""), ("from", search.From), ("to", search.To), ("after", after),
        };
        return "/shop/orders?" + string.Join('&', query.Where(q => q.Value.Length > 0).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"));
    }

    private static string Cut(string text) => text.Length > 100 ? text[..100] : text;

    private static RazorComponentResult<OrderPage> Of(PageContext page, OrderModel model, int status) => new(new { Page = page, Model = model }) { StatusCode = status };

    /// <summary>Puts together what the page of an order shows.</summary>
    internal sealed class OrderReader(IStoreOrders orders, IStorePlatform shop, ICustomerRegister register, CaseReader cases, IGraphSource graphs, IOrganisationSource organisation, EngineClock clock)
    {
        /// <param name="order">Masked, unless it was revealed.</param>
        public async Task<OrderModel> ReadAsync(Order order, PageContext page, Actor actor, CancellationToken cancellationToken)
        {
            var (t, people) = (page.T, organisation.Current);
            FactItem?[] facts =
            [
                new(t["order.number"], order.OrderNo), Fact("complaint.customer", order.Customer), Fact("customer.mobile", order.Mobile), Fact("order.amount", order.AmountFen is { } fen ? CustomerPages.Yuan(fen / 100m) : null),
                new(t["order.tier"], t[order.CityTier is { } tier ? "order.tier." + tier : "order.tier.unknown"]), Fact("order.supplier", order.SupplierCode), Fact("order.carrier", order.Carrier), Fact("order.waybill", order.Waybill),
                Fact("order.cancelReason", order.CancelReason), Fact("order.refunded", order.RefundedFen is { } back ? CustomerPages.Yuan(back / 100m) : null),
            ];
            FactItem? Fact(string label, string? text) => string.IsNullOrEmpty(text) ? null : new FactItem(t[label], text);
            var given = await shop.ListCompensationsAsync(order.OrderNo, cancellationToken);
            var complaints = await orders.ListComplaintsOfOrderAsync(order.OrderNo, cancellationToken);
            var messages = await orders.ListOrderNoticesAsync(order.OrderNo, cancellationToken);
            var (course, note) = await CourseAsync(order, page, cancellationToken);
            return new OrderModel(
                order.OrderNo,
                ChipsOf(order, page),
                [.. facts.OfType<FactItem>()],
                course,
                note,
                await cases.AboutAsync(page, actor, order.OrderNo, [.. complaints, .. given.Select(c => CaseReader.IdOf(c.Id))], cancellationToken),
                new TableModel(
                    t["order.compensations"], [t["order.cause"], t["order.form"], t["order.worth"], t["order.givenAt"], t["product.state"]],
                    [
                        .. given.Select(c => new TableRow(
                            [c.Cause, t.Or("order.form." + c.Form, c.Form), CustomerPages.Yuan(c.Amount), Moments.Full(c.GivenAt), t[c.RevokedAt is not null ? "order.given.revoked" : c.UsedAt is not null ? "order.given.used" : "order.given"]])),
                    ],
                    t["order.noCompensations"]),
                [.. messages.Select(m => $"{Moments.Full(m.At)} {m.Title}{(t.IsChinese ? "：" : ": ")}{m.Body}")],
                [
                    .. (await register.ListDisclosuresAsync(Disclosure.OfOrder, order.OrderNo, CustomerEndpoints.DisclosuresShown, cancellationToken))
                        .Select(d => new DisclosureLine(people.DisplayName(d.By), d.Reason, t["disclosure." + d.Act], Moments.Full(d.At))),
                ],
                actor.MayRevealCustomers && (order.Customer is not null || order.Mobile is not null) ? $"/shop/orders/{Uri.EscapeDataString(order.OrderNo)}/reveal" : null);
        }

        private async Task<(IReadOnlyList<TrailNode> Nodes, string? Note)> CourseAsync(Order order, PageContext page, CancellationToken cancellationToken)
        {
            var (t, now) = (page.T, clock.GetUtcNow());
            var nodes = new List<(DateTimeOffset At, int Rank, TrailNode Node)>();
            void Happened(string what, DateTimeOffset? at, string kind = "good", string? state = null)
            {
                if (at is { } when)
                    nodes.Add((when, 0, new TrailNode(kind, t["order.course." + what], State: state, When: Moments.Full(when))));
            }

            void Promised(string title, DateTimeOffset? at, DateTimeOffset? kept, bool isOver)
            {
                if (at is not { } when)
                    return;
                var (kind, state) = kept > when || (kept is null && !isOver && when < now) ? ("bad", t.With("order.missedBy", Moments.Span((kept ?? now) - when, t)))
                    : kept is not null ? ("good", t["order.kept"])
                    : isOver ? ("skipped", null)
                    : ("predicted", (string?)t.With("sla.left", Moments.Span(when - now, t)));
                nodes.Add((when, 1, new TrailNode(kind, title, State: state, When: Moments.Full(when))));
            }

            var isOver = order.State is OrderState.Cancelled or OrderState.Unavailable;
            Happened("placed", order.PlacedAt, "start");
            Happened("paid", order.PaidAt);
            Happened("approved", order.ApprovedAt);
            Happened("dispatched", order.DispatchedAt);
            Happened("delivered", order.DeliveredAt, order.DeliveredAt > order.PromisedDeliveryAt ? "bad" : "good");
            Happened("cancelled", order.CancelledAt, "skipped");
            Promised(t["order.course.promisedDispatch"], order.PromisedDispatchAt, order.DispatchedAt, isOver || order.DeliveredAt is not null);
            Promised(t["order.course.promisedDelivery"], order.PromisedDeliveryAt, order.DeliveredAt, isOver || order.State == OrderState.Delivered);
            string? note = null;
            if (order.DispatchedAt is { } pickedUp)
            {
                var limit = await LimitOfAsync(order.CityTier, cancellationToken);
                Promised(t.With("order.course.limit", t[order.CityTier is { } tier ? "order.tier." + tier : "order.tier.unknown"], Moments.Span(limit, t)), pickedUp + limit, order.DeliveredAt, isOver || order.State == OrderState.Delivered);
                note = t["order.limit.note"];
            }

            return ([.. nodes.OrderBy(n => n.At).ThenBy(n => n.Rank).Select(n => n.Node)], note);
        }

        /// <summary>As the process in force has it; the catalogue's where there is none.</summary>
        private async Task<TimeSpan> LimitOfAsync(string? tier, CancellationToken cancellationToken)
        {
            var usual = new DeliveryLimits();
            var variables = (await graphs.FindPublishedAsync(DeliveryProcess, cancellationToken))?.Workflow.Variables ?? [];
            decimal Hours(string name, decimal otherwise) =>
                variables.FirstOrDefault(v => v.Name == name)?.Default is JsonValue value && decimal.TryParse(value.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var hours) && hours > 0 ? hours : otherwise;
            return new DeliveryLimits(Hours("firstHours", usual.FirstHours), Hours("secondHours", usual.SecondHours), Hours("remoteHours", usual.RemoteHours)).Of(tier);
        }
    }
}
