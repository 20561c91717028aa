using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Workflows.Designer.Api;
using Workflows.Designer.Studio;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Processes;

/// <summary>The pages around the editor, and the pages that hold Studio.</summary>
internal static partial class ProcessEndpoints
{
    private const int LongestReason = 2_000;

    public static void MapProcessPages(this IEndpointRouteBuilder designer)
    {
        designer.MapGet("", ListAsync);
        designer.MapPost("/new", CreateAsync);
        designer.MapGet("/process/{definitionId}", ShowAsync);
        designer.MapGet("/process/{definitionId}/parameters", ParametersAsync);
        designer.MapPost("/process/{definitionId}/parameters", SaveParametersAsync);
        designer.MapGet("/process/{definitionId}/compare", CompareAsync);
        designer.MapGet("/process/{definitionId}/rehearsal", RehearsalAsync);
        designer.MapPost("/process/{definitionId}/rehearsal", RehearseAsync);
        designer.MapGet("/process/{definitionId}/export", ExportAsync);
        designer.MapPost("/process/{definitionId}/publish", PublishAsync);
        designer.MapPost("/process/{definitionId}/discard", DiscardAsync);
        designer.MapPost("/process/{definitionId}/revert", RevertAsync);
        designer.MapPost("/process/{definitionId}/settings", SaveSettingsAsync);
        designer.MapPost("/process/{definitionId}/rights", SaveRightsAsync);
        designer.MapGet("/edit/{definitionId}", EditAsync);
        designer.MapGet("/view/{definitionId}", ViewAsync);
        designer.MapPost("/edit/{definitionId}/lock", LockAsync);
        designer.MapPost("/edit/{definitionId}/unlock", UnlockAsync);
        designer.MapPost("/edit/{definitionId}/takeover", TakeOverAsync);
        designer.MapGet("/studio", StudioListAsync);
        designer.MapGet("/instances", InstancesAsync);
        designer.MapGet("/instance/{id}", InstanceAsync);
        // Where Studio goes by itself after "Save as".
        designer.MapGet("/workflows/definitions/{definitionId}/edit", (string definitionId, HttpContext http) => Results.LocalRedirect($"{http.Request.PathBase}{StudioFiles.BasePath}/edit/{Uri.EscapeDataString(definitionId)}"));
    }

