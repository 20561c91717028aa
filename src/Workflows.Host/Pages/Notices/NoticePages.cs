using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Notices;

/// <summary>站内信: the person's messages, newest first.</summary>
internal static class NoticePages
{
    private const int PageSize = 30;

    public static void MapNoticePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/notices", ShowAsync);
        pages.MapPost("/notices/read", ReadAllAsync);
        pages.MapGet("/notices/{id}", OpenAsync);
    }

    /// <summary>The page a message leads to; null when it leads nowhere.</summary>
    public static string? HrefOf(Notice notice) =>
        notice.TaskId is { } task ? "/tasks/" + Uri.EscapeDataString(task) : notice.InstanceId is { } instance ? "/instances/" + Uri.EscapeDataString(instance) : null;

    /// <summary>Opens a message: from now on it counts as read, and that is all it does; the page it leads to asks for its own rights.</summary>
    private static async Task<IResult> OpenAsync(string id, HttpContext http, Actor actor, PageFrame frame, INoticeStore notices, EngineClock clock, CancellationToken cancellationToken) =>
        await notices.OpenAsync(id, actor.Name, clock.GetUtcNow(), cancellationToken) is { } opened
            ? Results.LocalRedirect(HrefOf(opened) ?? "/notices")
            : PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), StatusCodes.Status404NotFound);

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, INoticeStore notices, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var after = http.Request.Query["after"].ToString() is { Length: > 0 } text ? QueryReader.PlaceOf(text) : null;
        var (items, next) = await ListAsync(notices, actor, after, cancellationToken);
        return new RazorComponentResult<NoticePage>(new { Page = page, Items = items, Next = QueryReader.CursorOf(next) });
    }

    private static async Task<(IReadOnlyList<Notice> Items, string? Next)> ListAsync(INoticeStore notices, Actor actor, string? after, CancellationToken cancellationToken)
    {
        try
        {
            return await notices.ListAsync(actor.Name, after, PageSize, cancellationToken);
        }
        catch (ArgumentException) when (after is not null)
        {
            // A forged or outdated cursor: the first page says all there is to say.
            return await notices.ListAsync(actor.Name, null, PageSize, cancellationToken);
        }
    }

    private static async Task<IResult> ReadAllAsync(Actor actor, INoticeStore notices, EngineClock clock, CancellationToken cancellationToken)
    {
        await notices.ReadAllAsync(actor.Name, clock.GetUtcNow(), cancellationToken);
        return Results.LocalRedirect("/notices");
    }
}
