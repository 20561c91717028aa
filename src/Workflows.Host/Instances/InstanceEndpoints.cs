using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Instances;

/// <summary>Starting, reading, cancelling and retrying workflow instances.</summary>
internal static class InstanceEndpoints
{
    private const int LongestId = 200;
    private const int LongestReason = 2_000;

    private static readonly Problem NoSuchDefinition = Refusals.NotFound.At("$.definitionId", "unknown-definition", "没有已发布的此流程", "no published definition of this id");

    internal sealed record StartInstance(string DefinitionId, JsonObject? Input = null, string? CorrelationId = null, string? Name = null);

    internal sealed record CancelInstance(string? Reason = null);

    internal sealed record RetryInstance(int? Execution = null);

    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/instances").WithTags("instances");
        instances.MapPost("", StartAsync).WithMetadata(new AnswerCommittedWithAct())
            .Accepts<StartInstance>("application/json").Produces<InstanceView>(201).WithSummary("发起流程 (start)");
        instances.MapGet("", ListAsync).Produces<Page<InstanceView>>().WithSummary("流程列表 (list)");
        instances.MapGet("/{id}", GetAsync).Produces<InstanceDetail>().WithSummary("流程详情 (read)");
        instances.MapGet("/{id}/timeline", TimelineAsync).Produces<Page<TimelineEntry>>().WithSummary("流程时间线 (timeline)");
        instances.MapPost("/{id}/cancel", CancelAsync).WithMetadata(new AnswerCommittedWithAct(), new BodyOptional())
            .Accepts<CancelInstance>("application/json").Produces<InstanceView>().WithSummary("取消流程 (cancel)");
        instances.MapPost("/{id}/retry", RetryAsync).WithMetadata(new AnswerCommittedWithAct(), new BodyOptional())
            .Accepts<RetryInstance>("application/json").Produces<InstanceView>().WithSummary("重试故障 (retry)");
    }

    private static async Task<IResult> StartAsync(HttpContext http, Strict<StartInstance> body, Actor actor, WorkflowRuntime runtime, IGraphSource graphs, CancellationToken cancellationToken)
    {
        var start = body.Value;
        var problem = Refusals.BadBody;
        foreach (var (path, text) in new[] { ("$.definitionId", start.DefinitionId), ("$.correlationId", start.CorrelationId), ("$.name", start.Name) })
        {
            if (text is { Length: 0 or > LongestId })
                problem = problem.At(path, "out-of-range", $"长度须为 1 到 {LongestId}", $"1 to {LongestId} characters");
        }

        // A definition that declares its inputs is told when something else is given: a misspelt name must not be lost silently.
        if (start.Input is { Count: > 0 } input && await graphs.FindPublishedAsync(start.DefinitionId, cancellationToken) is { Inputs.Count: > 0 } graph)
        {
            foreach (var name in input.Select(m => m.Key).Where(name => !graph.Inputs.Any(i => i.Name == name)))
                problem = problem.At(JsonPath.Of("$.input", name), "unknown-input", "流程没有此输入", "the definition has no such input");
        }

        if (problem.Errors.Count > 0)
            return problem;
        // What one may not start looks like what does not exist.
        if (!actor.MayStart(start.DefinitionId))
            return NoSuchDefinition;

        StoredAnswer? committed = null;
        StoredAnswer Answer(InstanceRow row) => committed = StoredAnswer.Of(InstanceView.Of(row), 201, EntityTag.Of(row.Revision), $"/api/v1/instances/{row.Id}");
        var delivery = await runtime.StartAsync(new StartRequest
        {
            DefinitionId = start.DefinitionId,
            Input = start.Input?.ToDictionary(m => m.Key, m => m.Value?.DeepClone()) ?? [],
            CorrelationId = start.CorrelationId,
            Name = start.Name,
            InitiatedBy = actor.Name,
            Key = RequestKey.Of(http)?.ForRuntime((row, _) => Answer(row)),
        }, cancellationToken);
        return delivery is Delivery.Missing
            ? NoSuchDefinition
            : delivery.ToAnswer(applied => committed ?? Answer(applied.Last), Refusals.StateConflict);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, IInstanceStore instances, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "definitionId", "correlationId", "initiatedBy", "status", "subStatus", "hasIncidents", "after", "limit");
        var limit = query.Limit();
        var filter = new InstanceFilter(
            query.Text("definitionId"),
            query.Text("correlationId"),
            query.Text("initiatedBy"),
            null,
            query.Enum<WorkflowStatus>("status"),
            query.Enum<WorkflowSubStatus>("subStatus"),
            query.Flag("hasIncidents"),
            query.Cursor(),
            limit)
        {
            // Rights are part of the query, so that pages are never short: others see their own.
            Viewer = actor.Name,
            ViewedDefinitions = actor.ViewedDefinitions,
        };
        if (query.Problem is { } problem)
            return problem;
        var rows = await instances.ListAsync(filter, cancellationToken);
        return Results.Json(new Page<InstanceView>([.. rows.Select(InstanceView.Of)], rows.Count == limit ? QueryReader.CursorOf(rows[^1].Id) : null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Actor actor, InstanceAccess access, IInstanceStore instances, IGraphSource graphs, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } summary || await instances.LoadAsync(id, cancellationToken) is not { } stored)
            return Refusals.NotFound;
        var state = InstanceCodec.Read(stored.State.Span);
        var graph = await graphs.FindVersionAsync(summary.DefinitionVersionId, cancellationToken);
        var hidden = HiddenFields.WithNames(await access.HiddenAsync(summary, actor, cancellationToken), graph);
        var mask = new PersonalMask(state, graph);
        http.Response.Headers.ETag = EntityTag.Of(summary.Revision);
        return Results.Json(
            new InstanceDetail(
                InstanceView.Of(summary),
                summary.InitiatedBy is { } by ? organisation.Current.DisplayName(by) : null,
                HiddenFields.Without(mask.Data(state.Input), hidden),
                HiddenFields.Without(mask.Data(state.Output), hidden),
                // Stacks and addresses are for operators; others are told what failed.
                actor.MayOperate ? state.Incidents : [.. state.Incidents.Select(i => i with { Detail = null })],
                [.. state.Undos.Select(u => new UndoView(u.Label, u.State))],
                [.. state.Tasks.Select(t => t.Id)],
                state.Timers.Count > 0 ? state.Timers.Min(t => t.DueAt) : null),
            ApiJson.Options);
    }

    private static async Task<IResult> TimelineAsync(string id, HttpContext http, Actor actor, InstanceAccess access, Timeline timeline, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        if (query.Problem is { } problem)
            return problem;
        return await access.FindAsync(id, actor, cancellationToken) is { } found
            ? Results.Json(new Page<TimelineEntry>(await timeline.ReadAsync(found, await access.HiddenAsync(found, actor, cancellationToken), cancellationToken), null), ApiJson.Options)
            : Refusals.NotFound;
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, Strict<CancelInstance> body, Actor actor, InstanceAccess access, IInstanceStore instances, WorkflowRuntime runtime, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } found)
            return Refusals.NotFound;
        if (!actor.MayOperateOn(found.DefinitionId) && found.InitiatedBy != actor.Name)
            return Refusals.NotAllowed;
        if (body.Value.Reason is { Length: > LongestReason })
            return Refusals.BadBody.At("$.reason", "out-of-range", $"最多 {LongestReason} 字", $"at most {LongestReason} characters");
        // Whoever applied withdraws, under the rules of that; ending it as it stands is for operators.
        Stimulus stimulus = actor.MayOperateOn(found.DefinitionId)
            ? new Stimulus.Cancel(body.Value.Reason, actor.Name)
            : new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Withdraw, actor.Name, body.Value.Reason));
        return await ActAsync(http, found, stimulus, instances, runtime, Refusals.InstanceFinished, cancellationToken);
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext http, Strict<RetryInstance> body, Actor actor, InstanceAccess access, IInstanceStore instances, WorkflowRuntime runtime, CancellationToken cancellationToken) =>
        await access.FindAsync(id, actor, cancellationToken) is not { } found ? Refusals.NotFound
            : actor.MayOperateOn(found.DefinitionId) ? await ActAsync(http, found, new Stimulus.Retry(actor.Name, body.Value.Execution), instances, runtime, Refusals.NothingToRetry, cancellationToken)
            : Refusals.NotAllowed;

    private static async Task<IResult> ActAsync(HttpContext http, InstanceSummary found, Stimulus stimulus, IInstanceStore instances, WorkflowRuntime runtime, Problem ignored, CancellationToken cancellationToken)
    {
        var (expected, refused) = EntityTag.IfMatch(http.Request);
        if (refused is not null)
            return refused;
        var key = RequestKey.Of(http);
        // A repeat brings the tag of the first time; the key, not the tag, answers it.
        if (expected is { } revision && revision != found.Revision && (key is null || await instances.FindStimulusAsync(key.Key, cancellationToken) is null))
            return Refusals.Changed.With("revision", found.Revision);

        StoredAnswer? committed = null;
        StoredAnswer Answer(InstanceRow row) => committed = StoredAnswer.Of(InstanceView.Of(row), 200, EntityTag.Of(row.Revision));
        var delivery = await runtime.DeliverAsync(found.Id, stimulus, key?.ForRuntime((row, _) => Answer(row)), cancellationToken);
        return delivery.ToAnswer(applied => committed ?? Answer(applied.Last), ignored);
    }
}
