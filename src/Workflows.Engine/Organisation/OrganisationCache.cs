using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>Gives bursts the organisation as it is now.</summary>
public interface IOrganisationSource
{
    OrganisationSnapshot Current { get; }
}

/// <summary>
/// Keeps a snapshot of the organisation and reads it again when the store's stamp moved. Changed rights apply to the next
/// sign-in check at once (that one asks the store); approver resolution follows within one refresh.
/// </summary>
public sealed class OrganisationCache(IOrganisationStore store) : IOrganisationSource
{
    private OrganisationSnapshot? _current;

    public OrganisationSnapshot Current => _current ?? OrganisationSnapshot.Empty;

    /// <summary>Reads the organisation again if it changed; true when it did.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var stamp = await store.ReadStampAsync(cancellationToken);
        if (_current?.Stamp == stamp)
            return false;
        _current = new OrganisationSnapshot(await store.ReadAsync(null, cancellationToken));
        return true;
    }
}
