using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

/// <summary>店铺: the shop's data, to look at and to bring in. Each page is offered to those who may open it.</summary>
internal static class ShopPages
{
    public static void AddShopPages(this IServiceCollection services)
    {
        services.AddSingleton<ImportSignal>();
        services.AddSingleton<CaseReader>();
        services.AddSingleton<OrderPages.OrderReader>();
        services.AddHostedService<ImportLoop>();
    }

    public static void MapShopPages(this IEndpointRouteBuilder pages)
    {
        var shop = pages.MapGroup("/shop");
        shop.MapGet("", async Task<IResult> (HttpContext http, Actor actor, PageFrame frame, CancellationToken token) => new RazorComponentResult<ShopPage>(new { Page = await frame.OfAsync(http, actor, token) }));
        shop.MapCustomerPages();
        shop.MapImportPages();
        shop.MapFigurePages();
        shop.MapOrderPages();
        shop.MapControlPages();
    }

    /// <summary>The pages a person may open, in the order of the tabs.</summary>
    public static IReadOnlyList<(string Name, string Href)> Of(Actor actor)
    {
        var pages = new List<(string, string)> { ("overview", "/shop"), ("products", "/shop/products"), ("promotions", "/shop/promotions") };
        if (actor.MaySeeOrders)
            pages.Add(("orders", "/shop/orders"));
        if (actor.MaySeeComplaints)
            pages.Add(("complaints", "/shop/complaints"));
        if (FigurePages.SeesSla(actor))
            pages.Add(("sla", "/shop/sla"));
        if (actor.MaySeeCustomers)
            pages.Add(("customers", "/shop/customers"));
        if (actor.MaySeeBlacklist)
            pages.Add(("blacklist", "/shop/blacklist"));
        if (actor.MaySeeBudgets)
            pages.Add(("budgets", "/shop/budgets"));
        if (actor.MayImportShopData)
            pages.Add(("import", "/shop/import"));
        return pages;
    }
}
