using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Changes definitions: drafts, publication, retraction, old versions. One latest and at most one published version per
/// definition. A version that was ever published is never changed again; saving over it makes the next version.
/// </summary>
/// <param name="store">Where definitions are.</param>
/// <param name="graphs">Told of every change.</param>
/// <param name="catalogue">Known activities.</param>
/// <param name="times">Calendars, ladders and rotas that definitions may name.</param>
/// <param name="clock">Stamps versions.</param>
public sealed partial class DefinitionService(IDefinitionStore store, GraphCache graphs, ActivityCatalogue catalogue, ITimeRulesSource times, TimeProvider clock)
{
    private const string ToolVersion = "3.8.0.0";
    private const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";
    private const int Attempts = 3;

    /// <summary>Reads and saves a definition text; a save request's own "publish" counts too.</summary>
    public async Task<DefinitionOutcome> ImportAsync(string text, SaveOptions options, CancellationToken cancellationToken) => DefinitionReader.Read(text) switch
    {
        ReadResult.Read read => await SaveAsync(read.Document, options with { Publish = options.Publish || read.Publish == true }, cancellationToken),
        ReadResult.Refused refused => new DefinitionOutcome.Unreadable(refused.Problems),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Overwrites the latest draft, or makes the next version; publishes it when asked to.</summary>
    public async Task<DefinitionOutcome> SaveAsync(DefinitionDocument document, SaveOptions options, CancellationToken cancellationToken)
    {
        var definitionId = options.DefinitionId ?? (document.DefinitionId.Length > 0 ? document.DefinitionId : NewId());
        for (var attempt = 1; ; attempt++)
        {
            var latest = await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken);
            if (IsStale(latest, options))
                return new DefinitionOutcome.Stale(latest);
            if (options.RefuseEmptying && latest is not null && Empties(DefinitionReader.ReadStored(latest.Document), document))
                return new DefinitionOutcome.Refused("would-empty", "保存会清空整个流程图，已拒绝；请刷新页面", "this save would empty the diagram");

            var draft = await DraftAsync(definitionId, document, latest, options.By, cancellationToken);
            var outcome = options.Publish
                ? await PublishAsync(draft, latest, options.By, options.IsApproved, cancellationToken)
                : await StoreDraftAsync(draft, latest, cancellationToken);
            if (outcome is not DefinitionOutcome.Stale || options.ExpectedVersionId is not null || attempt == Attempts)
                return outcome;
        }
    }

    /// <summary>Publishes the latest version: validates, takes the place of the published one, replaces the triggers. Refuses a governed one with "needs-approval".</summary>
    public async Task<DefinitionOutcome> PublishAsync(string definitionId, string? by, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return new DefinitionOutcome.NotFound();
        if (latest.IsPublished)
            return new DefinitionOutcome.Saved(latest, await UpdateConsumersAsync(latest, by, cancellationToken), AlreadyPublished: true);
        return await PublishAsync(latest, latest, by, isApproved: false, cancellationToken);
    }

