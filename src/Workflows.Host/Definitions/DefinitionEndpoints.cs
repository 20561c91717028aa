using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Definitions;

/// <summary>Importing, reading and publishing definitions.</summary>
internal static class DefinitionEndpoints
{
    internal sealed record RevertDefinition(int Version);

    /// <param name="Warnings">What the validator has to say; for a draft also what would be refused at publication.</param>
    internal sealed record DefinitionLine(
        string DefinitionId,
        string VersionId,
        int Version,
        string Name,
        string? Description,
        bool IsLatest,
        bool IsPublished,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        string? CreatedBy,
        IReadOnlyList<FaultView>? Warnings = null)
    {
        public static DefinitionLine Of(StoredDefinition d, IReadOnlyList<DefinitionFault>? faults = null) => new(
            d.DefinitionId, d.VersionId, d.Version, d.Name, d.Description, d.IsLatest, d.IsPublished, d.CreatedAt, d.UpdatedAt, d.CreatedBy,
            faults is { Count: > 0 } ? [.. faults.Select(f => new FaultView(f.Code, f.Severity, f.NodeId, f.Node, f.Zh, f.En))] : null);
    }

    internal sealed record FaultView(string Code, FaultSeverity Severity, string NodeId, string Node, string Zh, string En);

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/definitions").WithTags("definitions");
        definitions.MapGet("", ListAsync).Produces<Page<DefinitionLine>>().WithSummary("流程定义列表 (list)");
        definitions.MapGet("/{id}", GetAsync).WithSummary("流程定义，Elsa 3 JSON (read)");
        definitions.MapGet("/{id}/versions", VersionsAsync).Produces<Page<DefinitionLine>>().WithSummary("历史版本 (versions)");

