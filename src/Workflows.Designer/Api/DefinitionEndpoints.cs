using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Designer.Processes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Api;

/// <summary>What Studio does with definitions. Reading needs the right to read, everything else the right to design; what a person may not read looks like what does not exist.</summary>
internal static class DefinitionEndpoints
{
    private const int MostPerPage = 200;

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("", ListAsync);
        definitions.MapPost("", SaveAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", async (string definitionId, StudioCall call, IDefinitionStore store, StudioDocuments documents, ProcessEditing editing) =>
            call.Person.MayRead(definitionId) && await FindAsync(store, definitionId, call.Query("versionOptions") ?? "Published", call.Aborted) is { } found
                ? StudioAnswers.Kept(call.Http, documents.Full(found, call.Person, await editing.IsFrozenAsync(definitionId, call.Aborted))) : StudioAnswers.NotFound);
        definitions.MapGet("/by-id/{versionId}", async (string versionId, StudioCall call, IDefinitionStore store, StudioDocuments documents) =>
            await FindVersionAsync(store, versionId, call) is { } found ? StudioAnswers.Kept(call.Http, documents.Full(found, call.Person)) : StudioAnswers.NotFound);
        definitions.MapGet("/many-by-id", async (StudioCall call, IDefinitionStore store, StudioDocuments documents) =>
        {
            var found = new List<JsonNode>();
            foreach (var id in call.Every("ids").Distinct().Take(MostPerPage))
            {
                if (await FindVersionAsync(store, id, call) is { } version)
                    found.Add(documents.Full(version, call.Person));
            }

            return Json.Answer(Json.List(found));
        });
        definitions.MapGet("/query/count", async (StudioCall call, IDefinitionStore store) =>
            Json.Answer(new JsonObject { ["count"] = (await store.ListAsync(VersionKind.Latest, null, call.Aborted)).Count(d => call.Person.MayRead(d.DefinitionId)) }));
        definitions.MapGet("/validation/is-name-unique", IsNameUniqueAsync);
        definitions.MapGet("/subgraph/{versionId}", SubgraphAsync);
        definitions.MapGet("/subgraph/segments/{versionId}", SegmentsAsync);
        definitions.MapPost("/import", ImportAsync);
        definitions.MapGet("/{definitionId}/export", ExportAsync);
        definitions.MapGet("/{definitionId}/consumers", async (string definitionId, StudioCall call, ProcessEditing editing) => call.Person.MayRead(definitionId)
            ? Json.Answer(new JsonObject { ["consumingWorkflowDefinitionIds"] = Json.Texts(await editing.ListConsumersAsync(definitionId, call.Aborted)) }) : StudioAnswers.NotFound);
        definitions.MapPost("/{definitionId}/update-references", (string definitionId, StudioCall call) =>
            call.Person.MayDesign(definitionId) ? Json.Answer(new JsonObject { ["affectedWorkflows"] = new JsonArray() }) : StudioAnswers.NotAllowed);
        definitions.MapPost("/{definitionId}/publish", PublishAsync);
        definitions.MapPost("/{definitionId}/retract", RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{version:int}", RevertAsync);
        definitions.MapPost("/{definitionId}/execute", ExecuteAsync);
        definitions.MapPost("/{definitionId}/dispatch", ExecuteAsync);
        definitions.MapDelete("/{definitionId}", DeleteAsync);
        api.MapDelete("/workflow-definition-versions/{versionId}", DeleteVersionAsync);

        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", BulkPublishAsync);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", BulkRetractAsync);
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", BulkDeleteAsync);
        bulk.MapPost("/delete/workflow-definitions/by-id", BulkDeleteVersionsAsync);
        bulk.MapPost("/export/workflow-definitions", BulkExportAsync);
    }

    /// <summary>Finds the version that Elsa's words mean; null for none and for words unknown.</summary>
    internal static Task<StoredDefinition?> FindAsync(IDefinitionStore store, string definitionId, string options, CancellationToken cancellationToken) => options switch
    {
        "Latest" or "LatestOrPublished" or "LatestAndPublished" => store.FindAsync(definitionId, VersionKind.Latest, cancellationToken),
        "Published" => store.FindAsync(definitionId, VersionKind.Published, cancellationToken),
        "Draft" => store.FindAsync(definitionId, VersionKind.Draft, cancellationToken),
        _ when int.TryParse(options, out var number) => store.FindAsync(definitionId, number, cancellationToken),
        _ => Task.FromResult<StoredDefinition?>(null),
    };

    private static async Task<StoredDefinition?> FindVersionAsync(IDefinitionStore store, string versionId, StudioCall call) =>
        await store.FindVersionAsync(versionId, call.Aborted) is { } found && call.Person.MayRead(found.DefinitionId) ? found : null;

    private static async Task<IResult> ListAsync(StudioCall call, IDefinitionStore store)
    {
        var ids = call.Every("ids").ToHashSet();
        var definitionIds = call.Every("definitionIds").ToHashSet();
        var options = call.Query("versionOptions");
        var found = new List<StoredDefinition>();
        if (options is null && ids.Count > 0)
        {
            // Exactly these versions: the instance list shows no row whose version is not answered.
            foreach (var id in ids.Take(MostPerPage))
            {
                if (await store.FindVersionAsync(id, call.Aborted) is { } version)
                    found.Add(version);
            }
        }
        else
        {
            var kind = options switch { "Published" => VersionKind.Published, "AllVersions" => VersionKind.AllVersions, "Draft" => VersionKind.Draft, "LatestOrPublished" or "LatestAndPublished" => VersionKind.LatestOrPublished, _ => VersionKind.Latest };
            foreach (var one in definitionIds.Count is > 0 and < 50 ? definitionIds.AsEnumerable<string?>() : [null])
                found.AddRange(await store.ListAsync(kind, one, call.Aborted));
            if (ids.Count > 0)
                found.RemoveAll(d => !ids.Contains(d.VersionId));
            if (int.TryParse(options, out var number))
                found.RemoveAll(d => d.Version != number);
        }

        var search = call.Query("searchTerm");
        var rows = found.Where(d => call.Person.MayRead(d.DefinitionId) && (definitionIds.Count == 0 || definitionIds.Contains(d.DefinitionId)) && Matches(d, search));
        // No definition of ours is Elsa's own.
        if (string.Equals(call.Query("isSystem"), "true", StringComparison.OrdinalIgnoreCase))
            rows = [];
        var descending = string.Equals(call.Query("orderDirection"), "Descending", StringComparison.OrdinalIgnoreCase);
        rows = call.Query("orderBy") switch
        {
            "Name" => Order(rows, d => d.Name, StringComparer.CurrentCulture, descending),
            "Version" => Order(rows, d => d.Version, Comparer<int>.Default, descending),
            "Created" or "CreatedAt" => Order(rows, d => d.CreatedAt, Comparer<DateTimeOffset>.Default, descending),
            _ => rows.OrderBy(d => d.Name, StringComparer.Ordinal),
        };
        var list = rows.ToList();
        var size = Math.Clamp(call.Number("pageSize") ?? MostPerPage, 1, MostPerPage);
        return Json.Answer(new JsonObject
        {
            ["items"] = Json.Array(list.Skip(Math.Max(0, call.Number("page") ?? 0) * size).Take(size).Select(d => (JsonNode)StudioDocuments.Summary(d, call.Person))),
            ["totalCount"] = list.Count,
            ["links"] = StudioDocuments.ListLinks(call.Person),
        });
    }

    private static IEnumerable<StoredDefinition> Order<T>(IEnumerable<StoredDefinition> rows, Func<StoredDefinition, T> by, IComparer<T> comparer, bool descending) =>
        descending ? rows.OrderByDescending(by, comparer) : rows.OrderBy(by, comparer);

    private static bool Matches(StoredDefinition d, string? search) => search is null
        || new[] { d.Name, d.Description, d.DefinitionId, d.VersionId }.Any(t => t?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);

    private static async Task<IResult> IsNameUniqueAsync(StudioCall call, IDefinitionStore store)
    {
        var (name, own) = (call.Query("name"), call.Query("definitionId"));
        var taken = (await store.ListAsync(VersionKind.Latest, null, call.Aborted)).Any(d => d.Name == name && d.DefinitionId != own);
        return Json.Answer(new JsonObject { ["isUnique"] = !taken });
    }

    /// <summary>Create, save and publish in one, as Studio does it.</summary>
    private static async Task<IResult> SaveAsync(StudioCall call, ProcessEditing editing, StudioDocuments documents)
    {
        if (await ReadBodyAsync(call.Http) is not { } body)
            return TooLarge;
        if (DefinitionReader.Read(body) is not ReadResult.Read read)
            return StudioAnswers.Of(new DefinitionOutcome.Unreadable(((ReadResult.Refused)DefinitionReader.Read(body)).Problems));
        return await StoreAsync(call, read.Document, read.Publish == true, read.Document.VersionId is { Length: > 0 } version ? version : null, editing, documents);
    }

    private static async Task<IResult> StoreAsync(StudioCall call, DefinitionDocument document, bool publish, string? expectedVersion, ProcessEditing editing, StudioDocuments documents)
    {
        var definitionId = document.DefinitionId;
        if (definitionId.Length > 0 ? !call.Person.MayDesign(definitionId) : !call.Person.MayDesignAll)
            return StudioAnswers.NotAllowed;
        if (document.Root.Text("type") != "Elsa.Flowchart" && expectedVersion is null)
            return StudioAnswers.Refused("请新建“流程图”类型的流程 (only flowcharts can be made here)");
        var outcome = await editing.SaveAsync(document, expectedVersion, publish, call.Person, call.Aborted, reason: call.Reason);
        if (outcome is EditOutcome.Refused refused)
            return StudioAnswers.Refused(refused.Message);
        if (outcome is not EditOutcome.Done done)
            return StudioAnswers.Of(((EditOutcome.NotDone)outcome).Why);
        if (publish)
            call.TellPublication(done);
        return Json.Answer(new JsonObject
        {
            ["workflowDefinition"] = documents.Full(done.Definition, call.Person),
            ["alreadyPublished"] = false,
            ["consumingWorkflowCount"] = 0,
        });
    }

    private static async Task<IResult> ImportAsync(StudioCall call, ProcessEditing editing, StudioDocuments documents, IDefinitionStore store)
    {
        if (await ReadBodyAsync(call.Http) is not { } body)
            return TooLarge;
        if (DefinitionReader.Read(body) is not ReadResult.Read read)
            return StudioAnswers.Of(new DefinitionOutcome.Unreadable(((ReadResult.Refused)DefinitionReader.Read(body)).Problems));
        var known = read.Document.DefinitionId.Length > 0 ? await store.FindAsync(read.Document.DefinitionId, VersionKind.Latest, call.Aborted) : null;
        if (known is null ? !call.Person.MayDesignAll : !call.Person.MayDesign(known.DefinitionId))
            return StudioAnswers.NotAllowed;
        // An import replaces the draft whatever version the file is of.
        return await editing.SaveAsync(read.Document, known?.VersionId, publish: false, call.Person, call.Aborted, isImport: true) switch
        {
            EditOutcome.Done done => Json.Answer(documents.Full(done.Definition, call.Person)),
            EditOutcome.Refused refused => StudioAnswers.Refused(refused.Message),
            EditOutcome.NotDone notDone => StudioAnswers.Of(notDone.Why),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> ExportAsync(string definitionId, StudioCall call, IDefinitionStore store) =>
        call.Person.MayRead(definitionId) && await FindAsync(store, definitionId, call.Query("versionOptions") ?? "Latest", call.Aborted) is { } found
            ? Results.File(Encoding.UTF8.GetBytes(Exported(found)), "application/json", FileNameOf(found))
            : StudioAnswers.NotFound;

    /// <summary>A version as a file that Elsa reads.</summary>
    internal static string Exported(StoredDefinition stored) => DefinitionService.Present(stored).ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 });

    private static string FileNameOf(StoredDefinition stored) => $"{stored.DefinitionId}-v{stored.Version}.json";

    private static async Task<IResult> PublishAsync(string definitionId, StudioCall call, ProcessEditing editing, StudioDocuments documents)
    {
        if (!call.Person.MayDesign(definitionId))
            return StudioAnswers.NotAllowed;
        var outcome = await editing.PublishAsync(definitionId, call.Reason, call.Person, call.Aborted);
        if (outcome is EditOutcome.Done told)
            call.TellPublication(told);
        return outcome switch
        {
            EditOutcome.Done done => Json.Answer(new JsonObject { ["workflowDefinition"] = documents.Full(done.Definition, call.Person), ["alreadyPublished"] = done.AlreadyPublished, ["consumingWorkflowCount"] = 0 }),
            EditOutcome.Refused refused => StudioAnswers.Refused(refused.Message),
            EditOutcome.NotDone notDone => StudioAnswers.Of(notDone.Why),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> RetractAsync(string definitionId, StudioCall call, ProcessEditing editing, StudioDocuments documents, IDefinitionStore store)
    {
        if (!call.Person.MayDesign(definitionId))
            return StudioAnswers.NotAllowed;
        if (await store.FindAsync(definitionId, VersionKind.Latest, call.Aborted) is not { } latest)
            return StudioAnswers.NotFound;
        if (call.IsStale(latest))
            return StudioAnswers.Changed;
        return await editing.RetractAsync(definitionId, call.Person, call.Aborted) is DefinitionOutcome.Saved saved ? Json.Answer(documents.Full(saved.Definition, call.Person)) : StudioAnswers.Refused("流程没有已发布的版本 (no version is published)");
    }

    private static async Task<IResult> RevertAsync(string definitionId, int version, StudioCall call, ProcessEditing editing)
    {
        if (!call.Person.MayDesign(definitionId))
            return StudioAnswers.NotAllowed;
        return await editing.RevertAsync(definitionId, version, call.Person, call.Aborted) switch
        {
            EditOutcome.Done done => Json.Answer(StudioDocuments.Summary(done.Definition, call.Person)),
            EditOutcome.Refused refused => StudioAnswers.Refused(refused.Message),
            EditOutcome.NotDone notDone => StudioAnswers.Of(notDone.Why),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>
    /// Runs the published version. A draft is not run: it would notify people and act on the shop for real, on something nobody has
    /// approved.
    /// </summary>
    private static async Task<IResult> ExecuteAsync(string definitionId, StudioCall call, IDefinitionStore store, WorkflowRuntime runtime)
    {
        if (!call.Person.MayRead(definitionId))
            return StudioAnswers.NotFound;
        if (!call.Person.MayStart(definitionId))
            return StudioAnswers.NotAllowed;
        if (await store.FindAsync(definitionId, VersionKind.Latest, call.Aborted) is not { } latest)
            return StudioAnswers.NotFound;
        if (!latest.IsPublished)
            return StudioAnswers.Refused(call.T("草稿不能运行：运行会真的通知人员、操作店铺。请先发布。", "A draft cannot be run: it would notify people and act on the shop. Publish it first."));
        if (await ReadBodyAsync(call.Http) is not { } body)
            return TooLarge;
        var json = Parse(body);
        var delivery = await runtime.StartAsync(
            new StartRequest
            {
                DefinitionId = definitionId,
                Input = json?.Object("input")?.ToDictionary(m => m.Key, m => m.Value?.DeepClone()) ?? [],
                CorrelationId = json?.Text("correlationId"),
                InitiatedBy = call.Person.UserName,
            },
            call.Aborted);
        switch (delivery)
        {
            case Delivery.Applied applied:
                call.Http.Response.Headers["x-elsa-workflow-instance-id"] = applied.Last.Id;
                return Json.Answer(new JsonObject { ["workflowState"] = new JsonObject { ["id"] = applied.Last.Id, ["status"] = applied.Last.Status.ToString(), ["subStatus"] = applied.Last.SubStatus.ToString() }, ["workflowInstanceId"] = applied.Last.Id });
            case Delivery.BadInput bad:
                return StudioAnswers.Refused(bad.Faults.Select(f => call.T(f.Zh, f.En)).Append(call.T("请从“发起申请”页面填写申请表。", "Start it from the application page, with its form.")));
            default:
                call.Http.Response.Headers["x-elsa-workflow-cannot-start"] = "true";
                return Json.Answer(new JsonObject { ["workflowState"] = null });
        }
    }

    private static async Task<IResult> DeleteAsync(string definitionId, StudioCall call, ProcessEditing editing, IDefinitionStore store)
    {
        if (!call.Person.MayDesign(definitionId))
            return StudioAnswers.NotAllowed;
        if (await store.FindAsync(definitionId, VersionKind.Latest, call.Aborted) is { } latest && call.IsStale(latest))
            return StudioAnswers.Changed;
        return await editing.DeleteAsync(definitionId, call.Person, call.Aborted) is var outcome and not DefinitionOutcome.Saved ? StudioAnswers.Of(outcome) : Results.NoContent();
    }

    private static async Task<IResult> DeleteVersionAsync(string versionId, StudioCall call, IDefinitionStore store, ProcessEditing editing)
    {
        if (await FindVersionAsync(store, versionId, call) is not { } found)
            return StudioAnswers.NotFound;
        if (!call.Person.MayDesign(found.DefinitionId))
            return StudioAnswers.NotAllowed;
        return await editing.DeleteDraftAsync(found, call.Person, call.Aborted) switch
        {
            EditOutcome.Done => Results.NoContent(),
            EditOutcome.Refused refused => StudioAnswers.Refused(refused.Message),
            EditOutcome.NotDone notDone => StudioAnswers.Of(notDone.Why),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> BulkPublishAsync(StudioCall call, ProcessEditing editing)
    {
        var (published, already, missing, refused) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        foreach (var id in await IdsAsync(call, "definitionIds"))
        {
            switch (call.Person.MayDesign(id) ? await editing.PublishAsync(id, call.Reason, call.Person, call.Aborted) : null)
            {
                case EditOutcome.Done { AlreadyPublished: true }:
                    already.Add(id);
                    break;
                case EditOutcome.Done { ChangeInstance: null, NeedsReason: false }:
                    published.Add(id);
                    break;
                case EditOutcome.Done waiting:
                    call.TellPublication(waiting);
                    break;
                case EditOutcome.NotDone { Why: DefinitionOutcome.Invalid invalid }:
                    refused.AddRange(StudioAnswers.Faults(invalid.Faults).Take(3));
                    break;
                case EditOutcome.Refused { Message: var message }:
                    refused.Add(message);
                    break;
                case null or EditOutcome.NotDone:
                    missing.Add(id);
                    break;
            }
        }

        return refused.Count > 0 && published.Count == 0
            ? StudioAnswers.Refused(refused.Take(10))
            : Json.Answer(new JsonObject { ["published"] = Json.Texts(published), ["alreadyPublished"] = Json.Texts(already), ["notFound"] = Json.Texts(missing), ["skipped"] = Json.Texts(refused), ["updatedConsumers"] = new JsonArray() });
    }

    private static async Task<IResult> BulkRetractAsync(StudioCall call, ProcessEditing editing)
    {
        var (retracted, already, missing) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var id in await IdsAsync(call, "definitionIds"))
        {
            var outcome = call.Person.MayDesign(id) ? await editing.RetractAsync(id, call.Person, call.Aborted) : new DefinitionOutcome.NotFound();
            (outcome switch { DefinitionOutcome.Saved => retracted, DefinitionOutcome.Refused => already, _ => missing }).Add(id);
        }

        return Json.Answer(new JsonObject { ["retracted"] = Json.Texts(retracted), ["alreadyRetracted"] = Json.Texts(already), ["notFound"] = Json.Texts(missing) });
    }

    private static async Task<IResult> BulkDeleteAsync(StudioCall call, ProcessEditing editing)
    {
        var deleted = 0;
        var refused = new List<string>();
        foreach (var id in await IdsAsync(call, "definitionIds"))
        {
            var outcome = call.Person.MayDesign(id) ? await editing.DeleteAsync(id, call.Person, call.Aborted) : new DefinitionOutcome.NotFound();
            if (outcome is DefinitionOutcome.Saved)
                deleted++;
            else if (outcome is DefinitionOutcome.Refused because)
                refused.Add($"“{id}”：{because.Zh}");
        }

        return deleted == 0 && refused.Count > 0 ? StudioAnswers.Refused(refused.Take(10)) : Json.Answer(new JsonObject { ["deleted"] = deleted });
    }

    private static async Task<IResult> BulkDeleteVersionsAsync(StudioCall call, ProcessEditing editing, IDefinitionStore store)
    {
        var deleted = 0;
        var refused = new List<string>();
        foreach (var id in await IdsAsync(call, "ids"))
        {
            if (await FindVersionAsync(store, id, call) is not { } found || !call.Person.MayDesign(found.DefinitionId))
                continue;
            switch (await editing.DeleteDraftAsync(found, call.Person, call.Aborted))
            {
                case EditOutcome.Done:
                    deleted++;
                    break;
                case EditOutcome.Refused because:
                    refused.Add(because.Message);
                    break;
                case EditOutcome.NotDone { Why: DefinitionOutcome.Refused why }:
                    refused.Add(why.Zh);
                    break;
            }
        }

        return deleted == 0 && refused.Count > 0 ? StudioAnswers.Refused(refused.Distinct().Take(10)) : Json.Answer(new JsonObject { ["deleted"] = deleted });
    }

    /// <summary>One file, or a zip of several.</summary>
    private static async Task<IResult> BulkExportAsync(StudioCall call, IDefinitionStore store)
    {
        var found = new List<StoredDefinition>();
        foreach (var id in await IdsAsync(call, "ids"))
        {
            if (await FindVersionAsync(store, id, call) is { } version)
                found.Add(version);
        }

        if (found.Count == 0)
            return StudioAnswers.NotFound;
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var version in found.DistinctBy(v => v.VersionId))
            {
                await using var entry = archive.CreateEntry(FileNameOf(version)).Open();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(Exported(version)), call.Aborted);
            }
        }

        return Results.File(zip.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static async Task<IResult> SubgraphAsync(string versionId, StudioCall call, IDefinitionStore store, StudioDocuments documents)
    {
        if (await FindVersionAsync(store, versionId, call) is not { } found)
            return StudioAnswers.NotFound;
        var root = (JsonObject)documents.Full(found, call.Person)["root"]!;
        var wanted = call.Query("parentNodeId");
        return Walk(root, "Root", []).FirstOrDefault(n => wanted is null || n.Activity.Text("nodeId") == wanted) is { Activity: not null } node
            ? Json.Answer(Node(node.Activity, node.Port, withChildren: true)) : StudioAnswers.NotFound;
    }

    /// <summary>The way from the workflow to a nested activity, as the bread crumbs above the diagram show it.</summary>
    private static async Task<IResult> SegmentsAsync(string versionId, StudioCall call, IDefinitionStore store, StudioDocuments documents)
    {
        if (await FindVersionAsync(store, versionId, call) is not { } found)
            return StudioAnswers.NotFound;
        var root = (JsonObject)documents.Full(found, call.Person)["root"]!;
        var wanted = call.Query("childNodeId");
        if (Walk(root, "Root", []).FirstOrDefault(n => n.Activity.Text("nodeId") == wanted) is not { Activity: not null } node)
            return StudioAnswers.NotFound;
        return Json.Answer(new JsonObject
        {
            ["childNode"] = Node(node.Activity, node.Port, withChildren: false),
            ["container"] = Node(node.Way.Count > 0 ? node.Way[^1].Activity : root, "Root", withChildren: true),
            ["pathSegments"] = Json.Array(node.Way.Select(w => (JsonNode)new JsonObject
            {
                ["activityNodeId"] = w.Activity.Text("nodeId"),
                ["activityId"] = w.Activity.Text("id"),
                ["activityType"] = w.Activity.Text("type"),
                ["portName"] = w.Port,
                ["activityName"] = w.Activity.Text("name"),
            })),
        });
    }

    private static IEnumerable<(JsonObject Activity, string Port, List<(JsonObject Activity, string Port)> Way)> Walk(JsonObject activity, string port, List<(JsonObject Activity, string Port)> way)
    {
        yield return (activity, port, way);
        foreach (var nested in ActivityShape.Nested(activity).ToList())
        {
            var branch = nested.Branch.Length > 0 ? char.ToUpperInvariant(nested.Branch[0]) + nested.Branch[1..] : nested.Branch;
            foreach (var found in Walk(nested.Json, branch, [.. way, (activity, branch)]))
                yield return found;
        }
    }

    private static JsonObject Node(JsonObject activity, string port, bool withChildren) => new()
    {
        ["activity"] = activity.DeepClone(),
        ["port"] = port,
        ["nodeId"] = activity.Text("nodeId"),
        ["parents"] = new JsonArray(),
        ["children"] = withChildren ? Json.Array(ActivityShape.Nested(activity).Select(n => (JsonNode)Node(n.Json, n.Branch, withChildren))) : [],
        ["descendants"] = new JsonArray(),
    };

    private static IResult TooLarge => StudioAnswers.Refused($"流程定义超过 {DefinitionLimits.Default.Bytes / 1024 / 1024} MB (the definition is too large)");

    /// <summary>The body up to what a definition may be; null beyond. Nothing is kept of one that is too long.</summary>
    internal static async Task<byte[]?> ReadBodyAsync(HttpContext http)
    {
        var most = DefinitionLimits.Default.Bytes + 64 * 1024;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + read > most)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    internal static JsonObject? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(StudioCall call, string member)
    {
        var body = await ReadBodyAsync(call.Http);
        return body is null ? [] : [.. (Parse(body)?[member] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue(out string? id) ? id : "").Where(id => id.Length > 0).Distinct().Take(MostPerPage)];
    }
}