    private static async Task<IResult> EditAsync(string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, ProcessEditing editing, DefinitionService definitions, Engine.Organisation.IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayRead(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        if (!person.MayDesign(definitionId))
            return await ViewAsync(definitionId, http, host, files, store, cancellationToken);
        var pending = await editing.FindPendingAsync(definitionId, cancellationToken);
        var held = pending is null ? await editing.LockAsync(definitionId, person, takeOver: false, cancellationToken) : null;
        return StudioPages.Page(http, files, host, Editor(latest) with
        {
            Edits = pending is null,
            PendingChange = pending,
            LockedBy = held is not null && held.UserName != person.UserName ? organisation.Current.DisplayName(held.UserName) : null,
            IsGoverned = await definitions.IsGovernedAsync(definitionId, DefinitionReader.ReadStored(latest.Document), cancellationToken),
        });
    }

    private static async Task<IResult> ViewAsync(string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, CancellationToken cancellationToken) =>
        await host.FindPersonAsync(http) is { } person && person.MayRead(definitionId) && await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is { } latest
            ? StudioPages.Page(http, files, host, Editor(latest))
            : Results.NotFound();

    private static StudioPageModel Editor(StoredDefinition latest) => new("elsa-workflow-definition-editor", latest.Name.Length > 0 ? latest.Name : latest.DefinitionId)
    {
        Object = ("definition-id", latest.DefinitionId),
        DefinitionId = latest.DefinitionId,
    };

    /// <summary>A sign of life of the editor's page; 409 when somebody else has taken the lock.</summary>
    private static async Task<IResult> LockAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessEditing editing, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId))
            return Results.NotFound();
        return (await editing.LockAsync(definitionId, person, takeOver: false, cancellationToken)).UserName == person.UserName ? Results.NoContent() : Results.Conflict();
    }

    private static async Task<IResult> UnlockAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessEditing editing, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId))
            return Results.NotFound();
        await editing.UnlockAsync(definitionId, person, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> TakeOverAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessEditing editing, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId))
            return Results.NotFound();
        await editing.LockAsync(definitionId, person, takeOver: true, cancellationToken);
        return Results.LocalRedirect($"{StudioFiles.BasePath}/edit/{Uri.EscapeDataString(definitionId)}");
    }

    private static async Task<IResult> StudioListAsync(HttpContext http, IDesignerHost host, StudioFiles files) =>
        await host.FindPersonAsync(http) is { MayDesignAll: true }
            ? StudioPages.Page(http, files, host, new StudioPageModel("elsa-workflow-definition-list", host.IsChinese(http) ? "批量管理" : "Bulk actions"))
            : Results.NotFound();

    private static async Task<IResult> InstancesAsync(HttpContext http, IDesignerHost host, StudioFiles files) =>
        await host.FindPersonAsync(http) is { } person && (person.ViewedDefinitions is null || person.ViewedDefinitions.Count > 0)
            ? StudioPages.Page(http, files, host, new StudioPageModel("elsa-workflow-instance-list", host.IsChinese(http) ? "运行记录" : "Instances"))
            : Results.NotFound();

    private static async Task<IResult> InstanceAsync(string id, HttpContext http, IDesignerHost host, StudioFiles files, IInstanceStore instances, IDefinitionStore store, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || await instances.FindAsync(id, cancellationToken) is not { } found || !person.MayView(found.DefinitionId))
            return Results.NotFound();
        var name = found.Name ?? (await store.FindVersionAsync(found.DefinitionVersionId, cancellationToken))?.Name ?? found.DefinitionId;
        return StudioPages.Page(http, files, host, new StudioPageModel("elsa-workflow-instance-viewer", name)
        {
            Object = ("instance-id", id),
            MayRetry = person.MayOperate(found.DefinitionId) && (found.Status == Engine.Instances.WorkflowStatus.Running || found.SubStatus == Engine.Instances.WorkflowSubStatus.Faulted),
        });
    }

    private static async Task<IResult> ListAsync(HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { MayUseDesigner: true } person)
            return Results.NotFound();
        return await ListPageAsync(http, host, reader, files, person, http.Request.Query["q"].ToString().Trim(), null, null, 200, cancellationToken);
    }

    private static async Task<IResult> ListPageAsync(
        HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, IDesignerPerson person, string search, string? problem, (string, string, string)? typed, int status, CancellationToken cancellationToken)
    {
        var t = new Wording(host.IsChinese(http));
        return await host.PageAsync(http, t["流程", "Processes"], Body<ListPage>(http, files, t, new()
        {
            ["Lines"] = await reader.ListAsync(person, search, t, cancellationToken),
            ["Search"] = search,
            ["MayCreate"] = person.MayDesignAll,
            ["SeesInstances"] = person.ViewedDefinitions is null or { Count: > 0 },
            ["Problem"] = problem,
            ["Typed"] = typed ?? ("", "", "other"),
            ["Proof"] = host.ProofOf(http),
        }), status);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, ProcessEditing editing, IDefinitionStore store, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { MayDesignAll: true } person)
            return Results.NotFound();
        var form = await FormAsync(http);
        var t = new Wording(host.IsChinese(http));
        var (name, id, area) = (Field(form, "name"), Field(form, "id"), Field(form, "area"));
        var problem = name.Length is 0 or > 100 ? t["名称为 1 到 100 字", "The name has 1 to 100 characters"]
            : !DefinitionId().IsMatch(id) ? t["编号以小写字母开头，只含小写字母、数字和下划线，最多 60 个字符", "The id begins with a lower-case letter and has lower-case letters, digits and underscores, 60 at most"]
            : await store.FindAsync(id, VersionKind.Latest, cancellationToken) is not null ? t["已有此编号的流程", "There is a process of this id"]
            : null;
        if (problem is null)
        {
            var outcome = await editing.SaveAsync(Blank(id, name, Wording.AreaKeys.Contains(area) ? area : "other", person.UserName), null, publish: false, person, cancellationToken, isImport: true);
            if (outcome is EditOutcome.Done)
                return Results.LocalRedirect($"{StudioFiles.BasePath}/edit/{id}");
            problem = Told(outcome, t) is [var first, ..] ? first : null;
        }

        return await ListPageAsync(http, host, reader, files, person, "", problem, (name, id, area), 400, cancellationToken);
    }

    /// <summary>A start, an approval to fill in, and an end: what a new process begins with.</summary>
    private static DefinitionDocument Blank(string id, string name, string area, string owner)
    {
        JsonObject Node(string key, string type, string text, int x) => new()
        {
            ["id"] = key,
            ["name"] = key,
            ["type"] = type,
            ["version"] = 1,
            ["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false },
            ["metadata"] = new JsonObject { ["displayText"] = text, ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = 120 }, ["size"] = new JsonObject { ["width"] = 200, ["height"] = 60 } } },
        };
        var json = new JsonObject
        {
            ["definitionId"] = id,
            ["name"] = name,
            ["customProperties"] = new JsonObject { ["category"] = area, ["owner"] = owner },
            ["root"] = new JsonObject
            {
                ["id"] = "flow",
                ["name"] = "flow",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["activities"] = new JsonArray(Node("start", "Elsa.Start", "开始", 40), Node("end", "Elsa.End", "结束", 400)),
                ["connections"] = new JsonArray(new JsonObject { ["source"] = new JsonObject { ["activity"] = "start", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = "end", ["port"] = "In" }, ["vertices"] = new JsonArray() }),
            },
        };
        return ((ReadResult.Read)DefinitionReader.Read(json.ToJsonString())).Document;
    }

    private static Task<IResult> ShowAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, CancellationToken cancellationToken) =>
        ProcessPageAsync(definitionId, http, host, reader, files, [], "", 200, cancellationToken);

    private static async Task<IResult> ProcessPageAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, IReadOnlyList<string> problems, string reason, int status, CancellationToken cancellationToken)
    {
        var t = new Wording(host.IsChinese(http));
        if (await host.FindPersonAsync(http) is not { } person || await reader.FindAsync(definitionId, person, t, cancellationToken) is not { } model)
            return Results.NotFound();
        return await host.PageAsync(http, model.Line.Name, Body<ProcessPage>(http, files, t, new()
        {
            ["Model"] = model,
            ["Problems"] = problems,
            ["Reason"] = reason,
            ["Proof"] = host.ProofOf(http),
            ["Said"] = http.Request.Query["done"].ToString() switch
            {
                "saved" => t["已保存到草稿", "Saved into the draft"],
                "published" => t["已发布", "Published"],
                "submitted" => t["已提交审批", "Submitted for approval"],
                "reverted" => t["已用旧版本建立草稿，发布后生效", "A draft was made of the old version; publish it to make it count"],
                "discarded" => t["草稿已放弃", "The draft was discarded"],
                "rights" => t["权限已保存", "Rights saved"],
                _ => null,
            },
        }), status);
    }

    private static async Task<IResult> ParametersAsync(string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, ActivityCatalogue catalogue, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayRead(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        return await ParametersPageAsync(http, host, files, store, catalogue, organisation, person, latest, null, new Dictionary<string, string>(), null, 200, cancellationToken);
    }

    private static async Task<IResult> ParametersPageAsync(
        HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, ActivityCatalogue catalogue, IOrganisationSource organisation, IDesignerPerson person, StoredDefinition latest,
        IFormCollection? typed, IReadOnlyDictionary<string, string> problems, string? problem, int status, CancellationToken cancellationToken)
    {
        var t = new Wording(host.IsChinese(http));
        var words = new ValueWords(catalogue, organisation.Current, t.IsChinese);
        var published = await store.FindAsync(latest.DefinitionId, VersionKind.Published, cancellationToken);
        var inService = published is null || published.VersionId == latest.VersionId ? null : ProcessParameters.Of(DefinitionReader.ReadStored(published.Document)).ToDictionary(p => p.Name);
        var fields = ProcessParameters.Of(DefinitionReader.ReadStored(latest.Document)).Select(p =>
        {
            var (number, unit) = p.IsDuration ? ProcessParameters.Split(p.Value) : (p.IsArray || p.Value.StartsWith('[') ? string.Join("、", ProcessParameters.Items(p.Value)) : p.IsFlag ? p.Value.ToLowerInvariant() : p.Value, null);
            return new ParameterField(
                p,
                typed is null ? number : p.IsFlag ? (typed["p." + p.Name] == "true" ? "true" : "false") : Field(typed, "p." + p.Name),
                typed is null ? unit : Field(typed, "u." + p.Name),
                problems.GetValueOrDefault(p.Name),
                ProcessParameters.Shown(p, words),
                inService?.GetValueOrDefault(p.Name) is { } old ? ProcessParameters.Shown(old, words) : null);
        }).ToList();
        var name = latest.Name.Length > 0 ? latest.Name : latest.DefinitionId;
        return await host.PageAsync(http, $"{t["参数", "Parameters"]} · {name}", Body<ParametersPage>(http, files, t, new()
        {
            ["DefinitionId"] = latest.DefinitionId,
            ["Name"] = name,
            ["Fields"] = fields,
            ["MayDesign"] = person.MayDesign(latest.DefinitionId),
            ["Problem"] = problem,
            ["Read"] = latest.VersionId,
            ["Proof"] = host.ProofOf(http),
        }), status);
    }

    private static async Task<IResult> SaveParametersAsync(
        string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, ActivityCatalogue catalogue, IOrganisationSource organisation, ProcessEditing editing, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        var form = await FormAsync(http);
        var t = new Wording(host.IsChinese(http));
        var document = DefinitionReader.ReadStored(latest.Document);
        var values = new Dictionary<string, string>();
        var problems = new Dictionary<string, string>();
        foreach (var parameter in ProcessParameters.Of(document))
        {
            var (value, wrong) = ProcessParameters.Read(parameter, Field(form, "p." + parameter.Name), Field(form, "u." + parameter.Name));
            if (wrong is { } because)
                problems[parameter.Name] = t[because.Zh, because.En];
            else if (value != parameter.Value && !Means(parameter, value!))
                values[parameter.Name] = value!;
        }

        Task<IResult> Again(string problem, int status) => ParametersPageAsync(http, host, files, store, catalogue, organisation, person, latest, form, problems, problem, status, cancellationToken);
        if (Field(form, "read") != latest.VersionId)
            return await Again(t["流程已被他人修改，请核对后再保存", "Somebody else changed the process; look again before saving"], 409);
        if (problems.Count > 0)
            return await Again(t[$"有 {problems.Count} 项须改正", $"{problems.Count} values must be mended"], 400);
        if (values.Count == 0)
            return Results.LocalRedirect($"{StudioFiles.BasePath}/process/{Uri.EscapeDataString(definitionId)}");
        var outcome = await editing.SaveAsync(ProcessParameters.With(document, values), latest.VersionId, publish: false, person, cancellationToken);
        return outcome is EditOutcome.Done ? Results.LocalRedirect(Page(definitionId, "saved", "#publish")) : await Again(Told(outcome, t)[0], 409);
    }

    /// <summary>"01:00:00" and "1:00:00" are the same value.</summary>
    private static bool Means(ProcessParameter parameter, string value) => parameter.IsDuration
        ? ProcessParameters.Split(parameter.Value) == ProcessParameters.Split(value)
        : parameter.IsFlag ? string.Equals(parameter.Value, value, StringComparison.OrdinalIgnoreCase)
        : ProcessDiff.SameInput(JsonValue.Create(parameter.Value), JsonValue.Create(value)) || (value.StartsWith('[') && ProcessParameters.Items(parameter.Value).SequenceEqual(ProcessParameters.Items(value)));

    private static async Task<IResult> CompareAsync(string definitionId, HttpContext http, IDesignerHost host, StudioFiles files, IDefinitionStore store, ActivityCatalogue catalogue, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayRead(definitionId)
            || !int.TryParse(http.Request.Query["from"], out var from) || !int.TryParse(http.Request.Query["to"], out var to)
            || await store.FindAsync(definitionId, from, cancellationToken) is not { } before || await store.FindAsync(definitionId, to, cancellationToken) is not { } after)
            return Results.NotFound();
        var t = new Wording(host.IsChinese(http));
        var words = new ValueWords(catalogue, organisation.Current, t.IsChinese);
        var (old, now) = (DefinitionReader.ReadStored(before.Document), DefinitionReader.ReadStored(after.Document));
        var changes = ProcessDiff.Compare(old, now, words);
        var changed = changes.Where(c => c is { Kind: ChangeKind.Changed, NodeId: not null }).Select(c => c.NodeId!).ToHashSet();
        return await host.PageAsync(http, t["版本对比", "Comparison"], Body<ComparePage>(http, files, t, new()
        {
            ["DefinitionId"] = definitionId,
            ["Name"] = after.Name.Length > 0 ? after.Name : definitionId,
            ["From"] = from,
            ["To"] = to,
            ["Changes"] = changes,
            ["Before"] = Drawing.Of(old, now, ChangeKind.Removed, changed, words),
            ["After"] = Drawing.Of(now, old, ChangeKind.Added, changed, words),
        }));
    }

    private static async Task<IResult> ExportAsync(string definitionId, HttpContext http, IDesignerHost host, IDefinitionStore store, CancellationToken cancellationToken) =>
        await host.FindPersonAsync(http) is { } person && person.MayRead(definitionId)
            && await DefinitionEndpoints.FindAsync(store, definitionId, http.Request.Query["version"].FirstOrDefault() ?? "Latest", cancellationToken) is { } found
            ? Results.File(Encoding.UTF8.GetBytes(DefinitionEndpoints.Exported(found)), "application/json", $"{found.DefinitionId}-v{found.Version}.json")
            : Results.NotFound();

    private static async Task<IResult> PublishAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, ProcessEditing editing, IDefinitionStore store, DefinitionService definitions, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        var form = await FormAsync(http);
        var t = new Wording(host.IsChinese(http));
        var reason = Field(form, "reason");
        Task<IResult> Again(IReadOnlyList<string> problems, int status) => ProcessPageAsync(definitionId, http, host, reader, files, problems, reason, status, cancellationToken);
        if (int.TryParse(Field(form, "version"), out var seen) && seen != latest.Version)
            return await Again([t["流程已被他人修改，请核对后再发布", "Somebody else changed the process; look again before publishing"]], 409);
        if (await definitions.IsGovernedAsync(definitionId, DefinitionReader.ReadStored(latest.Document), cancellationToken) && reason.Length is 0 or > LongestReason)
            return await Again([t["请填写变更原因（最多 2000 字）", "Give the reason of the change, 2000 characters at most"]], 400);
        var outcome = await editing.PublishAsync(definitionId, reason, person, cancellationToken);
        return outcome is EditOutcome.Done done ? Results.LocalRedirect(Page(definitionId, done.ChangeInstance is null ? "published" : "submitted")) : await Again(Told(outcome, t), 400);
    }

    private static async Task<IResult> DiscardAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, ProcessEditing editing, IDefinitionStore store, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        var outcome = await editing.DeleteDraftAsync(latest, person, cancellationToken);
        if (outcome is not EditOutcome.Done)
            return await ProcessPageAsync(definitionId, http, host, reader, files, Told(outcome, new Wording(host.IsChinese(http))), "", 409, cancellationToken);
        return Results.LocalRedirect(await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is null ? StudioFiles.BasePath : Page(definitionId, "discarded"));
    }

    private static async Task<IResult> RevertAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, ProcessEditing editing, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || !int.TryParse(Field(await FormAsync(http), "version"), out var version))
            return Results.NotFound();
        var outcome = await editing.RevertAsync(definitionId, version, person, cancellationToken);
        return outcome is EditOutcome.Done ? Results.LocalRedirect(Page(definitionId, "reverted", "#publish"))
            : await ProcessPageAsync(definitionId, http, host, reader, files, Told(outcome, new Wording(host.IsChinese(http))), "", 409, cancellationToken);
    }

    private static async Task<IResult> SaveSettingsAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, ProcessEditing editing, IDefinitionStore store, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { } person || !person.MayDesign(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return Results.NotFound();
        var form = await FormAsync(http);
        var t = new Wording(host.IsChinese(http));
        var (owner, area) = (Field(form, "owner"), Field(form, "area"));
        var document = DefinitionReader.ReadStored(latest.Document);
        var properties = document.Json.Object("customProperties")?.DeepClone() as JsonObject ?? [];
        if (owner.Length > 0 && organisation.Current.Find(owner) is null)
            return await ProcessPageAsync(definitionId, http, host, reader, files, [t["没有此在职人员", "No such active person"]], "", 400, cancellationToken);
        properties.Remove("owner");
        if (owner.Length > 0)
            properties["owner"] = owner;
        if (Wording.AreaKeys.Contains(area))
            properties["category"] = area;
        properties.Remove(DefinitionService.GovernedProperty);
        if (form["governed"] == "true")
            properties[DefinitionService.GovernedProperty] = true;
        var outcome = await editing.SaveAsync(document.With(("customProperties", properties)), latest.VersionId, publish: false, person, cancellationToken);
        return outcome is EditOutcome.Done ? Results.LocalRedirect(Page(definitionId, "saved", "#publish")) : await ProcessPageAsync(definitionId, http, host, reader, files, Told(outcome, t), "", 409, cancellationToken);
    }

    private static async Task<IResult> SaveRightsAsync(string definitionId, HttpContext http, IDesignerHost host, ProcessReader reader, StudioFiles files, IAccessStore access, IDefinitionStore store, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await host.FindPersonAsync(http) is not { MayAdminister: true } person || await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is null)
            return Results.NotFound();
        var form = await FormAsync(http);
        var t = new Wording(host.IsChinese(http));
        if (await reader.FindAsync(definitionId, person, t, cancellationToken) is not { } before)
            return Results.NotFound();
        var wanted = new Dictionary<ProcessRight, IReadOnlyList<string>?>();
        var problems = new List<string>();
        foreach (var right in before.Rights)
        {
            var written = Field(form, "right." + right.Right).Split((char[])[' ', ',', '，', '、', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
            if (string.Join(' ', written) == right.Written)
                continue;
            foreach (var unknown in written.Where(i => i != "*" && !organisation.Current.Behind(i).Any()))
                problems.Add(t[$"{right.Label}：不认识“{unknown}”，或没有在职人员", $"{right.Label}: nobody is meant by {unknown}"]);
            wanted[right.Right] = written.Count > 0 ? written : null;
        }

        if (problems.Count > 0)
            return await ProcessPageAsync(definitionId, http, host, reader, files, problems, "", 400, cancellationToken);
        if (wanted.Count > 0)
        {
            var detail = new JsonObject();
            foreach (var (right, identities) in wanted)
                detail[right.ToString()] = identities is null ? null : Json.Texts(identities);
            await access.SaveGrantsAsync(definitionId, wanted, host.Audit(person, "rights", definitionId, detail), cancellationToken);
        }

        return Results.LocalRedirect(Page(definitionId, "rights", "#rights"));
    }

    private static string Page(string definitionId, string done, string place = "") => $"{StudioFiles.BasePath}/process/{Uri.EscapeDataString(definitionId)}?done={done}{place}";

    private static IReadOnlyList<string> Told(EditOutcome outcome, Wording t) => outcome switch
    {
        EditOutcome.Refused refused => [t[refused.Zh, refused.En]],
        EditOutcome.NotDone { Why: DefinitionOutcome.Invalid invalid } => [.. invalid.Faults.Where(f => f.Severity == FaultSeverity.Fault).Select(f => t[$"“{f.Node}”：{f.Zh}", $"“{f.Node}”: {f.En}"])],
        EditOutcome.NotDone { Why: DefinitionOutcome.Refused refused } => [t[refused.Zh, refused.En]],
        EditOutcome.NotDone { Why: DefinitionOutcome.Unreadable unreadable } => [.. unreadable.Problems.Select(p => t[p.Zh, p.En])],
        EditOutcome.NotDone { Why: DefinitionOutcome.Stale } => [t["流程已被他人修改，请核对后重试", "Somebody else changed the process; look again"]],
        EditOutcome.NotDone { Why: DefinitionOutcome.NotFound } => [t["流程或版本不存在", "There is no such process or version"]],
        _ => [],
    };

    private static RenderFragment Body<T>(HttpContext http, StudioFiles files, Wording t, Dictionary<string, object?> parameters)
        where T : IComponent => builder =>
    {
        builder.OpenComponent<T>(0);
        builder.AddMultipleAttributes(1, parameters!);
        builder.AddComponentParameter(2, "T", t);
        builder.AddComponentParameter(3, "Base", http.Request.PathBase + StudioFiles.BasePath + "/");
        builder.AddComponentParameter(4, "Version", files.OwnVersion);
        builder.CloseComponent();
    };

    private static async Task<IFormCollection> FormAsync(HttpContext http) => http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;

    /// <summary>No database takes the NUL character.</summary>
    private static string Field(IFormCollection form, string name) => form[name].ToString().Replace("\0", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,59}$")]
    private static partial Regex DefinitionId();
}
