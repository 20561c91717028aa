using System.Text.Json.Nodes;
using Workflows.Designer.Api;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Processes;

/// <summary>
/// Changes of processes as people make them: one at a time, remembered by whom, and for governed processes published only through an
/// approval.
/// </summary>
/// <remarks>
/// What can go wrong, and the rule against it.
/// Two people in one draft share its version, and Studio saves the whole document: who does not hold the edit lock saves nothing.
/// A lock whose holder went home: it lapses two minutes after the page's last sign of life, and may be taken over before.
/// The draft changes while others decide on it: while its change runs it is frozen, and the publication compares the hash of what was
/// shown all the same. Those who decide do not learn why: without a reason nothing is submitted. An author approves their own work: everybody who changed the version is barred from the approval.
/// </remarks>
internal sealed class ProcessEditing(
    DefinitionService definitions,
    IDefinitionStore store,
    IDesignStore design,
    IInstanceStore instances,
    WorkflowRuntime runtime,
    IOrganisationSource organisation,
    ActivityCatalogue catalogue,
    Toolbox toolbox,
    TimeProvider clock)
{
    /// <summary>The workflow that decides on changes of governed processes; its correlation id is the definition's.</summary>
    public const string ChangeDefinition = "workflow_change";

    public static readonly TimeSpan LockLapse = TimeSpan.FromMinutes(2);

    /// <summary>True while a change of the definition is being decided.</summary>
    public Task<bool> IsFrozenAsync(string definitionId, CancellationToken cancellationToken) => instances.IsRunningAsync(ChangeDefinition, definitionId, cancellationToken);

    /// <summary>The instance that decides on the definition's change now.</summary>
    public async Task<string?> FindPendingAsync(string definitionId, CancellationToken cancellationToken) =>
        await instances.ListAsync(new InstanceFilter(ChangeDefinition, definitionId, Status: Engine.Instances.WorkflowStatus.Running, Limit: 1), cancellationToken) is [var pending, ..] ? pending.Id : null;

    /// <summary>Takes or renews the edit lock; answers who holds it.</summary>
    public Task<EditLock> LockAsync(string definitionId, IDesignerPerson person, bool takeOver, CancellationToken cancellationToken) =>
        design.TakeLockAsync(definitionId, person.UserName, clock.GetUtcNow(), LockLapse, takeOver, cancellationToken);

    public Task<EditLock?> FindLockAsync(string definitionId, CancellationToken cancellationToken) => design.FindLockAsync(definitionId, clock.GetUtcNow(), LockLapse, cancellationToken);

    public Task UnlockAsync(string definitionId, IDesignerPerson person, CancellationToken cancellationToken) => design.ReleaseLockAsync(definitionId, person.UserName, cancellationToken);

    /// <summary>Saves the draft and publishes it, or hands it to those who decide on it when the process is governed.</summary>
    /// <param name="document">What to save.</param>
    /// <param name="expectedVersion">Version that was read; null for a new process.</param>
    /// <param name="publish">Whether to publish.</param>
    /// <param name="person">Who.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isImport">True when the document is whole as it is, not something Studio has dropped members of.</param>
    /// <param name="reason">Why, in the author's words; without it a governed draft is stored and not submitted.</param>
    public async Task<EditOutcome> SaveAsync(
        DefinitionDocument document, string? expectedVersion, bool publish, IDesignerPerson person, CancellationToken cancellationToken, bool isImport = false, string? reason = null)
    {
        var definitionId = document.DefinitionId;
        if (definitionId.Length > 0 && await GuardAsync(definitionId, person, cancellationToken) is { } refused)
            return refused;
        var before = expectedVersion is null ? null : await store.FindVersionAsync(expectedVersion, cancellationToken);
        if (before is not null && before.DefinitionId != definitionId)
            return new EditOutcome.NotDone(new DefinitionOutcome.Stale(before));
        // A definition that is there already is only saved over by who says what they read.
        if (before is null && definitionId.Length > 0 && await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is { } unseen)
            return new EditOutcome.NotDone(new DefinitionOutcome.Stale(unseen));
        if (!isImport)
            document = StudioDocuments.Complete(document, before);

        var options = new SaveOptions { DefinitionId = definitionId.Length > 0 ? definitionId : null, ExpectedVersionId = before?.VersionId, RefuseEmptying = !isImport, By = person.UserName };
        var governed = publish && definitionId.Length > 0 && await definitions.IsGovernedAsync(definitionId, document, cancellationToken);
        if (governed && await definitions.ValidateAsync(document, cancellationToken) is { IsPublishable: false } invalid)
            return new EditOutcome.NotDone(new DefinitionOutcome.Invalid(invalid.Faults));
        var outcome = await definitions.SaveAsync(document, options with { Publish = publish && !governed }, cancellationToken);
        if (outcome is not DefinitionOutcome.Saved saved)
            return new EditOutcome.NotDone(outcome);
        await design.AddAuthorAsync(saved.Definition.VersionId, person.UserName, clock.GetUtcNow(), cancellationToken);
        if (governed)
            return await SubmitAsync(saved.Definition, reason, person, cancellationToken);
        if (publish)
            await toolbox.RefreshAsync(cancellationToken);
        return new EditOutcome.Done(saved.Definition, saved.Faults);
    }

    /// <summary>Publishes the draft, or hands it to those who decide on it when the process is governed.</summary>
    /// <param name="definitionId">Which.</param>
    /// <param name="reason">Why, in the author's words; without it a governed draft is not submitted.</param>
    /// <param name="person">Who.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<EditOutcome> PublishAsync(string definitionId, string? reason, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return new EditOutcome.NotDone(new DefinitionOutcome.NotFound());
        if (await GuardAsync(definitionId, person, cancellationToken) is { } refused)
            return refused;
        var document = DefinitionReader.ReadStored(latest.Document);
        if (!latest.IsPublished && await definitions.IsGovernedAsync(definitionId, document, cancellationToken))
        {
            return await definitions.ValidateAsync(document, cancellationToken) is { IsPublishable: false } invalid
                ? new EditOutcome.NotDone(new DefinitionOutcome.Invalid(invalid.Faults))
                : await SubmitAsync(latest, reason, person, cancellationToken);
        }

        var outcome = await definitions.PublishAsync(definitionId, person.UserName, cancellationToken);
        if (outcome is not DefinitionOutcome.Saved saved)
            return new EditOutcome.NotDone(outcome);
        await toolbox.RefreshAsync(cancellationToken);
        return new EditOutcome.Done(saved.Definition, saved.Faults, AlreadyPublished: saved.AlreadyPublished);
    }

    public async Task<DefinitionOutcome> RetractAsync(string definitionId, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (await GuardAsync(definitionId, person, cancellationToken) is { } refused)
            return new DefinitionOutcome.Refused("locked", refused.Zh, refused.En);
        var outcome = await definitions.RetractAsync(definitionId, cancellationToken);
        await toolbox.RefreshAsync(cancellationToken);
        return outcome;
    }

    public async Task<EditOutcome> RevertAsync(string definitionId, int version, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (await GuardAsync(definitionId, person, cancellationToken) is { } refused)
            return refused;
        var outcome = await definitions.RevertAsync(definitionId, version, person.UserName, cancellationToken);
        if (outcome is not DefinitionOutcome.Saved saved)
            return new EditOutcome.NotDone(outcome);
        await design.AddAuthorAsync(saved.Definition.VersionId, person.UserName, clock.GetUtcNow(), cancellationToken);
        return new EditOutcome.Done(saved.Definition, saved.Faults);
    }

    public async Task<DefinitionOutcome> DeleteAsync(string definitionId, IDesignerPerson person, CancellationToken cancellationToken) =>
        await GuardAsync(definitionId, person, cancellationToken) is { } refused
            ? new DefinitionOutcome.Refused("locked", refused.Zh, refused.En)
            : await definitions.DeleteAsync(definitionId, cancellationToken);

    public async Task<EditOutcome> DeleteDraftAsync(StoredDefinition draft, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (await GuardAsync(draft.DefinitionId, person, cancellationToken) is { } refused)
            return refused;
        var outcome = await definitions.DeleteDraftAsync(draft.VersionId, cancellationToken);
        return outcome is DefinitionOutcome.Saved saved ? new EditOutcome.Done(saved.Definition, []) : new EditOutcome.NotDone(outcome);
    }

    /// <summary>Definitions that use this one as a step.</summary>
    public async Task<IReadOnlyList<string>> ListConsumersAsync(string definitionId, CancellationToken cancellationToken) =>
    [.. (await store.ListAsync(VersionKind.LatestOrPublished, null, cancellationToken))
        .Where(d => d.DefinitionId != definitionId && d.Document.Contains(definitionId, StringComparison.Ordinal)
            && GraphCompiler.ReferencesOf(DefinitionReader.ReadStored(d.Document), catalogue).Any(r => r.DefinitionId == definitionId))
        .Select(d => d.DefinitionId).Distinct()];

    /// <summary>What a draft changes against the version in service, in words.</summary>
    public async Task<IReadOnlyList<ProcessChange>> CompareWithPublishedAsync(StoredDefinition draft, bool isChinese, CancellationToken cancellationToken)
    {
        var published = await store.FindAsync(draft.DefinitionId, VersionKind.Published, cancellationToken);
        return Compare(published, draft, isChinese);
    }

    public IReadOnlyList<ProcessChange> Compare(StoredDefinition? before, StoredDefinition after, bool isChinese) =>
        before is null ? [] : ProcessDiff.Compare(DefinitionReader.ReadStored(before.Document), DefinitionReader.ReadStored(after.Document), new ValueWords(catalogue, organisation.Current, isChinese));

    /// <summary>Why this person may not change the definition now; null when they may.</summary>
    public async Task<EditOutcome.Refused?> GuardAsync(string definitionId, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (await IsFrozenAsync(definitionId, cancellationToken))
            return new EditOutcome.Refused("此流程的变更正在审批，审批结束或撤回后才能再修改", "a change of this process is being approved; it can be changed again when that has ended");
        if (await FindLockAsync(definitionId, cancellationToken) is { } held && held.UserName != person.UserName)
        {
            var name = organisation.Current.DisplayName(held.UserName);
            return new EditOutcome.Refused($"{name} 正在编辑此流程，请先接管编辑", $"{name} is editing this process; take over first");
        }

        return null;
    }

    private async Task<EditOutcome> SubmitAsync(StoredDefinition draft, string? reason, IDesignerPerson person, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return new EditOutcome.Done(draft, []) { NeedsReason = true };
        var published = await store.FindAsync(draft.DefinitionId, VersionKind.Published, cancellationToken);
        var authors = (await design.ListAuthorsAsync(draft.VersionId, cancellationToken)).Append(draft.CreatedBy).Append(person.UserName).OfType<string>().Distinct().ToList();
        var changes = Compare(published, draft, isChinese: true).Select(c => c.Text).ToList();
        var delivery = await runtime.StartAsync(
            new StartRequest
            {
                DefinitionId = ChangeDefinition,
                InitiatedBy = person.UserName,
                CorrelationId = draft.DefinitionId,
                Name = $"{(draft.Name.Length > 0 ? draft.Name : draft.DefinitionId)} 第 {draft.Version} 版",
                Input = new Dictionary<string, JsonNode?>
                {
                    ["processId"] = draft.DefinitionId,
                    ["processName"] = draft.Name,
                    ["versionId"] = draft.VersionId,
                    ["version"] = draft.Version,
                    ["publishedVersion"] = published?.Version,
                    ["contentHash"] = DefinitionService.HashOf(draft),
                    ["reason"] = reason.Trim(),
                    ["changes"] = Json.Texts(changes.Count > 0 ? changes : ["新流程"]),
                    ["authors"] = Json.Texts(authors),
                    ["authorNames"] = Json.Texts(authors.Select(organisation.Current.DisplayName)),
                },
            },
            cancellationToken);
        return delivery switch
        {
            Delivery.Applied applied => new EditOutcome.Done(draft, [], applied.Last.Id),
            Delivery.AlreadyActive => new EditOutcome.Refused("此流程已有一项变更在审批", "a change of this process is being approved already"),
            Delivery.BadInput bad => new EditOutcome.Refused(string.Join("；", bad.Faults.Select(f => f.Zh)), string.Join("; ", bad.Faults.Select(f => f.En))),
            _ => new EditOutcome.Refused($"没有已发布的变更审批流程“{ChangeDefinition}”，不能提交", $"the workflow {ChangeDefinition} that approves changes is not published"),
        };
    }
}
