using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>What a person sees of themselves. The number is masked.</summary>
public sealed record ProfileModel(Badge Badge, string Posts, string? Department, string? Manager, string? Email, string? Mobile, IReadOnlyList<Badge> Reports)
{
    public IReadOnlyList<ListLine> Delegations { get; init; } = [];

    /// <summary>The person's own phrases, one in each line, as typed.</summary>
    public string Phrases { get; init; } = "";
    public string? PhraseProblem { get; init; }
    public string? CurrentProblem { get; init; }
    public string? PasswordProblem { get; init; }

    /// <summary>Keys of programs that act in the person's name.</summary>
    public IReadOnlyList<ListLine> Keys { get; init; } = [];
}

/// <summary>我的: leave delegation, phrases, password, where one is signed in.</summary>
internal static class ProfileEndpoints
{
    public static void MapProfilePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/profile", ShowAsync);
        pages.MapGet("/profile/delegation", ShowDelegationAsync);
        pages.MapPost("/profile/delegation", SaveDelegationAsync);
        pages.MapPost("/profile/delegation/end", EndDelegationAsync);
        pages.MapPost("/profile/phrases", SavePhrasesAsync);
        pages.MapPost("/profile/password", ChangePasswordAsync);
        pages.MapPost("/profile/sessions", EndOthersAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, ProfileReader reader, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return Page(page, await reader.ReadAsync(page, actor, cancellationToken));
    }

    private static async Task<IResult> ShowDelegationAsync(HttpContext http, Actor actor, PageFrame frame, DelegationForms forms, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return Edit(page, await forms.ModelAsync(page, actor, false, FormState.Empty, cancellationToken), 200);
    }

    private static async Task<IResult> SaveDelegationAsync(HttpContext http, Actor actor, PageFrame frame, DelegationForms forms, OrganisationChanges changes, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (again, status) = await forms.HandleAsync(page, actor, false, await Posted.ReadAsync(http.Request, cancellationToken), changes, clock, cancellationToken);
        return again is null ? Results.LocalRedirect("/profile?m=delegation") : Edit(page, again, status);
    }

    private static async Task<IResult> EndDelegationAsync(HttpContext http, Actor actor, PageFrame frame, OrganisationChanges changes, CancellationToken cancellationToken) =>
        await DelegationEndpoints.EndAsync((await Posted.ReadAsync(http.Request, cancellationToken)).Text("id"), actor, changes, cancellationToken) is Problem { Status: var status }
            ? PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), status)
            : Results.LocalRedirect("/profile?m=ended");

    private static async Task<IResult> SavePhrasesAsync(HttpContext http, Actor actor, PageFrame frame, ProfileReader reader, Personal personal, CancellationToken cancellationToken)
    {
        var typed = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("phrases");
        var phrases = typed.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (phrases.Count > Personal.MostPhrases || phrases.Exists(p => p.Length > Personal.LongestPhrase))
        {
            var page = await frame.OfAsync(http, actor, cancellationToken);
            return Page(page, await reader.ReadAsync(page, actor, cancellationToken) with { Phrases = typed, PhraseProblem = page.T.With("phrases.tooMany", Personal.MostPhrases, Personal.LongestPhrase) }, 422);
        }

        await personal.SavePhrasesAsync(actor, phrases, cancellationToken);
        return Results.LocalRedirect("/profile?m=phrases");
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, Actor actor, PageFrame frame, ProfileReader reader, SignInService signIn, Passwords passwords, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var sent = new SavePassword(posted.Text("password"), posted.Text("current"));
        var problem = sent.Password != posted.Text("again")
            ? Refusals.Unprocessable.At("$.password", "differs", page.T["password.differs"], page.T["password.differs"])
            : await OrganisationEndpoints.ChangeOwnPasswordAsync(http, sent, actor, signIn, passwords, changes, cancellationToken) as Problem;
        if (problem is null)
            return Results.LocalRedirect("/profile?m=password");
        string? At(string path) => problem.Errors.FirstOrDefault(e => e.Path == path) is { } error ? page.T.IsChinese ? error.Zh : error.En : null;
        var model = await reader.ReadAsync(page, actor, cancellationToken);
        return Page(page, model with { CurrentProblem = At("$.current"), PasswordProblem = At("$.password") ?? (problem.Errors.Count == 0 ? page.T.IsChinese ? problem.Zh : problem.En : null) }, problem.Status);
    }

    /// <summary>Signs out everywhere and begins a new session here. Only a browser's session can; a program's token ends nothing.</summary>
    private static async Task<IResult> EndOthersAsync(HttpContext http, Actor actor, ISignInStore sessions, SignInService signIn, CancellationToken cancellationToken)
    {
        if (http.Features.Get<Csrf>() is null)
            return Results.LocalRedirect("/profile");
        await sessions.EndAllAsync(actor.Name, cancellationToken);
        await signIn.BeginAsync(http, actor.Name, cancellationToken);
        return Results.LocalRedirect("/profile?m=sessions");
    }

    private static RazorComponentResult<ProfilePage> Page(PageContext page, ProfileModel model, int status = 200) => new(new { Page = page, Model = model }) { StatusCode = status };

    private static RazorComponentResult<EditPage> Edit(PageContext page, EditModel model, int status) => new(new { Page = page, Model = model, Area = "profile" }) { StatusCode = status };
}

/// <summary>Puts together what a person sees of themselves.</summary>
internal sealed class ProfileReader(IOrganisationSource organisation, DelegationForms delegations, Personal personal, IAccessStore keys)
{
    public async Task<ProfileModel> ReadAsync(PageContext page, Actor actor, CancellationToken cancellationToken)
    {
        var people = organisation.Current;
        var person = people.Find(actor.Name);
        return new ProfileModel(
            Badge.Of(actor.Name, people),
            person is null ? "" : PeopleEndpoints.PostsOf(person, people, page.T),
            people.DepartmentOf(actor.Name)?.Name,
            people.ManagerOf(actor.Name)?.DisplayName,
            person?.Email,
            Masks.Mobile(person?.Mobile),
            [.. people.People.Where(p => p.Manager == actor.Name).Select(p => Badge.Of(p.UserName, people))])
        {
            Delegations = await delegations.LinesAsync(page, actor, [actor.Name], cancellationToken),
            Phrases = string.Join('\n', await personal.PhrasesAsync(actor, cancellationToken)),
            Keys =
            [
                .. (await keys.ListKeysAsync(cancellationToken)).Where(k => k.UserName == actor.Name && k.RevokedAt is null).Select(k => new ListLine(
                    k.Name, string.Join(" ", k.Scopes), page.T.With("keys.until", Moments.Full(k.ExpiresAt)), null)),
            ],
        };
    }
}
