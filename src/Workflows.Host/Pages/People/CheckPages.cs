using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>无人可办检查: what the last look has found, and a button that looks again.</summary>
internal static class CheckPages
{
    public static void MapCheckPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/people/check", ShowAsync).RequireAuthorization(Rights.SeeCheck);
        pages.MapPost("/people/check", RunAsync).RequireAuthorization(Rights.SeeCheck);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, ICheckStore checks, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var found = await checks.FindLastAsync(cancellationToken);
        var when = found is null ? null
            : page.T.With("check.at", Moments.Full(found.At), found.By is { } by ? organisation.Current.DisplayName(by) : page.T["check.nightly"], found.Definitions);
        return new RazorComponentResult<CheckPage>(new { Page = page, Found = found, When = when });
    }

    private static async Task<IResult> RunAsync(Actor actor, PeopleCheck check, CancellationToken cancellationToken)
    {
        await check.RunAsync(actor.Name, cancellationToken);
        return Results.LocalRedirect("/people/check");
    }
}
