using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Layout;
using Workflows.Host.Pages.Shop;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages;

/// <summary>Makes what every page knows of its request: language, person, counts, and what the last act did.</summary>
internal sealed class PageFrame(IOrganisationSource organisation, InboxSummaries summaries, EngineClock clock)
{
    public const string LanguageCookie = "workflows_language";

    /// <summary>Changes with every build, so that styles and scripts are loaded anew.</summary>
    private static readonly string Build = typeof(PageFrame).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { } version
        ? (version.InformationalVersion + typeof(PageFrame).Module.ModuleVersionId.ToString("N")[..8]).Replace('+', '.')
        : "0";

    public static Texts TextsOf(HttpContext http) => Texts.Of(http.Request.Cookies[LanguageCookie]);

    public async Task<PageContext> OfAsync(HttpContext http, Actor actor, CancellationToken cancellationToken) => Plain(http) with
    {
        Me = Badge.Of(actor.Name, organisation.Current),
        MayAdminister = actor.MayAdminister,
        MaySeeCheck = actor.MaySeeCheck,
        MayAudit = actor.MayAudit,
        MaySeeThresholds = actor.MaySeeThresholds,
        MayOperate = actor.MayOperate,
        MayDesign = actor.MayEditDefinitions,
        Counts = await summaries.CountAsync(actor, cancellationToken),
        Shop = ShopPages.Of(actor),
        SeesDesigner = new Designer.DesignerPerson(actor).MayUseDesigner,
    };

    /// <summary>Before sign-in, and where counting is of no use.</summary>
    public PageContext Plain(HttpContext http)
    {
        var texts = TextsOf(http);
        return new PageContext
        {
            T = texts,
            Csrf = Csrf.TokenOf(http),
            Path = http.Request.Path,
            Here = http.Request.Path + http.Request.QueryString,
            Now = clock.GetUtcNow(),
            Flash = FlashOf(http, texts),
            Build = Build,
        };
    }

    /// <summary>A page that says what is wrong, with a way back.</summary>
    public static IResult Refuse(PageContext page, int status, string? message = null, string? detail = null) =>
        new RazorComponentResult<ErrorPage>(new { Page = page, Message = message ?? page.T.Or($"error.{status}", page.T["error.title"]), Detail = detail }) { StatusCode = status };

    // Only texts of ours can be shown: the address names them, it does not bring them.
    private static string? FlashOf(HttpContext http, Texts texts)
    {
        var parts = http.Request.Query["m"].ToString().Split('.', 2);
        if (texts.Or("flash." + parts[0], "") is not { Length: > 0 } text)
            return null;
        return parts.Length == 2 ? text + texts.Or("flash." + parts[1], "") : text;
    }
}

/// <summary>Refusals that meet a browser become pages; programs get problems.</summary>
internal static class PageErrors
{
    private static readonly string[] ForPrograms = ["/api", "/elsa", "/openapi", "/metrics", "/health", "/workflows", "/dev", "/assets", "/inbox/events"];

    public static bool Wants(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !ForPrograms.Any(p => http.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

    public static async Task RenderAsync(HttpContext http, Problem problem)
    {
        var frame = http.RequestServices.GetRequiredService<PageFrame>();
        var page = frame.Plain(http);
        // Counts are left out: the database may be what failed.
        if (Actor.Of(http.User) is { } actor)
            page = page with { Me = Badge.Of(actor.Name, http.RequestServices.GetRequiredService<IOrganisationSource>().Current) };
        var message = problem.Code == "forged-request" ? page.T["error.forged"] : problem.Code == Refusals.ShopAway.Code ? page.T["shop.away"] : page.T.Or($"error.{problem.Status}", page.T.IsChinese ? problem.Zh : problem.En);
        await PageFrame.Refuse(page, problem.Status, message, page.T.IsChinese ? problem.DetailZh : problem.DetailEn).ExecuteAsync(http);
    }
}
