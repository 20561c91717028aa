using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Looking at products. What one costs the shop is left out for those who neither price nor buy.</summary>
internal static class GoodsEndpoints
{
    private const int ProductsShown = 200;

    internal sealed record ProductView(ProductState Product, IReadOnlyList<ProductCoupon> Coupons, IReadOnlyDictionary<string, long> Messages);

    public static void MapGoods(this IEndpointRouteBuilder shop)
    {
        shop.MapGet("/products", ListAsync).Produces<Page<ProductState>>().WithSummary("商品列表：价格、上下架、库存、标记 (list)");
        shop.MapGet("/products/{code}", GetAsync).Produces<ProductView>().WithSummary("商品及其专属券、已发通知数 (read)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStorePlatform shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "after");
        var after = query.Cursor();
        if (query.Problem is { } problem)
            return problem;
        var products = await shop.ListProductsAsync(null, after, ProductsShown, cancellationToken);
        return Results.Json(new Page<ProductState>([.. products.Select(p => Shown(p, http))], products.Count == ProductsShown ? QueryReader.CursorOf(products[^1].StockCode) : null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string code, HttpContext http, IStorePlatform shop, CancellationToken cancellationToken) =>
        (await shop.ListProductsAsync([code], null, 1, cancellationToken)) is [var product]
            ? Results.Json(new ProductView(Shown(product, http), await shop.ListCouponsAsync(code, cancellationToken), await shop.CountProductMessagesAsync(code, cancellationToken)), ApiJson.Options)
            : Refusals.NotFound;

    private static ProductState Shown(ProductState product, HttpContext http) => Actor.Of(http.User)?.MaySeeCosts == true ? product : product with { Cost = null };
}
