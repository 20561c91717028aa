using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Host.Demo;
using Workflows.Host.Pages.Account;
using Workflows.Host.Pages.Clocks;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Messages;
using Workflows.Host.Pages.Notices;
using Workflows.Host.Pages.People;
using Workflows.Host.Pages.Shop;
using Workflows.Host.Pages.Start;
using Workflows.Host.Pages.Text;
using Workflows.Host.Pages.Thresholds;
using Workflows.Host.Security;

namespace Workflows.Host.Pages;

/// <summary>The staff pages: plain forms, each post answered by a redirect, so that all of them work without scripts.</summary>
internal static class PageEndpoints
{
    public static void AddWorkflowPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Chinese is left readable: six characters of code for each would make a page five times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<PageFrame>();
        services.AddSingleton<InboxSummaries>();
        services.AddSingleton<InboxReader>();
        services.AddSingleton<TrailReader>();
        services.AddSingleton<ClockReader>();
        services.AddSingleton<DetailReader>();
        services.AddSingleton<StartCatalogue>();
        services.AddSingleton<StartForms>();
        services.AddSingleton<Personal>();
        services.AddSingleton<DraftList>();
        services.AddSingleton<DelegationForms>();
        services.AddSingleton<ProfileReader>();
        services.AddSingleton<ThresholdReader>();
        services.AddShopPages();
        // A detail table has many fields.
        services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(o => o.ValueCountLimit = 10_000);
    }

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription();
        pages.MapAssets();
        pages.MapIcon();
        pages.MapInboxEvents();
        pages.MapGet("/signin", ShowSignIn).AllowAnonymous();
        pages.MapPost("/signin", SignInAsync).AllowAnonymous();
        pages.MapPost("/language", SetLanguageAsync).AllowAnonymous();
        pages.MapGet("/", ShowInboxAsync);
        pages.MapBatchPages();
        pages.MapDetailPages();
        pages.MapStartPages();
        pages.MapPeoplePages();
        pages.MapCheckPages();
        pages.MapAdminPages();
        pages.MapProfilePages();
        pages.MapNoticePages();
        pages.MapClockPages();
        pages.MapThresholdPages();
        pages.MapMessagePages();
        pages.MapTemplatePages();
        pages.MapShopPages();
    }

    private static async Task<IResult> ShowInboxAsync(HttpContext http, Actor actor, PageFrame frame, InboxReader inbox, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var model = await inbox.ReadAsync(page, actor, InboxReader.ChoiceOf(http.Request.Query), http.Request.Query["after"], cancellationToken);
        return new RazorComponentResult<InboxPage>(new { Page = page, Model = model });
    }

    private static IResult ShowSignIn(HttpContext http, PageFrame frame, IHostEnvironment environment)
    {
        var returnUrl = SignInService.LocalUrl(http.Request.Query["returnUrl"]);
        return Actor.Of(http.User) is null ? SignInForm(frame.Plain(http), environment, returnUrl) : Results.LocalRedirect(returnUrl);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, SignInService signIn, PageFrame frame, IHostEnvironment environment, CancellationToken cancellationToken)
    {
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var (userName, password, returnUrl) = (form.Text("userName").Trim(), form.Text("password"), SignInService.LocalUrl(form.Text("returnUrl")));
        var page = frame.Plain(http);
        if (userName.Length == 0 || password.Length == 0)
            return SignInForm(page, environment, returnUrl, userName, page.T["signin.missing"], 400);
        return await signIn.TryAsync(http, userName, password, cancellationToken) switch
        {
            SignInOutcome.Accepted => Results.LocalRedirect(returnUrl),
            SignInOutcome.MustWait wait => SignInForm(page, environment, returnUrl, userName, page.T.With("signin.wait", Moments.Rough(wait.Wait, page.T)), 429),
            _ => SignInForm(page, environment, returnUrl, userName, page.T["signin.refused"], 401),
        };
    }

    private static RazorComponentResult<SignInPage> SignInForm(PageContext page, IHostEnvironment environment, string returnUrl, string userName = "", string? error = null, int status = 200)
    {
        IReadOnlyList<Badge> logins = environment.IsDevelopment() ? [.. DemoOrganisation.People.Select(p => new Badge(p.UserName, p.DisplayName, null))] : [];
        return new RazorComponentResult<SignInPage>(new { Page = page, ReturnUrl = returnUrl, UserName = userName, Error = error, Logins = logins, DemoPassword = DemoOrganisation.Password }) { StatusCode = status };
    }

    private static async Task<IResult> SetLanguageAsync(HttpContext http, TimeProvider time, CancellationToken cancellationToken)
    {
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        http.Response.Cookies.Append(PageFrame.LanguageCookie, form.Text("to") == "en" ? "en" : "zh", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Expires = time.GetUtcNow().AddYears(1),
            IsEssential = true,
        });
        return Results.LocalRedirect(SignInService.LocalUrl(form.Text("returnUrl")));
    }
}

/// <summary>What a form sent. A body that is no form counts as an empty one: every field then asks for its value.</summary>
internal sealed class Posted(IFormCollection form)
{
    public IFormCollection Form => form;

    public static async Task<Posted> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new(request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : FormCollection.Empty);

    /// <summary>A field as text; no database takes the NUL character.</summary>
    public string Text(string name) => form[name].ToString().Replace("\0", "", StringComparison.Ordinal);
}
