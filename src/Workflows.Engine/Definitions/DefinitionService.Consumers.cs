using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>Definitions that use another one as an activity: what its publication and its deletion mean for them.</summary>
public sealed partial class DefinitionService
{
    /// <summary>
    /// Deletes a definition with all its versions. Refused while an instance of it runs, while another definition uses it as an
    /// activity, and for a governed one that was ever published. Ended instances, their journals and tasks stay; they can no longer be retried.
    /// </summary>
    public async Task<DefinitionOutcome> DeleteAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return new DefinitionOutcome.NotFound();
        if (await store.IsRunningAsync(definitionId, cancellationToken))
            return StillRunning;
        if (await FindUserAsync(definitionId, cancellationToken) is { } user)
            return new DefinitionOutcome.Refused("definition-used", $"流程“{user.Name}”（{user.DefinitionId}）把它用作步骤", $"workflow {user.DefinitionId} uses it as an activity");

        if (await IsGovernedAsync(definitionId, DefinitionReader.ReadStored(latest.Document), cancellationToken) && await WasEverPublishedAsync(definitionId, cancellationToken))
        {
            return new DefinitionOutcome.Refused(
                "governed", "受管流程发布过就不能删除，可以下线；要删除，须先经审批发布一个不再受管的版本",
                "a governed workflow that was ever published cannot be deleted, only retracted; to delete it, first have a version published that is no longer governed");
        }

        // Out of service first, and then a moment's wait: another host may start it for as long as it believes it published.
        if (await store.FindAsync(definitionId, VersionKind.Published, cancellationToken) is not null)
        {
            if (await RetractAsync(definitionId, cancellationToken) is not DefinitionOutcome.Saved)
                return new DefinitionOutcome.Stale(latest);
            await Task.Delay(GraphCache.Belief * 2, TimeProvider.System, cancellationToken);
        }

        var deleted = await store.DeleteAsync(definitionId, cancellationToken);
        graphs.ForgetDeleted(definitionId);
        return deleted > 0 ? new DefinitionOutcome.Saved(latest, []) : StillRunning;
    }

    private static DefinitionOutcome.Refused StillRunning { get; } =
        new("definition-running", "还有运行中的实例，不能删除；可先下线", "instances of it are running; retract it instead, and delete it when they have ended");

    private async Task<StoredDefinition?> FindUserAsync(string definitionId, CancellationToken cancellationToken)
    {
        foreach (var version in await store.ListAsync(VersionKind.AllVersions, null, cancellationToken))
        {
            if (version.DefinitionId != definitionId
                && GraphCompiler.ReferencesOf(DefinitionReader.ReadStored(version.Document), catalogue).Any(r => r.DefinitionId == definitionId)
                && (version.IsLatest || version.IsPublished || await store.IsRunningAsync(version.DefinitionId, cancellationToken)))
                return version;
        }

        return null;
    }

    /// <summary>
    /// With the option autoUpdateConsumingWorkflows (Elsa's), published users of a definition are published anew on its new version, and
    /// in turn their users if they say so too. A user with a draft has the draft moved instead: publishing past it would bury what
    /// somebody is working on. What could not be moved is a warning. Each user is a step of its own; publishing again, changed or
    /// not, goes on with those that are behind.
    /// </summary>
    private async Task<IReadOnlyList<DefinitionFault>> UpdateConsumersAsync(StoredDefinition child, string? by, CancellationToken cancellationToken)
    {
        var warnings = new List<DefinitionFault>();
        if (!DefinitionReader.ReadStored(child.Document).Json.Object("options").Flag("autoUpdateConsumingWorkflows"))
            return warnings;

        foreach (var user in await store.ListAsync(VersionKind.LatestOrPublished, null, cancellationToken))
        {
            // Of a user with a draft both come; the draft answers for it.
            if (user.DefinitionId == child.DefinitionId || !user.IsLatest)
                continue;
            var document = DefinitionReader.ReadStored(user.Document);
            // A retracted version is history; nothing new is made of it unasked.
            if ((!user.IsPublished && document.WasPublished) || !Move(document.Root, child))
                continue;
            var outcome = await SaveAsync(document, new SaveOptions { DefinitionId = user.DefinitionId, ExpectedVersionId = user.VersionId, Publish = user.IsPublished, By = by }, cancellationToken);
            if (outcome is DefinitionOutcome.Saved saved)
                warnings.AddRange(saved.Faults.Where(f => f.Code == "consumer-behind"));
            if (outcome is not DefinitionOutcome.Saved)
                warnings.Add(Behind(user, "校验未通过或刚被他人修改", "it does not pass validation with it, or was changed just now"));
            else if (!user.IsPublished && await store.FindAsync(user.DefinitionId, VersionKind.Published, cancellationToken) is not null)
                warnings.Add(Behind(user, "有未发布的草稿，已在草稿中更新", "it has a draft; the draft was updated"));
        }

        return warnings;
    }

    private static DefinitionFault Behind(StoredDefinition user, string zh, string en) => new(
        "consumer-behind", FaultSeverity.Warning, DefinitionDocument.WorkflowId, user.Name,
        $"流程“{user.Name}”（{user.DefinitionId}）未自动改用新版本：{zh}", $"workflow {user.DefinitionId} does not run on the new version: {en}");

    /// <summary>Points every use of a definition to this version; false when there was nothing to change.</summary>
    private bool Move(JsonObject root, StoredDefinition child)
    {
        var changed = false;
        var open = new Stack<JsonObject>([root]);
        while (open.TryPop(out var activity))
        {
            foreach (var nested in ActivityShape.Nested(activity))
                open.Push(nested.Json);
            if (catalogue.Find(activity.Text("type")!) is not null || GraphCompiler.ReferenceOf(activity) is not { } reference
                || reference.DefinitionId != child.DefinitionId || reference.VersionId is null || reference.VersionId == child.VersionId)
                continue;
            activity["workflowDefinitionVersionId"] = child.VersionId;
            activity["version"] = child.Version;
            if (activity.ContainsKey("latestAvailablePublishedVersion"))
                activity["latestAvailablePublishedVersion"] = child.Version;
            if (activity.ContainsKey("latestAvailablePublishedVersionId"))
                activity["latestAvailablePublishedVersionId"] = child.VersionId;
            changed = true;
        }

        return changed;
    }
}
