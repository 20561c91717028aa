using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Definitions;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

public sealed record ShopLine(string Href, string Name, string About, IReadOnlyList<(string Text, string Stamp)> Chips);

public sealed record ShopListModel(string Title, string Current, IReadOnlyList<ShopLine> Lines, string Empty, string? EmptyHint)
{
    public string? SearchLabel { get; init; }
    public string Search { get; init; } = "";
    public string? Next { get; init; }

    /// <summary>The connected shop gave no answer.</summary>
    public bool IsShopAway { get; init; }
}

/// <summary>Days to look at.</summary>
public sealed record PeriodForm(string From, int Days);

public sealed record TableRow(IReadOnlyList<string> Cells, string? Href = null);

public sealed record TableModel(string Title, IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows, string Empty);

/// <param name="Back">Set on the page of one thing; pages of a subject have tabs instead.</param>
public sealed record FigureModel(string Title, string Current, string? Back, IReadOnlyList<FactItem> Facts, IReadOnlyList<(ChartModel Chart, PeriodForm? Period)> Charts, IReadOnlyList<TableModel> Tables)
{
    /// <summary>The connected shop gave no answer; only what we know ourselves is shown.</summary>
    public bool IsShopAway { get; init; }
}

/// <summary>Products, promotions, complaints and promises kept, with charts. What a product costs is shown to those who price or buy, as in the API.</summary>
internal static class FigurePages
{
    private const int PageSize = 50;
    private const int MonthsOfProduct = 12;
    private const int MonthsOfClocks = 6;
    private const int Weeks = 12;
    private const int ClassesDrawn = 7;
    private const int ComplaintsListed = 50;
    private const int LongestPeriod = 90;

    public static void MapFigurePages(this RouteGroupBuilder shop)
    {
        shop.MapGet("/products", ListProductsAsync);
        shop.MapGet("/products/{code}", ShowProductAsync);
        shop.MapGet("/promotions", ListPromotionsAsync);
        shop.MapGet("/promotions/{id}", ShowPromotionAsync);
        shop.MapGet("/complaints", ShowComplaintsAsync).RequireAuthorization(Rights.SeeComplaints);
        shop.MapGet("/sla", ShowSlaAsync);
    }

    /// <summary>Promises are shown of the processes whose instances a person sees; whoever sees none has no such page.</summary>
    public static bool SeesSla(Actor actor) => actor.ViewedDefinitions is null or { Count: > 0 };

    private static async Task<IResult> ListProductsAsync(HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var t = page.T;
        var search = http.Request.Query["q"].ToString().Trim().Replace("\0", "", StringComparison.Ordinal);
        var (found, isAway) = await ShopAway.AskAsync(
            () => shop.ListProductsAsync(search.Length > 0 ? [search] : null, QueryReader.PlaceOf(http.Request.Query["after"].ToString()), PageSize + 1, cancellationToken), []);
        var lines = found.Take(PageSize).Select(p => new ShopLine(
            "/shop/products/" + Uri.EscapeDataString(p.StockCode), $"{p.Name} · {p.StockCode}",
            string.Join(" · ", new[] { p.Price is { } price ? CustomerPages.Yuan(price) : null, p.Stock is { } stock ? t.With("product.stockOf", stock) : t["product.neverCounted"] }.OfType<string>()),
            ChipsOf(p, t)));
        return new RazorComponentResult<ListOfShopPage>(new
        {
            Page = page,
            Model = new ShopListModel(t["shop.nav.products"], "products", [.. lines], t[search.Length > 0 ? "product.none" : "product.empty"], t[search.Length > 0 ? "product.none.hint" : "product.empty.hint"])
            {
                IsShopAway = isAway,
                SearchLabel = t["product.search"],
                Search = search,
                Next = found.Count > PageSize ? "/shop/products?after=" + QueryReader.CursorOf(found[PageSize - 1].StockCode) : null,
            },
        })
        { StatusCode = StatusOf(isAway) };
    }

    private static IReadOnlyList<(string Text, string Stamp)> ChipsOf(ProductState p, Texts t) =>
    [
        .. p.Marks.Select(m => (t.Or("product.mark." + m, m), "returned")),
        p.OffSaleAt is null ? (t["product.onSale"], "good") : (t[p.IsBlocked ? "product.blocked" : "product.offSale"], p.IsBlocked ? "bad" : "quiet"),
    ];