        var editing = definitions.MapGroup("").RequireAuthorization(Rights.EditDefinitions);
        editing.MapPost("", ImportAsync).Accepts<object>("application/json").Produces<DefinitionLine>().WithSummary("导入 Elsa 3 JSON；?publish=true 同时发布 (import)");
        editing.MapPost("/{id}/publish", PublishAsync).Produces<DefinitionLine>().WithSummary("发布最新版本 (publish)");
        editing.MapPost("/{id}/retract", RetractAsync).Produces<DefinitionLine>().WithSummary("下线 (retract)");
        editing.MapDelete("/{id}", DeleteAsync).Produces(204).WithSummary("删除流程及其全部版本；有运行中的实例或被其他流程引用时拒绝 (delete)");
        editing.MapPost("/{id}/revert", RevertAsync).Accepts<RevertDefinition>("application/json").Produces<DefinitionLine>().WithSummary("以旧版本建立新草稿 (revert)");
    }

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, IDefinitionStore store, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "kind");
        var kind = query.Enum<VersionKind>("kind") ?? VersionKind.Latest;
        if (query.Problem is { } problem)
            return problem;
        return Results.Json(new Page<DefinitionLine>([.. (await store.ListAsync(kind, null, cancellationToken)).Where(d => actor.MayKnow(d.DefinitionId)).Select(d => DefinitionLine.Of(d))], null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Actor actor, IDefinitionStore store, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "version", "kind");
        var kind = query.Enum<VersionKind>("kind") ?? VersionKind.Latest;
        var version = query.Number("version");
        if (query.Problem is { } problem)
            return problem;
        var found = version is { } number ? await store.FindAsync(id, number, cancellationToken) : await store.FindAsync(id, kind, cancellationToken);
        if (found is null || !actor.MayReadDefinition(id))
            return Refusals.NotFound;
        http.Response.Headers.ETag = TagOf(found);
        return Results.Json(DefinitionService.Present(found), ApiJson.Options);
    }

    private static async Task<IResult> VersionsAsync(string id, Actor actor, DefinitionService definitions, CancellationToken cancellationToken) =>
        actor.MayReadDefinition(id) && await definitions.ListVersionsAsync(id, cancellationToken) is { Count: > 0 } versions
            ? Results.Json(new Page<DefinitionLine>([.. versions.Select(d => DefinitionLine.Of(d))], null), ApiJson.Options)
            : Refusals.NotFound;

    private static async Task<IResult> ImportAsync(HttpContext http, Actor actor, DefinitionService definitions, IDefinitionStore store, IDesignStore design, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "publish");
        var publish = query.Flag("publish") ?? false;
        if (query.Problem is { } problem)
            return problem;
        if (http.Request.ContentType is not null && !http.Request.HasJsonContentType())
            return Refusals.UnsupportedMediaType;
        if ((await BufferedBody.OfAsync(http)).Bytes is not { } body)
            return Refusals.TooLarge;
        if (DefinitionReader.Read(body) is not ReadResult.Read read)
            return Unreadable(((ReadResult.Refused)DefinitionReader.Read(body)).Problems);

        if (!actor.MayEditDefinitions && !actor.MayDesign(read.Document.DefinitionId))
            return Refusals.NotAllowed;
        var latest = read.Document.DefinitionId.Length > 0 ? await store.FindAsync(read.Document.DefinitionId, VersionKind.Latest, cancellationToken) : null;
        if (CheckTag(http, latest) is { } refused)
            return refused;
        var outcome = await definitions.SaveAsync(
            read.Document,
            new SaveOptions
            {
                ExpectedVersionId = HasTag(http) ? latest?.VersionId : null,
                ExpectedUpdatedAt = HasTag(http) ? latest?.UpdatedAt : null,
                Publish = publish || read.Publish == true,
                By = actor.Name,
            },
            cancellationToken);
        await RememberAsync(outcome, actor, design, clock, cancellationToken);
        return ToAnswer(outcome, latest is null ? 201 : 200);
    }

    private static async Task<IResult> PublishAsync(string id, HttpContext http, Actor actor, DefinitionService definitions, IDefinitionStore store, CancellationToken cancellationToken) =>
        CheckTag(http, await store.FindAsync(id, VersionKind.Latest, cancellationToken)) ?? ToAnswer(await definitions.PublishAsync(id, actor.Name, cancellationToken));

    private static async Task<IResult> RetractAsync(string id, HttpContext http, DefinitionService definitions, IDefinitionStore store, CancellationToken cancellationToken) =>
        CheckTag(http, await store.FindAsync(id, VersionKind.Latest, cancellationToken)) ?? ToAnswer(await definitions.RetractAsync(id, cancellationToken));

    private static async Task<IResult> RevertAsync(
        string id, HttpContext http, Strict<RevertDefinition> body, Actor actor, DefinitionService definitions, IDefinitionStore store, IDesignStore design, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (CheckTag(http, await store.FindAsync(id, VersionKind.Latest, cancellationToken)) is { } refused)
            return refused;
        var outcome = await definitions.RevertAsync(id, body.Value.Version, actor.Name, cancellationToken);
        await RememberAsync(outcome, actor, design, clock, cancellationToken);
        return ToAnswer(outcome);
    }

    /// <summary>Whoever changed a version may not approve it, whichever way they changed it.</summary>
    private static Task RememberAsync(DefinitionOutcome outcome, Actor actor, IDesignStore design, TimeProvider clock, CancellationToken cancellationToken) =>
        outcome is DefinitionOutcome.Saved saved ? design.AddAuthorAsync(saved.Definition.VersionId, actor.Name, clock.GetUtcNow(), cancellationToken) : Task.CompletedTask;

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, Actor actor, DefinitionService definitions, IDefinitionStore store, ILogger<DefinitionService> logger, CancellationToken cancellationToken)
    {
        if (CheckTag(http, await store.FindAsync(id, VersionKind.Latest, cancellationToken)) is { } refused)
            return refused;
        var outcome = await definitions.DeleteAsync(id, cancellationToken);
        if (outcome is not DefinitionOutcome.Saved)
            return ToAnswer(outcome);
        Log.DefinitionDeleted(logger, id, actor.Name);
        return new StoredAnswer(204);
    }

    private static IResult ToAnswer(DefinitionOutcome outcome, int status = 200) => outcome switch
    {
        DefinitionOutcome.Saved saved => StoredAnswer.Of(
            DefinitionLine.Of(saved.Definition, saved.Faults), status, TagOf(saved.Definition), $"/api/v1/definitions/{Uri.EscapeDataString(saved.Definition.DefinitionId)}"),
        DefinitionOutcome.NotFound => Refusals.NotFound,
        DefinitionOutcome.Unreadable unreadable => Unreadable(unreadable.Problems),
        DefinitionOutcome.Invalid invalid => invalid.Faults.Where(f => f.Severity == FaultSeverity.Fault)
            .Aggregate(Refusals.DefinitionRefused, (problem, f) => problem.At(f.NodeId, f.Code, $"“{f.Node}”：{f.Zh}", f.En)),
        DefinitionOutcome.Stale => Refusals.StateConflict,
        DefinitionOutcome.Refused refused => new Problem(409, refused.Code, refused.Zh, refused.En),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static Problem Unreadable(IReadOnlyList<DefinitionProblem> problems) =>
        problems.Aggregate(Refusals.BadBody, (problem, p) => problem.At(p.Path, p.Code, p.Zh, p.En));

    private static bool HasTag(HttpContext http) => EntityTag.IfMatch(http.Request).Revision is not null;

    private static Problem? CheckTag(HttpContext http, StoredDefinition? latest)
    {
        var (expected, refused) = EntityTag.IfMatch(http.Request);
        return refused ?? (expected is { } tag && (latest is null || tag != RevisionOf(latest)) ? Refusals.Changed : null);
    }

    /// <summary>A definition's revision is its time of change, in the microseconds that databases keep.</summary>
    private static long RevisionOf(StoredDefinition definition) => definition.UpdatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private static string TagOf(StoredDefinition definition) => EntityTag.Of(RevisionOf(definition));
}
