using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Activities.Store.Connector;
using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

/// <summary>Somebody on the blacklist; scopes that one step listed and that ended alike are one line.</summary>
/// <param name="Href">To the customer's page, for those who may open it.</param>
/// <param name="Period">Since when, and until when.</param>
/// <param name="Lifted">When and why it was lifted.</param>
public sealed record BlacklistLine(string Name, string? Href, IReadOnlyList<string> Scopes, string Reason, string Period, CaseLine? ListedIn, string? Lifted, CaseLine? LiftedIn, (string Text, string Stamp) State);

/// <param name="IsElsewhere">True when processes act on a connected shop, which keeps its own.</param>
public sealed record BlacklistModel(string Customer, string Scope, string State, IReadOnlyList<BlacklistLine> Lines, string? Next, bool IsElsewhere)
{
    public bool IsNarrow => Customer.Length > 0 || Scope.Length > 0 || State.Length > 0;
}

/// <summary>How much of a budget is spent and reserved, in parts of a thousand.</summary>
public sealed record BudgetBar(int Spent, int Reserved, string Label);

public sealed record BudgetItem(string Href, string Name, string Id, BudgetBar Bar, IReadOnlyList<(string Label, string Sum)> Sums, (string Text, string Stamp) State);

public sealed record BudgetsModel(string State, IReadOnlyList<BudgetItem> Items, string? Next, bool IsElsewhere);

/// <param name="Spendings">When and how much was spent, and what was taken back.</param>
public sealed record BudgetBooking(string Purpose, string When, string Open, string Spent, string State, CaseLine? Case, IReadOnlyList<string> Spendings);

public sealed record BudgetModel(BudgetItem Item, string Opened, CaseLine? OpenedIn, IReadOnlyList<BudgetBooking> Bookings);

/// <summary>黑名单 and 预算: who is kept from what and why, and where money went. Looking only: processes change both.</summary>
internal static class ControlPages
{
    private const int PageSize = 40;

    public static void MapControlPages(this RouteGroupBuilder shop)
    {
        shop.MapGet("/blacklist", ShowBlacklistAsync).RequireAuthorization(Rights.SeeBlacklist);
        shop.MapGet("/budgets", ShowBudgetsAsync).RequireAuthorization(Rights.SeeBudgets);
        shop.MapGet("/budgets/{id}", ShowBudgetAsync).RequireAuthorization(Rights.SeeBudgets);
    }

    private static async Task<IResult> ShowBlacklistAsync(HttpContext http, Actor actor, PageFrame frame, IStoreControls shop, IStorePlatform platform, CaseReader cases, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var t = page.T;
        var customer = Asked(http, "q") is { Length: > 100 } tooLong ? tooLong[..100] : Asked(http, "q");
        var scope = BlacklistScope.All.Contains(Asked(http, "scope")) ? Asked(http, "scope") : "";
        var state = Asked(http, "state") is "standing" or "ended" ? Asked(http, "state") : "";
        var found = await shop.ListBlacklistAsync(
            new BlacklistFilter(
                customer.Length > 0 ? customer : null, scope.Length > 0 ? scope : null, ControlEndpoints.StandsOf(state), ControlEndpoints.PlaceOf(QueryReader.PlaceOf(Asked(http, "after"))), PageSize + 1),
            cancellationToken);
        var known = await cases.FindAllAsync(page, actor, found.Take(PageSize).SelectMany(b => new[] { b.Entry, b.RemovedBy }).OfType<string>(), cancellationToken);
        var lines = new List<BlacklistLine>();
        foreach (var same in found.Take(PageSize).GroupBy(b => (b.Entry, b.Customer, b.Until, b.RemovedAt, b.RemovedBy)))
        {
            var one = same.First();
            var shown = PersonalData.MaskCustomer(one.Customer) ?? "";
            var isOver = !one.Stands(page.Now);
            lines.Add(new BlacklistLine(
                shown,
                // A name is no address.
                actor.MaySeeCustomers && shown == one.Customer ? "/shop/customers/" + Uri.EscapeDataString(one.Customer) : null,
                [.. same.Select(b => t["blacklist.scope." + b.Scope])],
                one.Reason,
                one.RemovedAt is not null ? t.With("blacklist.listedAt", Moments.Full(one.ListedAt)) : one.Until is { } until ? t.With("blacklist.period", Moments.Full(one.ListedAt), Moments.Full(until)) : t.With("blacklist.since", Moments.Full(one.ListedAt)),
                known[one.Entry],
                one.RemovedAt is { } at ? t.With("blacklist.lifted", Moments.Full(at), one.RemovalReason) : null,
                one.RemovedBy is { } by ? known[by] : null,
                one.RemovedAt is not null ? (t["blacklist.state.lifted"], "quiet") : isOver ? (t["blacklist.state.expired"], "quiet") : (t["blacklist.state.standing"], "bad")));
        }

        var next = found.Count > PageSize ? AddressOf("/shop/blacklist", ("q", customer), ("scope", scope), ("state", state), ("after", ControlEndpoints.CursorOf(found[PageSize - 1])!)) : null;
        return new RazorComponentResult<BlacklistPage>(new { Page = page, Model = new BlacklistModel(customer, scope, state, lines, next, platform is HttpStore) });
    }