    private static async Task<IResult> ShowProductAsync(string code, HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, IShopFigures figures, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (t, now) = (page.T, clock.GetUtcNow());
        var (found, isAway) = await ShopAway.AskAsync(() => shop.ListProductsAsync([code], null, 1, cancellationToken), []);
        if (found is not [var p, ..])
        {
            if (!isAway)
                return PageFrame.Refuse(page, 404);
            p = null;
        }

        FactItem?[] facts = p is null ? [new(t["product.number"], code)] :
        [
            new(t["product.number"], p.StockCode), new(t["product.state"], string.Join(" · ", ChipsOf(p, t).Select(c => c.Text))), Fact("product.price", p.Price is { } price ? CustomerPages.Yuan(price) : null),
            Fact("product.cost", actor.MaySeeCosts && p.Cost is { } cost ? CustomerPages.Yuan(cost) : null), new(t["product.stock"], p.Stock is { } stock ? CustomerPages.Number(stock) : t["product.neverCounted"]),
            Fact("product.listedAt", p.ListedAt is { } listed ? Moments.Full(listed) : null), Fact("product.priceUntil", p.PriceUntil is { } until ? Moments.Full(until) : null),
            Fact("product.offSaleReason", p.OffSaleReason),
        ];
        FactItem? Fact(string label, string? text) => text is null ? null : new FactItem(t[label], text);

        // A trial lasts seven days from the day the product is put on sale (catalogue 2.2); other products show their last fortnight.
        var today = ShopCalendar.DayOf(now);
        var isTrial = p?.ListedAt is { } since && DateOnly.FromDateTime(Moments.Local(since)).DayNumber > today.DayNumber - 60;
        var usual = isTrial ? (From: DateOnly.FromDateTime(Moments.Local(p!.ListedAt!.Value)), Days: 7) : (From: today.AddDays(-13), Days: 14);
        var from = ShopDay.Read(http.Request.Query["from"].ToString()) ?? usual.From;
        var days = int.TryParse(http.Request.Query["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many is >= 1 and <= LongestPeriod ? many : usual.Days;
        var perDay = await figures.ListProductDaysAsync(code, from, from.AddDays(days - 1), cancellationToken);
        var months = await figures.ListProductMonthsAsync(code, now, MonthsOfProduct, cancellationToken);
        var (visitors, buyers) = (perDay.Sum(d => d.Visitors), perDay.Where(d => d.Visitors is not null).Sum(d => d.Buyers));
        var limit = new TrialRule().ConversionPercent;
        var conversion = new ChartModel(
            t["chart.conversion"], t["chart.day"], [.. perDay.Select(d => d.Day.ToString("MM-dd", CultureInfo.InvariantCulture))],
            [
                new(t["chart.visitors"], "bar", 0, t["chart.people"], [.. perDay.Select(d => (decimal?)d.Visitors)]), new(t["chart.buyers"], "bar", 0, t["chart.people"], [.. perDay.Select(d => (decimal?)d.Buyers)]),
                new(t["chart.conversionPercent"], "line", 1, "%", [.. perDay.Select(d => d.Conversion is { } c ? decimal.Round(c, 2) : (decimal?)null)]),
            ],
            t["chart.noVisits"])
        {
            Limit = new ChartLimit(limit, t.With("chart.limit", limit), 1),
            // The verdict on a trial is about the whole of it, unrounded, not about single days.
            Note = TrialRule.Conversion(buyers, visitors) is { } whole && visitors > 0 ? t.With("chart.conversion.whole", days, buyers, visitors, Math.Floor(whole * 100) / 100, t[whole >= limit ? "chart.reached" : "chart.missed"]) : null,
        };
        var stockChart = new ChartModel(
            t["chart.stock"], t["chart.month"], [.. months.Select(m => Month(m.Month))],
            [
                new(t["chart.sold"], "bar", 0, t["chart.pieces"], [.. months.Select(m => (decimal?)m.Sold)]), new(t["chart.received"], "bar", 0, t["chart.pieces"], [.. months.Select(m => (decimal?)m.Received)]),
                new(t["chart.closing"], "line", 0, t["chart.pieces"], [.. months.Select(m => (decimal?)m.Closing)]), new(t["chart.sellThrough"], "line", 1, "%", [.. months.Select(m => m.SellThrough is { } s ? decimal.Round(s, 2) : (decimal?)null)]),
            ],
            t["chart.noSales"])
        { Note = t["chart.sellThrough.note"] };
        return Of(page, new FigureModel(p?.Name ?? code, "products", "/shop/products", [.. facts.OfType<FactItem>()], [(conversion, new PeriodForm(from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), days)), (stockChart, null)], []) { IsShopAway = isAway });
    }

    private static async Task<IResult> ListPromotionsAsync(HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (t, now) = (page.T, clock.GetUtcNow());
        var (found, isAway) = await ShopAway.AskAsync(() => shop.ListPromotionsAsync(cancellationToken), []);
        var lines = found.Select(p => new ShopLine(
            "/shop/promotions/" + Uri.EscapeDataString(p.Id), $"{p.Name} · {p.Id}", $"{p.Kind} · {Moments.Full(p.StartsAt)} – {Moments.Full(p.EndsAt)}", [StateOf(p, now, t)]));
        return new RazorComponentResult<ListOfShopPage>(new { Page = page, Model = new ShopListModel(t["shop.nav.promotions"], "promotions", [.. lines], t["promotion.empty"], t["promotion.empty.hint"]) { IsShopAway = isAway } }) { StatusCode = StatusOf(isAway) };
    }

    private static (string Text, string Stamp) StateOf(Promotion p, DateTimeOffset now, Texts t) =>
        p.PageDeletedAt is not null ? (t["promotion.deleted"], "bad") : p.StartsAt > now ? (t["promotion.planned"], "quiet") : p.EndsAt <= now ? (t["promotion.ended"], "quiet") : (t["promotion.running"], "good");

    private static async Task<IResult> ShowPromotionAsync(string id, HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var t = page.T;
        if (await shop.FindPromotionAsync(id, cancellationToken) is not { } state)
            return PageFrame.Refuse(page, 404);
        var p = state.Promotion;
        var messages = await shop.CountMessagesAsync(id, cancellationToken);
        FactItem?[] facts =
        [
            new(t["promotion.number"], p.Id), new(t["product.state"], StateOf(p, clock.GetUtcNow(), t).Text), new(t["promotion.kind"], p.Kind), new(t["promotion.period"], $"{Moments.Full(p.StartsAt)} – {Moments.Full(p.EndsAt)}"),
            p.PageDeletedAt is { } deleted ? new(t["promotion.deletedAt"], Moments.Full(deleted)) : null, new(t["promotion.rules"], t[p.RuleCache is null ? "promotion.cleared" : "promotion.there"]),
            new(t["promotion.flags"], CustomerPages.Number(state.Flagged)),
            new(t["promotion.messages"], messages.Count == 0 ? t["promotion.noMessages"] : string.Join(t.IsChinese ? "，" : ", ", messages.Select(m => $"{t.Or("channel." + m.Key, m.Key)} {CustomerPages.Number(m.Value)}"))),
        ];
        long[] live = [p.Settings is null ? 0 : 1, state.Participants, state.Transactions];
        var backup = state.Backups.FirstOrDefault(b => b.VerifiedAt is not null) ?? (state.Backups is [var newest, ..] ? newest : null);
        decimal?[] kept = [.. StoreRow.Parts.Select(part => (decimal?)backup?.Manifest.Find(part)?.Count)];
        var chart = new ChartModel(
            t["chart.rows"], t["chart.part"], [.. StoreRow.Parts.Select(part => t["promotion.part." + part])],
            [new(t["chart.inShop"], "bar", 0, t["chart.count"], [.. live.Select(n => (decimal?)n)]), new(t["chart.inBackup"], "bar", 0, t["chart.count"], kept)], t["chart.noRows"])
        { Note = t[backup is null ? "promotion.noBackup" : p.PageDeletedAt is null ? "promotion.backupNote" : "promotion.deletedNote"] };
        var backups = new TableModel(
            t["promotion.backups"], [t["promotion.backup"], t["promotion.made"], t["promotion.verified"], .. StoreRow.Parts.Select(part => t["promotion.part." + part])],
            [.. state.Backups.Select(b => new TableRow([b.Id, Moments.Full(b.CreatedAt), b.VerifiedAt is { } at ? Moments.Full(at) : t["promotion.unverified"], .. StoreRow.Parts.Select(part => CustomerPages.Number(b.Manifest.Find(part)?.Count ?? 0))]))],
            t["promotion.noBackup"]);
        return Of(page, new FigureModel(p.Name, "promotions", "/shop/promotions", [.. facts.OfType<FactItem>()], [(chart, null)], [backups]));
    }

    private static async Task<IResult> ShowComplaintsAsync(HttpContext http, Actor actor, PageFrame frame, IStorePlatform shop, IShopFigures figures, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (t, now) = (page.T, clock.GetUtcNow());
        var found = await figures.ListComplaintWeeksAsync(now, Weeks, cancellationToken);
        var mondays = ShopCalendar.WeeksUpTo(now, Weeks);
        var classes = found.GroupBy(f => f.Class).OrderByDescending(g => g.Sum(f => f.Count)).Select(g => g.Key).ToList();
        // More classes than colours can be told apart: the rare ones are one.
        var (drawn, rest) = classes.Count > ClassesDrawn + 1 ? (classes[..ClassesDrawn], classes[ClassesDrawn..]) : (classes, []);
        decimal? In(DateOnly monday, IReadOnlyCollection<string> names) => found.Where(f => f.Monday == monday && names.Contains(f.Class)).Sum(f => f.Count);
        ChartSeries Series(string name, IReadOnlyCollection<string> names) => new(name, "bar", 0, t["chart.cases"], [.. mondays.Select(m => In(m, names))]);
        var chart = new ChartModel(
            t["chart.complaints"], t["chart.week"], [.. mondays.Select(m => m.ToString("MM-dd", CultureInfo.InvariantCulture))],
            [.. drawn.Select(c => Series(c, [c])), .. rest.Count > 0 ? [Series(t["chart.otherClasses"], rest)] : (IReadOnlyList<ChartSeries>)[]], t["chart.noComplaints"])
        { Stacked = true, Note = t.With("chart.complaints.note", Weeks) };
        var (latest, isAway) = await ShopAway.AskAsync(() => shop.ListComplaintsAsync(ComplaintsListed, cancellationToken), []);
        var table = new TableModel(
            t["complaint.latest"], [t["complaint.receivedAt"], t["complaint.customer"], t["complaint.class"], t["complaint.state"], t["complaint.description"]],
            [
                .. latest.Select(ComplaintEndpoints.Masked).Select(c => new TableRow(
                    [Moments.Full(c.ReceivedAt), c.Customer, c.Class ?? "–", t["complaint.state." + c.State], c.Description.Length > 40 ? c.Description[..40] + "…" : c.Description], "/shop/complaints/" + Uri.EscapeDataString(c.Id))),
            ],
            t["chart.noComplaints"]);
        return Of(page, new FigureModel(t["shop.nav.complaints"], "complaints", null, [], [(chart, null)], [table]) { IsShopAway = isAway });
    }

    private static async Task<IResult> ShowSlaAsync(HttpContext http, Actor actor, PageFrame frame, IShopFigures figures, IGraphSource graphs, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!SeesSla(actor))
            return PageFrame.Refuse(page, 403);
        var (t, now) = (page.T, clock.GetUtcNow());
        var seen = (await figures.ListClockMonthsAsync(now, MonthsOfClocks, cancellationToken)).Where(f => actor.MayView(f.DefinitionId)).ToList();
        var months = ShopCalendar.MonthsUpTo(now, MonthsOfClocks);
        decimal? Of(DateOnly month, Func<ClockMonth, long> count) => seen.Where(f => f.Month == month).Sum(count);
        decimal? Share(IEnumerable<ClockMonth> some) => some.Sum(f => f.Kept) is var kept && some.Sum(f => f.Breached) is var late && kept + late > 0 ? decimal.Round(kept * 100m / (kept + late), 2) : null;
        var chart = new ChartModel(
            t["chart.sla"], t["chart.month"], [.. months.Select(Month)],
            [
                new(t["chart.kept"], "bar", 0, t["chart.clocks"], [.. months.Select(m => Of(m, f => f.Kept))]), new(t["chart.breached"], "bar", 0, t["chart.clocks"], [.. months.Select(m => Of(m, f => f.Breached))], "bad"),
                new(t["chart.keptPercent"], "line", 1, "%", [.. months.Select(m => Share(seen.Where(f => f.Month == m)))]),
            ],
            t["chart.noClocks"])
        { Stacked = true, Note = t["chart.sla.note"] };
        var rows = new List<TableRow>();
        foreach (var process in seen.GroupBy(f => f.DefinitionId).OrderByDescending(g => g.Sum(f => f.Breached)).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var name = (await graphs.FindPublishedAsync(process.Key, cancellationToken))?.Name is { Length: > 0 } known ? known : process.Key;
            rows.AddRange(process.OrderByDescending(f => f.Month).Select(f => new TableRow(
                [name, Month(f.Month), CustomerPages.Number(f.Kept), CustomerPages.Number(f.Breached), CustomerPages.Number(f.Open), ChartModel.Cell(Share([f]), "%")])));
        }

        var table = new TableModel(t["chart.byProcess"], [t["chart.process"], t["chart.month"], t["chart.kept"], t["chart.breached"], t["chart.open"], t["chart.keptPercent"]], rows, t["chart.noClocks"]);
        return FigurePages.Of(page, new FigureModel(t["shop.nav.sla"], "sla", null, [], [(chart, null)], [table]));
    }

    private static RazorComponentResult<FigurePage> Of(PageContext page, FigureModel model) => new(new { Page = page, Model = model }) { StatusCode = StatusOf(model.IsShopAway) };

    private static int StatusOf(bool isShopAway) => isShopAway ? 503 : 200;

    private static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
