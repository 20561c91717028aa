using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Organisation;
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

    /// <summary>Keys of programs that act in the person's name; each can be revoked.</summary>
    public IReadOnlyList<ListLine> Keys { get; init; } = [];

    /// <summary>Where the person is signed in; each but the one at hand can be ended.</summary>
    public IReadOnlyList<ListLine> Sessions { get; init; } = [];
}

/// <summary>我的: leave delegation, phrases, password, where one is signed in.</summary>
internal static class ProfileEndpoints
{
    public static void MapProfilePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/profile", ShowAsync);
        pages.MapDelegationForms("/profile/delegation", "/profile/delegation/end", forOthers: false);
        pages.MapPost("/profile/phrases", SavePhrasesAsync);
        pages.MapPost("/profile/password", ChangePasswordAsync);
        pages.MapPost("/profile/sessions", EndOthersAsync);
        pages.MapPost("/profile/sessions/end", EndSessionAsync);
        pages.MapPost("/profile/keys/revoke", RevokeKeyAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, ProfileReader reader, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return Page(page, await reader.ReadAsync(http, page, actor, cancellationToken));
    }

    private static async Task<IResult> SavePhrasesAsync(HttpContext http, Actor actor, PageFrame frame, ProfileReader reader, Personal personal, CancellationToken cancellationToken)
    {
        var typed = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("phrases");
        var phrases = typed.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (phrases.Count > Personal.MostPhrases || phrases.Exists(p => p.Length > Personal.LongestPhrase))
        {
            var page = await frame.OfAsync(http, actor, cancellationToken);
            return Page(page, await reader.ReadAsync(http, page, actor, cancellationToken) with { Phrases = typed, PhraseProblem = page.T.With("phrases.tooMany", Personal.MostPhrases, Personal.LongestPhrase) }, 422);
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
        var model = await reader.ReadAsync(http, page, actor, cancellationToken);
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

    /// <summary>Ends one of the person's own sessions; another's is not found, as one that never was.</summary>
    private static async Task<IResult> EndSessionAsync(HttpContext http, Actor actor, PageFrame frame, ISignInStore sessions, CancellationToken cancellationToken) =>
        await sessions.EndSessionOfAsync(actor.Name, (await Posted.ReadAsync(http.Request, cancellationToken)).Text("id"), cancellationToken)
            ? Results.LocalRedirect("/profile?m=session")
            : PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), 404);

    private static async Task<IResult> RevokeKeyAsync(HttpContext http, Actor actor, PageFrame frame, IAccessStore keys, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var id = (await Posted.ReadAsync(http.Request, cancellationToken)).Text("id");
        return await keys.RevokeOwnKeyAsync(id, actor.Name, changes.Audit(actor, "key-revoked", id), cancellationToken)
            ? Results.LocalRedirect("/profile?m=key")
            : PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), 404);
    }

    private static RazorComponentResult<ProfilePage> Page(PageContext page, ProfileModel model, int status = 200) => new(new { Page = page, Model = model }) { StatusCode = status };
}

/// <summary>Puts together what a person sees of themselves.</summary>
internal sealed class ProfileReader(IOrganisationSource organisation, DelegationForms delegations, Personal personal, IAccessStore keys, SignInService signIn, TimeProvider time)
{
    public async Task<ProfileModel> ReadAsync(HttpContext http, PageContext page, Actor actor, CancellationToken cancellationToken)
    {
        var (sessions, here) = await signIn.SessionsAsync(http, actor.Name, cancellationToken);
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
                .. (await keys.ListKeysOfAsync(actor.Name, time.GetUtcNow(), cancellationToken)).Select(k => new ListLine(
                    k.Name,
                    string.Join(" · ", string.Join(page.T.IsChinese ? "、" : ", ", k.Scopes.Select(s => page.T.Or("keys.scope." + s, s))), page.T.With("keys.until", Moments.Full(k.ExpiresAt)), k.LastUsedAt is { } used ? page.T.With("keys.used", Moments.Full(used)) : page.T["keys.unused"]),
                    null, null, k.Id)),
            ],
            Sessions =
            [
                .. sessions.OrderByDescending(s => s.Id == here).Select(s => new ListLine(
                    DeviceNames.Of(s.Device, page.T), page.T.With("sessions.line", Moments.Full(s.CreatedAt), Moments.Full(s.LastSeenAt)), s.Id == here ? page.T["sessions.here"] : null, null, s.Id == here ? null : s.Id)),
            ],
        };
    }
}
