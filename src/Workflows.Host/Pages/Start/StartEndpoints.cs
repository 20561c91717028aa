using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Files;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Start;

/// <summary>The catalogue of applications, and one being filled in.</summary>
/// <remarks>
/// The key in the form is the draft's id and the key of the start in one: a double click is one application, and a draft that is saved
/// late, after its application was handed in, is known by it and not kept. Files wait with the draft until the application exists;
/// a host that dies between the two leaves the draft with its files, and sending the form again gives them to the same application.
/// </remarks>
internal static class StartEndpoints
{
    private const int MostDrafts = 50;

    private enum DraftOutcome
    {
        Saved,

        /// <summary>Handed in already: nothing to keep.</summary>
        HandedIn,
        TooMany,
    }

    public static void MapStartPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/start", ShowCatalogueAsync);
        pages.MapGet("/start/{definitionId}", ShowFormAsync);
        pages.MapPost("/start/{definitionId}", SubmitAsync).WithMetadata(new RequestSizeLimitAttribute(PostedFiles.MostBytes));
    }

    private static async Task<IResult> ShowCatalogueAsync(HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, DraftList drafts, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var search = http.Request.Query["q"].ToString().Trim();
        return new RazorComponentResult<CataloguePage>(new
        {
            Page = page,
            Areas = await catalogue.ListAsync(actor, search, page.T, cancellationToken),
            Search = search,
            Drafts = search.Length == 0 ? await drafts.ListAsync(page, actor, cancellationToken) : [],
        });
    }

    /// <summary>An empty form; a draft taken up again; or an earlier application of one's own as the beginning of a new one.</summary>
    private static async Task<IResult> ShowFormAsync(
        string definitionId, HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, StartForms forms, IDraftStore drafts, IInstanceStore instances, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await catalogue.FindAsync(definitionId, actor, cancellationToken) is not { } graph)
            return PageFrame.Refuse(page, 404);
        var (_, _, fields) = await catalogue.FormOfAsync(graph, cancellationToken);
        string Asked(string name) => http.Request.Query[name].ToString() is { Length: <= 100 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : "";
        if (Asked("draft") is { Length: > 0 } id)
        {
            if (await drafts.FindAsync(id, actor.Name, cancellationToken) is not { } draft || draft.DefinitionId != definitionId)
                return Results.LocalRedirect($"/start/{Uri.EscapeDataString(definitionId)}");
            return await forms.PageAsync(page, actor, graph, FormReader.Fill(fields, draft.Form) with { WasSent = true }, id, draft.SavedAt, cancellationToken);
        }

        if (Asked("from") is { Length: > 0 } from && await instances.LoadAsync(from, cancellationToken) is { } stored)
        {
            var earlier = InstanceCodec.Read(stored.State.Span);
            if (earlier.InitiatedBy == actor.Name && earlier.DefinitionId == definitionId)
                return await forms.PageAsync(page, actor, graph, FormReader.Fill(fields, new JsonObject(earlier.Input.Where(i => !graph.PersonalInputs.Contains(i.Key)).Select(i => KeyValuePair.Create(i.Key, i.Value?.DeepClone())))), PostedAct.NewKey(), null, cancellationToken);
        }

        return await forms.PageAsync(page, actor, graph, FormState.Empty, PostedAct.NewKey(), null, cancellationToken);
    }

    private static async Task<IResult> SubmitAsync(
        string definitionId, HttpContext http, Actor actor, PageFrame frame, StartCatalogue catalogue, StartForms forms, WorkflowRuntime runtime, IDraftStore drafts, IInstanceStore stimuli,
        AttachmentIntake intake, IOrganisationSource organisation, EngineClock clock, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var action = posted.Text("action");
        // A script saves while somebody types; it wants a word, not a page.
        var isScript = action == "draft" && !PageErrors.Wants(http);
        var page = isScript ? frame.Plain(http) : await frame.OfAsync(http, actor, cancellationToken);
        if (await catalogue.FindAsync(definitionId, actor, cancellationToken) is not { } graph)
            return isScript ? Results.NotFound() : PageFrame.Refuse(page, 404);
        var (_, _, fields) = await catalogue.FormOfAsync(graph, cancellationToken);
        var (values, kept, filled) = FormReader.ReadWithDraft(fields, posted, page.T, organisation.Current);
        var unjudged = filled with { Problems = new Dictionary<string, string>() };
        var id = DraftIdOf(posted);

        if (action == "discard")
        {
            await drafts.DeleteAsync(id, actor.Name, cancellationToken);
            return Results.LocalRedirect("/start?m=discarded");
        }

        if (FormReader.ChangesRows(posted))
            return await forms.PageAsync(page, actor, graph, unjudged, id, null, cancellationToken);

        // Everything but handing in leaves a draft behind.
        if (action == "draft" || PostedFiles.ChangesFiles(posted) || posted.Form.Files.Count > 0)
        {
            var outcome = await SaveAsync();
            if (outcome == DraftOutcome.HandedIn && action == "draft")
                return isScript ? Results.NoContent() : Results.LocalRedirect("/?tab=initiated");
            if (outcome == DraftOutcome.TooMany)
                return isScript ? Results.Json(new { saved = false, text = page.T.With("draft.tooMany", MostDrafts) }) : await Again(422, page.T.With("draft.tooMany", MostDrafts), unjudged);
            if (action == "draft" && posted.Form.Files.Count == 0)
            {
                return isScript
                    ? Results.Json(new { saved = true, text = page.T.With("draft.savedAt", Moments.Short(clock.GetUtcNow(), clock.GetUtcNow(), page.T)) })
                    : Results.LocalRedirect($"/start/{Uri.EscapeDataString(definitionId)}?draft={id}&m=draft");
            }

            if (posted.Text(PostedFiles.Remove) is { Length: > 0 } gone)
                await drafts.RemoveFileAsync(gone, id, actor.Name, cancellationToken);
            var taken = await PostedFiles.TakeAsync(posted, intake, (await drafts.ListFilesAsync(id, actor.Name, cancellationToken)).Count, cancellationToken);
            foreach (var file in taken.Where(f => f.Fault is null))
                await drafts.AddFileAsync(new DraftFile(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), id, file.Name, file.ContentType, file.Size, file.Hash, clock.GetUtcNow()), cancellationToken);
            var wrong = PostedFiles.ProblemsOf(taken, page.T);
            if (wrong.Count > 0 || action != "submit")
                return await forms.PageAsync(page, actor, graph, unjudged, id, clock.GetUtcNow(), cancellationToken, wrong.Count > 0 ? 422 : 200, fileProblems: wrong);
        }

        var given = values.Where(v => v.Value is not null and not JsonArray { Count: 0 }).ToDictionary(v => v.Key, v => v.Value!.DeepClone() as JsonNode);
        var problems = filled.Problems.ToDictionary();
        // All at once: what cannot be read, and what is missing or of the wrong kind.
        foreach (var fault in InputRules.Check(graph, given!))
            problems.TryAdd(FormReader.Prefix + fault.Name, fault.Code == "missing" ? page.T["form.missing"] : page.T.IsChinese ? fault.Zh : fault.En);
        if (problems.Count > 0)
            return await Again(422, page.T.With("error.form", problems.Count), filled with { Problems = problems });

        var delivery = await runtime.StartAsync(
            new StartRequest { DefinitionId = definitionId, Input = given!, InitiatedBy = actor.Name, Key = PostedAct.KeyOf(posted, actor, http.Request.Path) }, cancellationToken);
        switch (delivery)
        {
            case Delivery.Applied applied:
                return await HandedInAsync(applied.Last.Id);
            case Delivery.Repeated repeated:
                return await HandedInAsync(repeated.Earlier.InstanceId);
            case Delivery.Missing:
                return PageFrame.Refuse(page, 404);
            default:
                var why = delivery switch { Delivery.AlreadyActive => "error.active", Delivery.KeyReused => "error.keyReused", Delivery.BadInput => "form.check", _ => "error.unstorable" };
                return await Again(409, page.T[why], filled, delivery is Delivery.KeyReused ? PostedAct.NewKey() : id);
        }

        Task<IResult> Again(int status, string problem, FormState state, string? key = null) => forms.PageAsync(page, actor, graph, state, key ?? id, null, cancellationToken, status, problem);

        // The application is there; the files follow it whatever the browser does meanwhile.
        async Task<IResult> HandedInAsync(string instanceId)
        {
            await drafts.HandInAsync(id, actor.Name, instanceId, CancellationToken.None);
            return Results.LocalRedirect($"/instances/{Uri.EscapeDataString(instanceId)}?m=started");
        }

        async Task<DraftOutcome> SaveAsync()
        {
            if (await stimuli.FindStimulusAsync(PostedAct.KeyText(actor, id), cancellationToken) is not null)
                return DraftOutcome.HandedIn;
            return await drafts.SaveAsync(new StartDraft(id, actor.Name, definitionId, kept, clock.GetUtcNow()), MostDrafts, cancellationToken) ? DraftOutcome.Saved : DraftOutcome.TooMany;
        }
    }

    private static string DraftIdOf(Posted posted) => posted.Text("key") is { Length: > 0 and <= 64 } key && key.All(char.IsAsciiLetterOrDigit) ? key : PostedAct.NewKey();
}

