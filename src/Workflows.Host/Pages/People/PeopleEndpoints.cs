using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>A person of the organisation page.</summary>
public sealed record PersonLine(Badge Badge, string Posts, string? Manager);

/// <summary>The people of one department.</summary>
public sealed record DepartmentGroup(string Name, string? Head, IReadOnlyList<PersonLine> People);

/// <summary>What a person sees of themselves. The number is masked.</summary>
public sealed record ProfileModel(Badge Badge, string Posts, string? Department, string? Manager, string? Email, string? Mobile, IReadOnlyList<Badge> Reports);

/// <summary>组织管理 as everybody may read it, and the person's own page.</summary>
internal static class PeopleEndpoints
{
    private const int MostFound = 200;

    public static void MapPeoplePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/people", ShowPeopleAsync);
        pages.MapGet("/profile", ShowProfileAsync);
    }

    private static async Task<IResult> ShowPeopleAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (search, people) = (http.Request.Query["q"].ToString().Trim(), organisation.Current);
        var found = search.Length == 0 ? [.. people.People] : people.Search(search, MostFound).Concat(people.People.Where(p => PostsOf(p, people, page.T).Contains(search, StringComparison.OrdinalIgnoreCase))).DistinctBy(p => p.UserName).ToList();
        IReadOnlyList<DepartmentGroup> groups =
        [
            .. found.GroupBy(p => p.Department).Select(g => (Department: people.FindDepartment(g.Key), People: g))
                .OrderBy(g => g.Department is null).ThenBy(g => g.Department?.Position).ThenBy(g => g.Department?.Id, StringComparer.Ordinal)
                .Select(g => new DepartmentGroup(
                    g.Department?.Name ?? page.T["people.noDepartment"],
                    g.Department?.Head is { } head ? people.DisplayName(head) : null,
                    [.. g.People.Select(p => new PersonLine(Badge.Of(p.UserName, people), PostsOf(p, people, page.T), people.ManagerOf(p.UserName)?.DisplayName))])),
        ];
        return new RazorComponentResult<PeoplePage>(new { Page = page, Groups = groups, Search = search, Total = found.Count, MayCheck = actor.MaySeeCheck });
    }

    private static async Task<IResult> ShowProfileAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var people = organisation.Current;
        var person = people.Find(actor.Name);
        var model = new ProfileModel(
            Badge.Of(actor.Name, people),
            person is null ? "" : PostsOf(person, people, page.T),
            people.DepartmentOf(actor.Name)?.Name,
            people.ManagerOf(actor.Name)?.DisplayName,
            person?.Email,
            Masked(person?.Mobile),
            [.. people.People.Where(p => p.Manager == actor.Name).Select(p => Badge.Of(p.UserName, people))]);
        return new RazorComponentResult<ProfilePage>(new { Page = page, Model = model });
    }

    private static string PostsOf(Person person, OrganisationSnapshot people, Texts t) =>
        people.FindPost(person.Post)?.Name ?? string.Join(t.IsChinese ? "、" : ", ", person.Roles.Select(r => people.FindPost(r)?.Name ?? r));

    /// <summary>138****1234</summary>
    private static string? Masked(string? mobile) => mobile is { Length: >= 8 } ? $"{mobile[..3]}****{mobile[^4..]}" : mobile is null ? null : "****";
}
