using System.IO.Compression;
using Workflows.Engine.Runtime;
using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>Bringing shop data in, and looking at promotions.</summary>
internal static class ShopEndpoints
{
    private const int ErrorsShown = 100;
    private const int AnnouncementsShown = 200;

    /// <summary>Most bytes a compressed body may unpack to.</summary>
    public const long UnpackedLimit = 128L * 1024 * 1024;

    internal sealed record ImportView(string Kind, long Rows, long Saved, long Known, long Rejected, IReadOnlyDictionary<string, long> Reasons, IReadOnlyList<ImportError> Errors);

    internal sealed record PromotionView(
        string Id,
        string Name,
        string Kind,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        bool PageExists,
        DateTimeOffset? PageDeletedAt,
        bool RuleCacheExists,
        int Participants,
        int Flagged,
        int Transactions,
        IReadOnlyList<BackupView> Backups,
        IReadOnlyDictionary<string, long> Messages,
        IReadOnlyList<ManifestPart> Contents);

    internal sealed record BackupView(string Id, DateTimeOffset CreatedAt, DateTimeOffset? VerifiedAt, IReadOnlyList<ManifestPart> Parts);

    internal sealed record PromotionLine(string Id, string Name, string Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset? PageDeletedAt);

    public static void MapShop(this IEndpointRouteBuilder api)
    {
        var shop = api.MapGroup("/store").WithTags("store");
        shop.MapPost("/import/{kind}", ImportAsync).RequireAuthorization(Rights.ImportShopData).WithMetadata(new BodyLimit(BufferedBody.CsvLimit))
            .Accepts<string>("text/csv").Produces<ImportView>().WithSummary($"导入店铺数据 (CSV, gzip): {string.Join(", ", StoreImporter.Kinds)}");
        shop.MapComplaints();
        shop.MapCustomers();
        shop.MapOrders();
        shop.MapControls();
        shop.MapGet("/promotions", ListAsync).Produces<Page<PromotionLine>>().WithSummary("促销活动列表 (list)");
        shop.MapGet("/promotions/{id}", GetAsync).Produces<PromotionView>().WithSummary("促销活动及其数据 (read)");
        shop.MapGoods();
        shop.MapThresholds();
        shop.MapGet("/announcements", AnnouncementsAsync).Produces<Page<Announcement>>().WithSummary("店铺公告，含已下架的 (announcements, withdrawn ones included)");
        shop.MapGet("/promotions/{id}/rows", RowsAsync).RequireAuthorization(Rights.ImportShopData).Produces<Page<StoreRow>>()
            .WithSummary("促销活动的逐行数据，供比对 (all rows, for comparison)");
    }

    private static async Task<IResult> ImportAsync(string kind, HttpContext http, StoreImporter importer, EventHub events, Actor actor, CancellationToken cancellationToken)
    {
        var body = await BufferedBody.OfAsync(http);
        if (body.Bytes is null)
            return Refusals.TooLarge.Because($"最多 {BufferedBody.CsvLimit / 1024 / 1024} MB，更大的文件请用导入命令", $"at most {BufferedBody.CsvLimit / 1024 / 1024} MB; larger files go through the import command");
        if (!StoreImporter.Kinds.Contains(kind))
            return Refusals.NotFound.At("kind", "unknown-kind", $"可选：{string.Join("、", StoreImporter.Kinds)}", $"one of: {string.Join(", ", StoreImporter.Kinds)}");
        if (await UnpacksTooLargeAsync(body.Bytes, cancellationToken))
            return Refusals.TooLarge.Because($"解压后最多 {UnpackedLimit / 1024 / 1024} MB，更大的文件请用导入命令", $"at most {UnpackedLimit / 1024 / 1024} MB unpacked; larger files go through the import command");
        using var input = new MemoryStream(body.Bytes, writable: false);
        var outcome = await importer.ImportAsync(kind, "api", input, null, cancellationToken);
        await OrdersImported.TellAsync(outcome, $"{Guid.NewGuid():N}", events, actor.Name, cancellationToken);
        return outcome switch
        {
            ImportOutcome.Finished { Report: var r } => StoredAnswer.Of(new ImportView(r.Kind, r.Rows, r.Saved, r.Known, r.Rejected, r.Reasons, [.. r.Errors.Take(ErrorsShown)])),
            ImportOutcome.Refused refused => Refusals.BadBody.At("$", "not-a-table", refused.Reason, refused.Reason),
            _ => throw new InvalidOperationException("Unknown outcome of an import."),
        };
    }

    /// <summary>Looks before anything is saved: a small file may unpack to gigabytes. A broken one is the importer's to refuse.</summary>
    public static async Task<bool> UnpacksTooLargeAsync(byte[] body, CancellationToken cancellationToken)
    {
        if (body is not [0x1f, 0x8b, ..])
            return false;
        await using var plain = new GZipStream(new MemoryStream(body, writable: false), CompressionMode.Decompress);
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            for (long total = 0; (read = await plain.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if ((total += read) > UnpackedLimit)
                    return true;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        return false;
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStorePlatform shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        return query.Problem is { } problem
            ? problem
            : Results.Json(
                new Page<PromotionLine>([.. (await shop.ListPromotionsAsync(cancellationToken)).Select(p => new PromotionLine(p.Id, p.Name, p.Kind, p.StartsAt, p.EndsAt, p.PageDeletedAt))], null),
                ApiJson.Options);
    }

    private static async Task<IResult> AnnouncementsAsync(HttpContext http, IStorePlatform shop, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        return query.Problem is { } problem
            ? problem
            : Results.Json(new Page<Announcement>(await shop.ListAnnouncementsAsync(AnnouncementsShown, cancellationToken), null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, IStorePlatform shop, CancellationToken cancellationToken)
    {
        if (await shop.FindPromotionAsync(id, cancellationToken) is not { } state)
            return Refusals.NotFound;
        var promotion = state.Promotion;
        return Results.Json(
            new PromotionView(
                promotion.Id, promotion.Name, promotion.Kind, promotion.StartsAt, promotion.EndsAt,
                promotion.Settings is not null, promotion.PageDeletedAt, promotion.RuleCache is not null,
                state.Participants, state.Flagged, state.Transactions,
                [.. state.Backups.Select(b => new BackupView(b.Id, b.CreatedAt, b.VerifiedAt, b.Manifest.Parts))],
                await shop.CountMessagesAsync(id, cancellationToken),
                BackupManifest.Of(await shop.ReadRowsAsync(id, cancellationToken)).Parts),
            ApiJson.Options);
    }

    private static async Task<IResult> RowsAsync(string id, IStorePlatform shop, CancellationToken cancellationToken) =>
        await shop.FindPromotionAsync(id, cancellationToken) is null
            ? Refusals.NotFound
            : Results.Json(new Page<StoreRow>([.. (await shop.ReadRowsAsync(id, cancellationToken)).Select(PersonalData.Mask)], null), ApiJson.Options);
}