/// <summary>Puts the page of an application together.</summary>
internal sealed class StartForms(StartCatalogue catalogue, IDraftStore drafts, IOrganisationSource organisation)
{
    /// <param name="id">The draft's id, whether it was saved yet or not.</param>
    /// <param name="savedAt">When it was saved; null when it was not.</param>
    public async Task<IResult> PageAsync(
        PageContext page, Actor actor, WorkflowGraph graph, FormState filled, string id, DateTimeOffset? savedAt, CancellationToken cancellationToken, int status = 200, string? problem = null, IReadOnlyList<string>? fileProblems = null)
    {
        var (name, description, fields) = await catalogue.FormOfAsync(graph, cancellationToken);
        var files = await drafts.ListFilesAsync(id, actor.Name, cancellationToken);
        var saved = savedAt ?? (await drafts.FindAsync(id, actor.Name, cancellationToken))?.SavedAt;
        var model = new StartModel(
            graph.DefinitionId,
            Inbox.Wording.Application(name, page.T),
            description,
            fields,
            filled,
            TrailReader.Preview(graph, actor.Name, organisation.Current, page.T),
            id,
            problem,
            new FileModel([.. files.Select(PostedFiles.LineOf)], true, fileProblems ?? []),
            saved is { } at ? page.T.With("draft.savedAt", Moments.Short(at, page.Now, page.T)) : null);
        return new RazorComponentResult<StartPage>(new { Page = page, Model = model }) { StatusCode = status };
    }
}
