using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <summary>Makes changes of the organisation: recorded, all or nothing, and in force on this host when the caller is answered.</summary>
internal sealed class OrganisationChanges(IOrganisationStore store, OrganisationCache cache, EngineClock clock, ILogger<OrganisationChanges> logger)
{
    public Task<OrganisationData> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(clock.SqlNow, cancellationToken);

    /// <summary>Ids sort by the time they were made.</summary>
    public string NewId() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    public OrganisationAudit Audit(Actor by, string kind, string subject, JsonNode? detail = null) => new(NewId(), clock.GetUtcNow(), by.Name, kind, subject, detail);

    /// <summary>False when somebody else changed the organisation since it was read.</summary>
    public async Task<bool> ApplyAsync(OrganisationChange change, CancellationToken cancellationToken)
    {
        if (!await store.ApplyAsync(change, cancellationToken))
            return false;
        Log.OrganisationChanged(logger, change.Audit.By, change.Audit.Kind, change.Audit.Subject);
        await cache.RefreshAsync(cancellationToken);
        return true;
    }

    /// <summary>The usual answer to a change: what is now so, or that it was changed meanwhile.</summary>
    public async Task<IResult> AnswerAsync<T>(OrganisationChange change, T after, CancellationToken cancellationToken) =>
        await ApplyAsync(change, cancellationToken) ? StoredAnswer.Of(after) : Refusals.StateConflict;
}
