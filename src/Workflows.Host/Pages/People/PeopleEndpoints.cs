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

/// <summary>组织管理 as everybody may read it.</summary>
internal static class PeopleEndpoints
{
    private const int MostFound = 200;

    public static void MapPeoplePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/people", ShowPeopleAsync);
    }

    private static async Task<IResult> ShowPeopleAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (search, people) = (http.Request.Query["q"].ToString().Trim(), organisation.Current);
        var withLeft = actor.MayAdminister && http.Request.Query["left"] == "1";
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
        return new RazorComponentResult<PeoplePage>(new { Page = page, Groups = groups, Search = search, Total = found.Count, Left = withLeft ? people.Data.People.Where(p => !p.IsActive).Select(p => Badge.Of(p.UserName, people)).ToList() : [] });
    }

    internal static string PostsOf(Person person, OrganisationSnapshot people, Texts t) =>
        people.FindPost(person.Post)?.Name ?? string.Join(t.IsChinese ? "、" : ", ", person.Roles.Select(r => people.FindPost(r)?.Name ?? r));
}
