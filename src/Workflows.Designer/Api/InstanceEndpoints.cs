using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Api;

/// <summary>
/// Instances for Studio's list and viewer. The viewer shows everything of an instance, so it needs the right to see all of its process; having a task in one
/// is not enough. Acts need the right to operate.
/// </summary>
internal static class InstanceEndpoints
{
    private const int MostPerPage = 100;
    private const int CountedTo = 10_000;

    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances");
        instances.MapPost("", ListAsync);
        instances.MapGet("", ListAsync);
        instances.MapGet("/{id}", (string id, StudioCall call, IInstanceStore store, ExecutionReader reader) =>
            TellAsync(id, call, store, reader, story => Json.Answer(InstanceShapes.Full(story, call.Person.MayOperate(story.Summary.DefinitionId)))));
        instances.MapGet("/{id}/execution-state", async (string id, StudioCall call, IInstanceStore store) => await FindAsync(id, call, store) is { } found
            ? Json.Answer(new JsonObject { ["status"] = found.Status.ToString(), ["workflowSubStatus"] = found.SubStatus.ToString(), ["subStatus"] = found.SubStatus.ToString(), ["updatedAt"] = Json.Instant(found.UpdatedAt) })
            : StudioAnswers.NotFound);
        instances.MapGet("/{id}/journal", JournalAsync);
        instances.MapPost("/{id}/journal", JournalAsync);
        instances.MapGet("/{id}/variables", (string id, StudioCall call, IInstanceStore store, ExecutionReader reader) => TellAsync(id, call, store, reader, story => Json.Answer(Json.List(Variables(story)))));
        instances.MapGet("/{id}/export", (string id, StudioCall call, IInstanceStore store, ExecutionReader reader) => TellAsync(id, call, store, reader, story =>
            Results.File(Encoding.UTF8.GetBytes(Json.Text(InstanceShapes.Full(story, call.Person.MayOperate(story.Summary.DefinitionId)))), "application/json", $"workflow-instance-{id}.json")));
        instances.MapDelete("/{id}", (string id, StudioCall call) => NeverDeleted(call));
        api.MapPost("/cancel/workflow-instances/{id}", CancelAsync);
        api.MapPost("/bulk-actions/cancel/workflow-instances", BulkCancelAsync);
        api.MapPost("/bulk-actions/delete/workflow-instances/by-id", NeverDeleted);
        api.MapPost("/bulk-actions/export/workflow-instances", (StudioCall call) => StudioAnswers.Refused(call.T("请逐个导出。", "Export instances one by one.")));
        api.MapPost("/bulk-actions/import/workflow-instances", (StudioCall call) => StudioAnswers.Refused(call.T("不能导入运行记录。", "Instances are not imported.")));
        api.MapPost("/alterations/workflows/retry", RetryAsync);

