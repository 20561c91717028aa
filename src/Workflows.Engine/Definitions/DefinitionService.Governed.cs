using System.Security.Cryptography;
using System.Text;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Governed definitions: no version of one is published unless somebody other than its authors approved exactly that content. The rule
/// stands here, at the only door to publication, so that no page, program or import can go round it.
/// </summary>
/// <remarks>
/// What can go wrong. The change itself takes the mark away: the version in service (or the last one that was) counts as well as the
/// new one. The process is deleted and brought in again without it: one that was ever published is not deleted. The draft is changed while others decide: what was approved is a hash, and another content is refused. The publication is repeated
/// after a crash: a version that is in service already is done.
/// </remarks>
public sealed partial class DefinitionService
{
    /// <summary>Custom property that marks a definition as governed.</summary>
    public const string GovernedProperty = "governed";

    private static DefinitionOutcome.Refused NeedsApproval { get; } =
        new("needs-approval", "此流程的修改须经审批后才能发布，请提交审批", "changes of this workflow are published only after approval; submit the draft for approval");

    /// <summary>What an approval is bound to: changes with every change of the content.</summary>
    public static string HashOf(StoredDefinition version) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(version.Document)));

    /// <summary>True when this document may only be published after approval.</summary>
    public async Task<bool> IsGovernedAsync(string definitionId, DefinitionDocument document, CancellationToken cancellationToken)
    {
        if (IsMarked(document))
            return true;
        var versions = await ListVersionsAsync(definitionId, cancellationToken);
        var ruling = versions.FirstOrDefault(v => v.IsPublished) ?? versions.FirstOrDefault(v => DefinitionReader.ReadStored(v.Document).WasPublished);
        return ruling is not null && IsMarked(DefinitionReader.ReadStored(ruling.Document));
    }

    /// <summary>
    /// Publishes a version that was approved. Refuses with "changed-since" when it is no longer the latest or its content is not what
    /// was approved; does nothing when it is in service already.
    /// </summary>
    /// <param name="hash">What <see cref="HashOf"/> said when the approval began.</param>
    public async Task<DefinitionOutcome> PublishApprovedAsync(string definitionId, string versionId, string hash, string? by, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(definitionId, VersionKind.Latest, cancellationToken) is not { } latest)
            return new DefinitionOutcome.NotFound();
        if (latest.VersionId == versionId && latest.IsPublished)
            return new DefinitionOutcome.Saved(latest, [], AlreadyPublished: true);
        if (latest.VersionId != versionId || HashOf(latest) != hash)
            return new DefinitionOutcome.Refused("changed-since", "草稿在审批期间被修改过，请重新提交审批", "the draft was changed while it was being approved; submit it again");
        await FaultPoint.Pass(FaultPoint.PublicationBefore);
        var outcome = await PublishAsync(latest, latest, by, isApproved: true, cancellationToken);
        await FaultPoint.Pass(FaultPoint.PublicationAfter);
        return outcome;
    }

    private async Task<bool> WasEverPublishedAsync(string definitionId, CancellationToken cancellationToken) =>
        (await ListVersionsAsync(definitionId, cancellationToken)).Any(v => v.IsPublished || DefinitionReader.ReadStored(v.Document).WasPublished);

    private static bool IsMarked(DefinitionDocument document) => document.Json.Object("customProperties").Flag(GovernedProperty);
}