    private static async Task<IResult> ShowBudgetsAsync(HttpContext http, Actor actor, PageFrame frame, IStoreControls shop, IStorePlatform platform, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var state = Asked(http, "state") is "closed" or "all" ? Asked(http, "state") : "";
        var found = await shop.ListBudgetsAsync(state switch { "closed" => false, "all" => null, _ => true }, QueryReader.PlaceOf(Asked(http, "after")), PageSize + 1, cancellationToken);
        var next = found.Count > PageSize ? AddressOf("/shop/budgets", ("state", state), ("after", QueryReader.CursorOf(found[PageSize - 1].Budget.Id)!)) : null;
        return new RazorComponentResult<BudgetsPage>(new { Page = page, Model = new BudgetsModel(state, [.. found.Take(PageSize).Select(b => ItemOf(b, page.T))], next, platform is HttpStore) });
    }

    private static async Task<IResult> ShowBudgetAsync(string id, HttpContext http, Actor actor, PageFrame frame, IStoreControls shop, CaseReader cases, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var t = page.T;
        if (await shop.FindBudgetRecordAsync(id, cancellationToken) is not { } found)
            return PageFrame.Refuse(page, 404);
        var reservations = await shop.ListReservationsAsync(id, cancellationToken);
        var known = await cases.FindAllAsync(page, actor, reservations.Select(r => r.Id).Append(found.OpenedBy), cancellationToken);
        var bookings = new List<BudgetBooking>();
        foreach (var r in reservations)
        {
            var state = r.ReleasedAt is { } released ? t.With("budget.released", Moments.Full(released)) : r.Open > 0 ? t["budget.reservedNow"] : t["budget.spentWhole"];
            bookings.Add(new BudgetBooking(
                r.Purpose, Moments.Full(r.ReservedAt), CustomerPages.Yuan(r.Open), CustomerPages.Yuan(r.Spent), state, known[r.Id],
                [.. r.Spendings.Select(s => t.With("budget.spending", Moments.Full(s.At), CustomerPages.Yuan(s.Amount)) + (s.UndoneAt is { } undone ? t.With("budget.returned", Moments.Full(undone)) : ""))]));
        }

        var opened = Moments.Full(found.OpenedAt) + (found.ClosedAt is { } closed ? t.With("budget.closedAt", Moments.Full(closed)) : "");
        return new RazorComponentResult<BudgetPage>(new { Page = page, Model = new BudgetModel(ItemOf(found, t), opened, known[found.OpenedBy], bookings) });
    }

    private static BudgetItem ItemOf(BudgetRecord record, Texts t)
    {
        var b = record.Budget;
        int Part(decimal sum) => (int)Math.Clamp(sum * 1000 / b.Total, sum > 0 ? 1 : 0, 1000);
        return new BudgetItem(
            "/shop/budgets/" + Uri.EscapeDataString(b.Id), b.Name, b.Id,
            new BudgetBar(Part(b.Spent), Part(b.Reserved), t.With("budget.bar", Percent(b.Spent), Percent(b.Reserved), Percent(b.Available))),
            [(t["budget.total"], CustomerPages.Yuan(b.Total)), (t["budget.spent"], CustomerPages.Yuan(b.Spent)), (t["budget.reserved"], CustomerPages.Yuan(b.Reserved)), (t["budget.available"], CustomerPages.Yuan(b.Available))],
            record.ClosedAt is not null ? (t["budget.state.closed"], "quiet") : b.Available <= 0 ? (t["budget.state.used"], "bad") : (t["budget.state.open"], "good"));
        string Percent(decimal sum) => (sum / b.Total).ToString("P0", PercentFormat);
    }

    private static readonly System.Globalization.NumberFormatInfo PercentFormat = new() { PercentPositivePattern = 1, PercentNegativePattern = 1 };

    private static string Asked(HttpContext http, string name) => http.Request.Query[name].ToString().Trim().Replace("\0", "", StringComparison.Ordinal);

    private static string AddressOf(string path, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var parts = new List<string>();
        foreach (var (name, value) in query)
        {
            if (value.Length > 0)
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return $"{path}?{string.Join('&', parts)}";
    }
}