        api.MapPost("/activity-executions/report", ReportAsync);
        api.MapGet("/activity-executions/list", ListExecutionsAsync);
        api.MapGet("/activity-execution-summaries/list", ListExecutionsAsync);
        api.MapGet("/activity-executions/count", async (StudioCall call, IInstanceStore store, ExecutionReader reader) => await TellAsync(call.Query("workflowInstanceId") ?? "", call, store, reader, story =>
            Json.Answer(new JsonObject { ["count"] = Chosen(story, call).Count() })));
        api.MapGet("/activity-executions/by-id", (StudioCall call, IInstanceStore store, ExecutionReader reader) => ExecutionAsync(call.Query("id") ?? "", call, store, reader, (story, e) => InstanceShapes.Execution(e, story, call.Person.MayOperate(story.Summary.DefinitionId))));
        api.MapGet("/activity-executions/{id}", (string id, StudioCall call, IInstanceStore store, ExecutionReader reader) => ExecutionAsync(id, call, store, reader, (story, e) => InstanceShapes.Execution(e, story, call.Person.MayOperate(story.Summary.DefinitionId))));
        api.MapGet("/activity-executions/{id}/call-stack", (string id, StudioCall call, IInstanceStore store, ExecutionReader reader) => ExecutionAsync(id, call, store, reader, (story, e) =>
        {
            var stack = new List<JsonNode>();
            for (var at = e; at is not null; at = at.Parent is { } parent ? story.Executions.FirstOrDefault(x => x.Number == parent) : null)
                stack.Insert(0, InstanceShapes.Execution(at, story, call.Person.MayOperate(story.Summary.DefinitionId)));
            return new JsonObject { ["activityExecutionId"] = id, ["items"] = Json.Array(stack), ["totalCount"] = stack.Count };
        }));
    }

    /// <summary>The instance when this person may see all of its process.</summary>
    internal static async Task<InstanceSummary?> FindAsync(string id, StudioCall call, IInstanceStore store) =>
        await store.FindAsync(id, call.Aborted) is { } found && call.Person.MayView(found.DefinitionId) ? found : null;

    private static async Task<IResult> TellAsync(string id, StudioCall call, IInstanceStore store, ExecutionReader reader, Func<InstanceStory, IResult> tell) =>
        await FindAsync(id, call, store) is { } found && await reader.ReadAsync(found, call.Aborted) is { } story ? tell(story) : StudioAnswers.NotFound;

    private static async Task<IResult> ListAsync(StudioCall call, IDesignStore design)
    {
        var body = await DefinitionEndpoints.ReadBodyAsync(call.Http) is { } bytes ? DefinitionEndpoints.Parse(bytes) ?? [] : [];
        var size = Math.Clamp(Number(body["pageSize"]) ?? call.Number("pageSize") ?? 20, 1, MostPerPage);
        var page = Math.Max(0, Number(body["page"]) ?? call.Number("page") ?? 0);
        var statuses = Words<WorkflowStatus>(body, "status", "statuses");
        if (body["isSystem"]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
            return Json.Answer(new JsonObject { ["items"] = new JsonArray(), ["totalCount"] = 0 });
        var search = new InstanceSearch
        {
            DefinitionIds = [.. Texts(body["definitionIds"]).Concat(body.Text("definitionId") is { } one ? [one] : []).Distinct()],
            Version = Number(body["version"]),
            Text = body.Text("searchTerm"),
            CorrelationId = body.Text("correlationId"),
            Status = statuses.Count == 1 ? statuses[0] : null,
            SubStatuses = Words<WorkflowSubStatus>(body, "subStatus", "subStatuses"),
            HasIncidents = body["hasIncidents"]?.GetValueKind() switch { System.Text.Json.JsonValueKind.True => true, System.Text.Json.JsonValueKind.False => false, _ => null },
            Viewer = call.Person.UserName,
            ViewedDefinitions = call.Person.ViewedDefinitions,
            Order = body.Text("orderBy") switch { "UpdatedAt" or "LastUpdated" or "Updated" => InstanceOrder.Updated, "Finished" or "FinishedAt" => InstanceOrder.Finished, _ => InstanceOrder.Created },
            Ascending = body.Text("orderDirection") == "Ascending",
            Skip = page * size,
            Take = size,
        };
        var (items, total) = await design.SearchAsync(search, CountedTo, call.Aborted);
        return Json.Answer(new JsonObject { ["items"] = Json.Array(items.Select(i => (JsonNode)InstanceShapes.Summary(i))), ["totalCount"] = total });
    }

    private static async Task<IResult> JournalAsync(string id, StudioCall call, IInstanceStore store, ExecutionReader reader)
    {
        var body = HttpMethods.IsPost(call.Http.Request.Method) && await DefinitionEndpoints.ReadBodyAsync(call.Http) is { } bytes ? DefinitionEndpoints.Parse(bytes) : null;
        var filter = body?.Object("filter");
        return await TellAsync(id, call, store, reader, story =>
        {
            var nodes = Texts(filter?["activityNodeIds"]).ToHashSet();
            var activities = Texts(filter?["activityIds"]).ToHashSet();
            var events = Texts(filter?["eventNames"]).ToHashSet();
            var left = Texts(filter?["excludedActivityTypes"]).ToHashSet();
            var entries = story.Journal.Where(e =>
                    (nodes.Count == 0 || nodes.Contains(e.NodeId ?? DefinitionDocument.WorkflowId))
                    && (activities.Count == 0 || activities.Contains(story.Node(e.NodeId)?.Id ?? ""))
                    && (events.Count == 0 || events.Contains(e.Event))
                    && !left.Contains(e.ActivityType ?? "Elsa.Workflow"))
                .ToList();
            var skip = Math.Max(0, call.Number("skip") ?? 0);
            return Json.Answer(new JsonObject
            {
                ["items"] = Json.Array(entries.Skip(skip).Take(Math.Clamp(call.Number("take") ?? 100, 1, 1_000)).Select(e => (JsonNode)InstanceShapes.Entry(e, story))),
                ["totalCount"] = entries.Count,
            });
        });
    }

    private static IEnumerable<JsonNode> Variables(InstanceStory story)
    {
        foreach (var execution in story.State.Executions)
        {
            foreach (var variable in story.Node(execution.NodeId)?.Variables ?? [])
            {
                if (execution.Variables?.TryGetValue(variable.Id, out var value) == true)
                    yield return new JsonObject { ["id"] = variable.Id, ["name"] = variable.Name, ["value"] = story.Mask.Data(new Dictionary<string, JsonNode?> { [variable.Name] = value })[variable.Name]?.DeepClone() };
            }
        }
    }

    private static async Task<IResult> ReportAsync(StudioCall call, IInstanceStore store, ExecutionReader reader)
    {
        var body = await DefinitionEndpoints.ReadBodyAsync(call.Http) is { } bytes ? DefinitionEndpoints.Parse(bytes) : null;
        return await TellAsync(body?.Text("workflowInstanceId") ?? "", call, store, reader, story =>
            Json.Answer(new JsonObject { ["stats"] = InstanceShapes.Stats(story, body?["activityNodeIds"] is JsonArray { Count: > 0 } wanted ? Texts(wanted).ToHashSet() : null) }));
    }

    private static Task<IResult> ListExecutionsAsync(StudioCall call, IInstanceStore store, ExecutionReader reader) =>
        TellAsync(call.Query("workflowInstanceId") ?? "", call, store, reader, story =>
            Json.Answer(Json.List(Chosen(story, call).Select(e => (JsonNode)InstanceShapes.Execution(e, story, call.Person.MayOperate(story.Summary.DefinitionId))))));

    private static IEnumerable<Execution> Chosen(InstanceStory story, StudioCall call) =>
        story.Executions.Where(e => call.Query("activityNodeId") is not { } node || e.NodeId == node);

    /// <summary>An execution's id begins with its instance's.</summary>
    private static async Task<IResult> ExecutionAsync(string id, StudioCall call, IInstanceStore store, ExecutionReader reader, Func<InstanceStory, Execution, JsonObject> tell) =>
        id.LastIndexOf('-') is > 0 and var dash && int.TryParse(id[(dash + 1)..], out var number)
            ? await TellAsync(id[..dash], call, store, reader, story => story.Executions.FirstOrDefault(e => e.Number == number) is { } found ? Json.Answer(tell(story, found)) : StudioAnswers.NotFound)
            : StudioAnswers.NotFound;

    private static async Task<IResult> CancelAsync(string id, StudioCall call, IInstanceStore store, WorkflowRuntime runtime)
    {
        if (await FindAsync(id, call, store) is not { } found)
            return StudioAnswers.NotFound;
        if (!call.Person.MayOperate(found.DefinitionId))
            return StudioAnswers.NotAllowed;
        if (call.IsStale(found.Revision))
            return StudioAnswers.Changed;
        await runtime.DeliverAsync(id, new Stimulus.Cancel(null, call.Person.UserName), null, call.Aborted);
        return Results.NoContent();
    }

    /// <summary>Cancels the instances named or, as the row menu of a definition asks without naming any, every running one of that definition.</summary>
    private static async Task<IResult> BulkCancelAsync(StudioCall call, IInstanceStore store, IDefinitionStore definitions, IDesignStore design, WorkflowRuntime runtime)
    {
        var body = await DefinitionEndpoints.ReadBodyAsync(call.Http) is { } bytes ? DefinitionEndpoints.Parse(bytes) : null;
        var cancelled = 0;
        if (body?["ids"] is not JsonArray && (body?.Text("definitionId") ?? (body?.Text("definitionVersionId") is { } version ? (await definitions.FindVersionAsync(version, call.Aborted))?.DefinitionId : null)) is { } definition)
        {
            if (!call.Person.MayOperate(definition))
                return StudioAnswers.NotAllowed;
            var search = new InstanceSearch { DefinitionIds = [definition], Status = WorkflowStatus.Running, Viewer = call.Person.UserName, ViewedDefinitions = call.Person.ViewedDefinitions, Ascending = true, Take = MostPerPage };
            var left = 0;
            // Those that would not be cancelled stay in the list, and are passed over.
            while ((await design.SearchAsync(search with { Skip = left }, CountedTo, call.Aborted)).Items is { Count: > 0 } some)
            {
                var done = await CancelEachAsync(some, call, runtime);
                cancelled += done;
                left += some.Count - done;
            }
        }
        else
        {
            cancelled = await CancelEachAsync(await OperatedAsync(body, call, store, "ids"), call, runtime);
        }

        return Json.Answer(new JsonObject { ["cancelledCount"] = cancelled, ["cancelled"] = cancelled });
    }

    private static async Task<int> CancelEachAsync(IReadOnlyList<InstanceSummary> instances, StudioCall call, WorkflowRuntime runtime)
    {
        var cancelled = 0;
        foreach (var found in instances)
        {
            if (await runtime.DeliverAsync(found.Id, new Stimulus.Cancel(null, call.Person.UserName), null, call.Aborted) is Delivery.Applied)
                cancelled++;
        }

        return cancelled;
    }

    private static async Task<IResult> RetryAsync(StudioCall call, IInstanceStore store, WorkflowRuntime runtime)
    {
        var results = new JsonArray();
        var body = await DefinitionEndpoints.ReadBodyAsync(call.Http) is { } bytes ? DefinitionEndpoints.Parse(bytes) : null;
        foreach (var found in await OperatedAsync(body, call, store, "workflowInstanceIds"))
        {
            var delivery = await runtime.DeliverAsync(found.Id, new Stimulus.Retry(call.Person.UserName, null), null, call.Aborted);
            results.Add(new JsonObject { ["workflowInstanceId"] = found.Id, ["isSuccessful"] = delivery is Delivery.Applied });
        }

        return results.Count > 0 ? Json.Answer(new JsonObject { ["results"] = results }) : StudioAnswers.NotAllowed;
    }

    private static async Task<IReadOnlyList<InstanceSummary>> OperatedAsync(JsonObject? body, StudioCall call, IInstanceStore store, string member)
    {
        var found = new List<InstanceSummary>();
        foreach (var id in Texts(body?[member]).Distinct().Take(MostPerPage))
        {
            if (await FindAsync(id, call, store) is { } instance && call.Person.MayOperate(instance.DefinitionId))
                found.Add(instance);
        }

        return found;
    }

    private static IResult NeverDeleted(StudioCall call) => StudioAnswers.Refused(call.T("运行记录是凭证，不能删除。", "Instances are the record and are never deleted."));

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue(out string? text) ? text : "").Where(t => t.Length > 0);

    private static List<T> Words<T>(JsonObject body, string one, string several)
        where T : struct, Enum =>
        [.. Texts(body[several]).Concat(body.Text(one) is { } word ? [word] : []).Select(w => Enum.TryParse<T>(w, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : (T?)null).OfType<T>().Distinct()];
}
