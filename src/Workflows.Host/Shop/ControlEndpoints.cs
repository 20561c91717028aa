using System.Globalization;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Looking at the blacklist and at budgets. Both are changed by processes alone.</summary>
internal static class ControlEndpoints
{
    private const int Usual = 100;

    private static readonly string[] BlacklistStates = ["standing", "ended"];
    private static readonly string[] BudgetStates = ["open", "closed"];

    /// <param name="Customer">Masked, unless it is a number of the shop.</param>
    /// <param name="Instance">The case that listed them.</param>
    /// <param name="Until">When it ends by itself; null for no end.</param>
    /// <param name="RemovedIn">The case that lifted it.</param>
    internal sealed record BlacklistView(
        string? Customer, string Scope, string Reason, string Instance, DateTimeOffset ListedAt, DateTimeOffset? Until, DateTimeOffset? RemovedAt, string? RemovedIn, string? RemovalReason, bool Stands);

    /// <param name="Available">What may still be promised.</param>
    /// <param name="Instance">The case that opened it.</param>
    internal sealed record BudgetLine(string Id, string Name, decimal Total, decimal Reserved, decimal Spent, decimal Available, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string Instance);

    internal sealed record BudgetView(BudgetLine Budget, IReadOnlyList<ReservationView> Reservations);

    internal sealed record ReservationView(string Id, string Purpose, decimal Open, decimal Spent, DateTimeOffset ReservedAt, DateTimeOffset? ReleasedAt, string Instance, IReadOnlyList<BudgetSpending> Spendings);

    public static void MapControls(this IEndpointRouteBuilder shop)
    {
        shop.MapGet("/blacklist", ListBlacklistAsync).RequireAuthorization(Rights.SeeBlacklist).Produces<Page<BlacklistView>>()
            .WithSummary("黑名单，最新的在前；customer：完整的编号或姓名，scope，state：standing 生效中、ended 已结束 (the blacklist, newest first)");
        shop.MapGet("/budgets", ListBudgetsAsync).RequireAuthorization(Rights.SeeBudgets).Produces<Page<BudgetLine>>().WithSummary("预算，按编号；state：open 使用中、closed 已撤销 (budgets by number)");
        shop.MapGet("/budgets/{id}", GetBudgetAsync).RequireAuthorization(Rights.SeeBudgets).Produces<BudgetView>().WithSummary("预算及其占用和支出 (a budget, what of it was promised and spent)");
    }

    private static async Task<IResult> ListBlacklistAsync(HttpContext http, IStoreControls shop, EngineClock clock, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "customer", "scope", "state", "after", "limit");
        var limit = query.Limit(Usual);
        var filter = new BlacklistFilter(query.Text("customer"), query.Choice("scope", BlacklistScope.All), StandsOf(query.Choice("state", BlacklistStates)), PlaceOf(query.Cursor()), limit + 1);
        if (query.Problem is { } problem)
            return problem;
        var now = clock.GetUtcNow();
        var found = await shop.ListBlacklistAsync(filter, cancellationToken);
        return Results.Json(
            new Page<BlacklistView>(
                [
                    .. found.Take(limit).Select(b => new BlacklistView(
                        PersonalData.MaskCustomer(b.Customer), b.Scope, b.Reason, CaseReader.IdOf(b.Entry), b.ListedAt, b.Until, b.RemovedAt, b.RemovedBy is { } by ? CaseReader.IdOf(by) : null, b.RemovalReason, b.Stands(now))),
                ],
                found.Count > limit ? CursorOf(found[limit - 1]) : null),
            ApiJson.Options);
    }

    private static async Task<IResult> ListBudgetsAsync(HttpContext http, IStoreControls shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "state", "after", "limit");
        var (limit, state, after) = (query.Limit(Usual), query.Choice("state", BudgetStates), query.Cursor());
        if (query.Problem is { } problem)
            return problem;
        var found = await shop.ListBudgetsAsync(state is null ? null : state == "open", after, limit + 1, cancellationToken);
        return Results.Json(new Page<BudgetLine>([.. found.Take(limit).Select(LineOf)], found.Count > limit ? QueryReader.CursorOf(found[limit - 1].Budget.Id) : null), ApiJson.Options);
    }

    private static async Task<IResult> GetBudgetAsync(string id, IStoreControls shop, CancellationToken cancellationToken) =>
        await shop.FindBudgetRecordAsync(id, cancellationToken) is not { } found
            ? Refusals.NotFound
            : Results.Json(
                new BudgetView(
                    LineOf(found),
                    [
                        .. (await shop.ListReservationsAsync(id, cancellationToken)).Select(r => new ReservationView(r.Id, r.Purpose, r.Open, r.Spent, r.ReservedAt, r.ReleasedAt, CaseReader.IdOf(r.Id), r.Spendings)),
                    ]),
                ApiJson.Options);

    public static bool? StandsOf(string? state) => state switch { "standing" => true, "ended" => false, _ => null };

    /// <summary>Where a page of the blacklist ends, as an opaque cursor.</summary>
    public static string? CursorOf(BlacklistEntry last) => QueryReader.CursorOf(string.Create(CultureInfo.InvariantCulture, $"{last.ListedAt.UtcTicks}|{last.Scope}|{last.Entry}"));

    /// <summary>The entry such a cursor means, as far as its place goes; null when it is none.</summary>
    public static BlacklistEntry? PlaceOf(string? place) =>
        place?.Split('|', 3) is [var ticks, var scope, var entry] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.Ticks
            ? new BlacklistEntry(entry, "", scope, "", new DateTimeOffset(at, TimeSpan.Zero), null, null, null)
            : null;

    private static BudgetLine LineOf(BudgetRecord r) =>
        new(r.Budget.Id, r.Budget.Name, r.Budget.Total, r.Budget.Reserved, r.Budget.Spent, r.Budget.Available, r.OpenedAt, r.ClosedAt, CaseReader.IdOf(r.OpenedBy));
}