    /// <summary>Takes the published version out of service; running instances go on.</summary>
    public async Task<DefinitionOutcome> RetractAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, VersionKind.Published, cancellationToken) is not { } published)
            return await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is null
                ? new DefinitionOutcome.NotFound()
                : new DefinitionOutcome.Refused("not-published", "流程没有已发布的版本", "no version of this workflow is published");

        var latest = await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken);
        var retracted = published with { IsPublished = false, UpdatedAt = Now() };
        return await StoreAsync(retracted, latest, [retracted], [], [], cancellationToken);
    }

    /// <summary>Makes a copy of an old version the new draft. A draft that is already there becomes an older version, not lost.</summary>
    public async Task<DefinitionOutcome> RevertAsync(string definitionId, int version, string? by, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, version, cancellationToken) is not { } old)
            return new DefinitionOutcome.NotFound();
        var latest = await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken);
        var draft = await NextVersionAsync(definitionId, DefinitionReader.ReadStored(old.Document), NewId(), by, cancellationToken);
        return await StoreDraftAsync(draft, latest, cancellationToken);
    }

    /// <summary>All versions, newest first.</summary>
    public async Task<IReadOnlyList<StoredDefinition>> ListVersionsAsync(string definitionId, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(VersionKind.AllVersions, definitionId, cancellationToken)).OrderByDescending(v => v.Version)];

    /// <summary>Deletes a draft that was never published; the version before it becomes the latest.</summary>
    public async Task<DefinitionOutcome> DeleteDraftAsync(string versionId, CancellationToken cancellationToken)
    {
        if (await store.FindVersionAsync(versionId, cancellationToken) is not { } draft)
            return new DefinitionOutcome.NotFound();
        if (draft.IsPublished || DefinitionReader.ReadStored(draft.Document).WasPublished)
            return new DefinitionOutcome.Refused("was-published", "已发布过的版本不能删除，可能有申请正在使用", "a version that was published cannot be deleted: instances may run on it");

        if (draft.IsLatest && (await ListVersionsAsync(draft.DefinitionId, cancellationToken)).FirstOrDefault(v => v.Version < draft.Version) is { } before)
        {
            // First the older version takes its place: a crash in between leaves an extra old version and nothing worse.
            var saved = await store.SaveAsync(draft.DefinitionId, draft.VersionId, draft.UpdatedAt, [before with { IsLatest = true }, draft with { IsLatest = false }], null, cancellationToken);
            if (!saved)
                return new DefinitionOutcome.Stale(await store.FindAsync(draft.DefinitionId, VersionKind.Latest, cancellationToken));
        }

        await store.DeleteVersionAsync(versionId, cancellationToken);
        graphs.Forget(draft.DefinitionId);
        return new DefinitionOutcome.Saved(draft with { IsLatest = false }, []);
    }

    /// <summary>What publication would say now.</summary>
    public async Task<Validation> ValidateAsync(DefinitionDocument document, CancellationToken cancellationToken)
    {
        var graph = await graphs.CompileAsync(document, cancellationToken);
        return DefinitionValidator.Validate(graph, await store.ListTriggersAsync([RouteChecks.TriggerName], cancellationToken), await times.LatestAsync(cancellationToken));
    }

    /// <summary>A stored version as it is exchanged: the document with a header that tells how it stands now.</summary>
    public static JsonObject Present(StoredDefinition stored)
    {
        var json = DefinitionReader.ReadStored(stored.Document).With(
            ("id", stored.VersionId),
            ("definitionId", stored.DefinitionId),
            ("version", stored.Version),
            ("createdAt", stored.CreatedAt.ToString("O")),
            ("isLatest", stored.IsLatest),
            ("isPublished", stored.IsPublished),
            (DefinitionDocument.PublishedAtMember, null)).Json;
        json["toolVersion"] ??= ToolVersion;
        json["isReadonly"] ??= false;
        json["isSystem"] ??= false;
        return json;
    }

    private static bool IsStale(StoredDefinition? latest, SaveOptions options) =>
        (options.ExpectedVersionId is { } version && latest?.VersionId != version)
        || (options.ExpectedUpdatedAt is { } updatedAt && latest?.UpdatedAt != updatedAt);

    private static bool Empties(DefinitionDocument before, DefinitionDocument after) =>
        ActivityShape.Nested(before.Root).Take(2).Count() == 2 && !ActivityShape.Nested(after.Root).Any();

    private async Task<StoredDefinition> DraftAsync(string definitionId, DefinitionDocument document, StoredDefinition? latest, string? by, CancellationToken cancellationToken)
    {
        if (latest is not null && !latest.IsPublished && !DefinitionReader.ReadStored(latest.Document).WasPublished)
            return Draft(document, definitionId, latest.VersionId, latest.Version, latest.CreatedAt, latest.CreatedBy ?? by);

        // An imported version keeps its id when nobody else has it.
        var id = document.VersionId is { Length: > 0 } given && await store.FindVersionAsync(given, cancellationToken) is null ? given : NewId();
        return await NextVersionAsync(definitionId, document, id, by, cancellationToken);
    }

    private async Task<StoredDefinition> NextVersionAsync(string definitionId, DefinitionDocument document, string versionId, string? by, CancellationToken cancellationToken)
    {
        var versions = await store.ListAsync(VersionKind.AllVersions, definitionId, cancellationToken);
        return Draft(document, definitionId, versionId, versions.Select(v => v.Version).DefaultIfEmpty().Max() + 1, Now(), by);
    }

    private StoredDefinition Draft(DefinitionDocument document, string definitionId, string versionId, int version, DateTimeOffset createdAt, string? by)
    {
        var canonical = document.With(
            ("$schema", document.Json["$schema"]?.DeepClone() ?? Schema),
            ("id", versionId),
            ("definitionId", definitionId),
            ("version", version),
            ("createdAt", createdAt.ToString("O")),
            ("toolVersion", document.Json["toolVersion"]?.DeepClone() ?? ToolVersion),
            ("isLatest", null),
            ("isPublished", null),
            ("links", null),
            (DefinitionDocument.PublishedAtMember, null));
        return new StoredDefinition(versionId, definitionId, version, document.Name, document.Description, true, false, canonical.Write(), createdAt, Now(), by);
    }

    private async Task<DefinitionOutcome> StoreDraftAsync(StoredDefinition draft, StoredDefinition? latest, CancellationToken cancellationToken)
    {
        var validation = await ValidateAsync(DefinitionReader.ReadStored(draft.Document), cancellationToken);
        var versions = latest is null || latest.VersionId == draft.VersionId ? [draft] : new[] { latest with { IsLatest = false }, draft };
        return await StoreAsync(draft, latest, versions, null, validation.Faults, cancellationToken);
    }

    private async Task<DefinitionOutcome> PublishAsync(StoredDefinition draft, StoredDefinition? latest, string? by, bool isApproved, CancellationToken cancellationToken)
    {
        var now = Now();
        var (document, unpublished) = await PinAsync(DefinitionReader.ReadStored(draft.Document), cancellationToken);
        document = document.With((DefinitionDocument.PublishedAtMember, now.ToString("O")));
        var validation = await ValidateAsync(document, cancellationToken);
        if (!validation.IsPublishable || unpublished.Count > 0)
            return new DefinitionOutcome.Invalid([.. validation.Faults, .. unpublished]);
        if (!isApproved && await IsGovernedAsync(draft.DefinitionId, document, cancellationToken))
            return NeedsApproval;

        var published = draft with { IsLatest = true, IsPublished = true, UpdatedAt = now, Document = document.Write(), CreatedBy = draft.CreatedBy ?? by };
        var versions = new List<StoredDefinition>();
        if (await store.FindAsync(draft.DefinitionId, VersionKind.Published, cancellationToken) is { } previous && previous.VersionId != draft.VersionId)
            versions.Add(previous with { IsPublished = false, IsLatest = false });
        if (latest is not null && latest.VersionId != draft.VersionId && versions.TrueForAll(v => v.VersionId != latest.VersionId))
            versions.Add(latest with { IsLatest = false });
        versions.Add(published);
        var outcome = await StoreAsync(published, latest, versions, validation.Triggers, validation.Faults, cancellationToken);
        return outcome is DefinitionOutcome.Saved saved
            ? saved with { Faults = [.. saved.Faults, .. await UpdateConsumersAsync(published, by, cancellationToken)] }
            : outcome;
    }

    private async Task<DefinitionOutcome> StoreAsync(StoredDefinition result, StoredDefinition? latest, IReadOnlyList<StoredDefinition> versions, IReadOnlyList<StoredTrigger>? triggers, IReadOnlyList<DefinitionFault> faults, CancellationToken cancellationToken)
    {
        var saved = await store.SaveAsync(result.DefinitionId, latest?.VersionId, latest?.UpdatedAt, versions, triggers, cancellationToken);
        graphs.Forget(result.DefinitionId);
        return saved
            ? new DefinitionOutcome.Saved(result, faults)
            : new DefinitionOutcome.Stale(await store.FindAsync(result.DefinitionId, VersionKind.Latest, cancellationToken));
    }

    /// <summary>Fixes which version of a workflow used as activity is meant, so that a published graph never changes afterwards.</summary>
    private async Task<(DefinitionDocument Document, List<DefinitionFault> Faults)> PinAsync(DefinitionDocument document, CancellationToken cancellationToken)
    {
        var faults = new List<DefinitionFault>();
        var pinned = document.With();
        var open = new Stack<JsonObject>([pinned.Root]);
        while (open.TryPop(out var activity))
        {
            foreach (var nested in ActivityShape.Nested(activity))
                open.Push(nested.Json);
            if (catalogue.Find(activity.Text("type")!) is not null || GraphCompiler.ReferenceOf(activity) is not { } reference || await graphs.FindCalledAsync(reference, cancellationToken) is not { } called)
                continue;
            if (!DefinitionReader.ReadStored(called.Document).WasPublished)
            {
                var text = activity.Object("metadata")?.Text("displayText") ?? activity.Text("name") ?? activity.Text("id")!;
                faults.Add(new DefinitionFault("unpublished-workflow", FaultSeverity.Fault, activity.Text("nodeId")!, text, $"引用的流程“{called.Name}”的版本 {called.Version} 尚未发布", $"version {called.Version} of workflow {called.DefinitionId} was never published"));
            }

            activity["workflowDefinitionId"] = called.DefinitionId;
            activity["workflowDefinitionVersionId"] = called.VersionId;
        }

        return (pinned, faults);
    }

    /// <summary>Whole milliseconds: databases keep fewer digits than the clock, and times are compared.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    private static string NewId() => Guid.NewGuid().ToString("N")[..16];
}
