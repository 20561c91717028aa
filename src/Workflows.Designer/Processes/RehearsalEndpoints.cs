using Workflows.Designer.Studio;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Processes;

/// <summary>The page that plays a draft with a case. For those who design the process: it computes, and changes nothing.</summary>
internal static partial class ProcessEndpoints
{
    private const int PastCases = 20;

    private static async Task<IResult> RehearsalAsync(
        string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, IInstanceStore instances, ProcessReader reader, ProcessRehearsal rehearsal, ActivityCatalogue catalogue, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        var past = http.Request.Query["case"].ToString();
        // Somebody else's case looks like none.
        var mine = past.Length > 0 && await instances.FindAsync(past, cancellationToken) is { } found && found.DefinitionId == definitionId && (person.MayView(definitionId) || found.InitiatedBy == person.UserName) ? past : null;
        return await rehearsal.FormAsync(latest.VersionId, mine, reader.Zone, cancellationToken) is { } form
            ? await RehearsalPageAsync(http, host, files, store, instances, reader, catalogue, organisation, person, latest, form, mine, [], null, 200, cancellationToken)
            : Results.NotFound();
    }

    private static async Task<IResult> RehearseAsync(
        string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, IInstanceStore instances, ProcessReader reader, ProcessRehearsal rehearsal, ActivityCatalogue catalogue, IOrganisationSource organisation, DefinitionService definitions, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest
            || await rehearsal.FormAsync(latest.VersionId, await FormAsync(http), cancellationToken) is not { } form)
            return Results.NotFound();
        var t = new Wording(host.IsChinese(http));
        var faults = (await definitions.ValidateAsync(DefinitionReader.ReadStored(latest.Document), cancellationToken)).Faults.Where(f => f.Severity == FaultSeverity.Fault).Select(f => t[$"“{f.Node}”：{f.Zh}", $"“{f.Node}”: {f.En}"]).ToList();
        if (faults.Count > 0)
            return await RehearsalPageAsync(http, host, files, store, instances, reader, catalogue, organisation, person, latest, form, null, [t["草稿有错误，改正后才能演练：", "The draft has faults; mend them first:"], .. faults], null, 400, cancellationToken);
        var inService = await store.FindAsync(definitionId, VersionKind.Published, cancellationToken);
        var (result, problems) = await rehearsal.PlayAsync(latest.VersionId, inService?.VersionId, form, reader.Zone, cancellationToken);
        return await RehearsalPageAsync(http, host, files, store, instances, reader, catalogue, organisation, person, latest, form, null, [.. problems.Select(p => t[p.Zh, p.En])], result, result is null ? 400 : 200, cancellationToken);
    }

    private static async Task<IResult> RehearsalPageAsync(
        HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, IInstanceStore instances, ProcessReader reader, ActivityCatalogue catalogue, IOrganisationSource organisation, IDesignerPerson person, StoredDefinition latest,
        RehearsalForm form, string? past, IReadOnlyList<string> problems, RehearsalResult? result, int status, CancellationToken cancellationToken)
    {
        var t = new Wording(host.IsChinese(http));
        var name = latest.Name.Length > 0 ? latest.Name : latest.DefinitionId;
        var cases = await instances.ListAsync(new InstanceFilter(latest.DefinitionId, Limit: PastCases) { Viewer = person.UserName, ViewedDefinitions = person.ViewedDefinitions }, cancellationToken);
        return await host.PageAsync(http, $"{t["演练", "Rehearsal"]} · {name}", Body<RehearsalPage>(http, files, t, new()
        {
            ["DefinitionId"] = latest.DefinitionId,
            ["Name"] = name,
            ["Rehearsed"] = latest.Version,
            ["Form"] = form,
            ["People"] = organisation.Current.People.Select(p => (p.UserName, $"{p.DisplayName}（{p.UserName}）")).ToList(),
            ["Cases"] = cases.Select(c => (c.Id, $"{c.Name ?? name} · {(c.InitiatedBy is { } by ? organisation.Current.DisplayName(by) : "—")} · {reader.Moment(c.CreatedAt)}")).ToList(),
            ["Case"] = past,
            ["Moment"] = (Func<DateTimeOffset, string>)reader.Moment,
            ["Port"] = (Func<string, string, string>)new ValueWords(catalogue, organisation.Current, t.IsChinese).Port,
            ["Problems"] = problems,
            ["Result"] = result,
            ["InService"] = (await store.FindAsync(latest.DefinitionId, VersionKind.Published, cancellationToken))?.Version,
            ["Proof"] = host.ProofOf(http),
        }), status);
    }
}
