using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Start;

/// <summary>The catalogue of applications, and one being filled in. The key in the form makes a double click one application.</summary>
internal static class StartEndpoints
{
    public static void MapStartPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/start", ShowCatalogueAsync);
        pages.MapGet("/start/{definitionId}", ShowFormAsync);
        pages.MapPost("/start/{definitionId}", SubmitAsync);
    }

    private static async Task<IResult> ShowCatalogueAsync(HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var search = http.Request.Query["q"].ToString().Trim();
        return new RazorComponentResult<CataloguePage>(new { Page = page, Areas = await catalogue.ListAsync(actor, search, page.T, cancellationToken), Search = search });
    }

    private static async Task<IResult> ShowFormAsync(string definitionId, HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await catalogue.FindAsync(definitionId, actor, cancellationToken) is { } graph
            ? await FormAsync(page, actor, graph, catalogue, organisation, FormState.Empty, PostedAct.NewKey(), null, 200, cancellationToken)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> SubmitAsync(
        string definitionId, HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, WorkflowRuntime runtime, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await catalogue.FindAsync(definitionId, actor, cancellationToken) is not { } graph)
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (_, _, fields) = await catalogue.FormOfAsync(graph, cancellationToken);
        var (values, filled) = FormReader.Read(fields, posted, page.T);
        var given = values.Where(v => v.Value is not null and not JsonArray { Count: 0 }).ToDictionary(v => v.Key, v => v.Value!.DeepClone() as JsonNode);
        var problems = filled.Problems.ToDictionary();
        // All at once: what cannot be read, and what is missing or of the wrong kind.
        foreach (var fault in InputRules.Check(graph, given!))
            problems.TryAdd(FormReader.Prefix + fault.Name, fault.Code == "missing" ? page.T["form.missing"] : page.T.IsChinese ? fault.Zh : fault.En);
        if (problems.Count > 0)
            return await FormAsync(page, actor, graph, catalogue, organisation, filled with { Problems = problems }, posted.Text("key"), page.T.With("error.form", problems.Count), 422, cancellationToken);

        var delivery = await runtime.StartAsync(
            new StartRequest { DefinitionId = definitionId, Input = given!, InitiatedBy = actor.Name, Key = PostedAct.KeyOf(posted, actor, http.Request.Path) }, cancellationToken);
        return delivery switch
        {
            Delivery.Applied applied => Results.LocalRedirect($"/instances/{Uri.EscapeDataString(applied.Last.Id)}?m=started"),
            Delivery.Repeated repeated => Results.LocalRedirect($"/instances/{Uri.EscapeDataString(repeated.Earlier.InstanceId)}?m=started"),
            Delivery.Missing => PageFrame.Refuse(page, 404),
            Delivery.AlreadyActive => await Again("error.active"),
            Delivery.KeyReused => await Again("error.keyReused"),
            Delivery.BadInput => await Again("form.check"),
            _ => await Again("error.unstorable"),
        };

        Task<IResult> Again(string text) => FormAsync(page, actor, graph, catalogue, organisation, filled, PostedAct.NewKey(), page.T[text], 409, cancellationToken);
    }

    private static async Task<IResult> FormAsync(
        PageContext page, Actor actor, WorkflowGraph graph, StartCatalogue catalogue, IOrganisationSource organisation, FormState filled, string key, string? problem, int status, CancellationToken cancellationToken)
    {
        var (name, description, fields) = await catalogue.FormOfAsync(graph, cancellationToken);
        var chain = TrailReader.Preview(graph, actor.Name, organisation.Current, page.T);
        return new RazorComponentResult<StartPage>(new { Page = page, Model = new StartModel(graph.DefinitionId, Inbox.Wording.Application(name, page.T), description, fields, filled, chain, key.Length > 0 ? key : PostedAct.NewKey(), problem) }) { StatusCode = status };
    }
}
