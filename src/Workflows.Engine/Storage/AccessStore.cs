namespace Workflows.Engine.Storage;

/// <summary>What somebody may do with a process.</summary>
public enum ProcessRight
{
    /// <summary>发起.</summary>
    Start,

    /// <summary>办理: do the tasks that the process gives them.</summary>
    Handle,

    /// <summary>查看: see every instance.</summary>
    View,

    /// <summary>设计: change and publish the definition.</summary>
    Design,

    /// <summary>运维: cancel and mend instances.</summary>
    Operate,

    /// <summary>审计: see every instance and its whole story, change nothing.</summary>
    Audit,
}

/// <summary>A right that somebody set: it replaces what the definition says.</summary>
/// <param name="Identities">User names, "role:x", "group:x", "*"; empty for nobody.</param>
public sealed record ProcessGrant(string DefinitionId, ProcessRight Right, IReadOnlyList<string> Identities);

/// <summary>The two stamps that rights depend on.</summary>
public sealed record RightsStamp(long Definitions, long Organisation);

/// <summary>A program's key as it is listed; the key itself is known to nobody but its bearer.</summary>
/// <param name="UserName">The person, or the account of a program, in whose name the key acts.</param>
/// <param name="Scopes">What the key may be used for, of what that person may do.</param>
public sealed record ApiKey(
    string Id, string Name, string UserName, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>Rights by process, and keys of programs.</summary>
public interface IAccessStore
{
    Task<IReadOnlyList<ProcessGrant>> ListGrantsAsync(CancellationToken cancellationToken);

    /// <summary>Sets rights of one process; null identities go back to what the definition says.</summary>
    Task SaveGrantsAsync(string definitionId, IReadOnlyDictionary<ProcessRight, IReadOnlyList<string>?> rights, OrganisationAudit audit, CancellationToken cancellationToken);

    /// <summary>The version whose rules count for each definition: the published one, else the latest.</summary>
    Task<IReadOnlyDictionary<string, string>> ListRulingVersionsAsync(CancellationToken cancellationToken);

    Task<RightsStamp> ReadStampAsync(CancellationToken cancellationToken);

    /// <summary>The active person a key acts for, and its scopes; null when it is unknown, over or revoked. <paramref name="now"/> is real time.</summary>
    Task<(Person Person, IReadOnlyList<string> Scopes)?> FindByKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellationToken);

    Task AddKeyAsync(ApiKey key, string keyHash, OrganisationAudit audit, CancellationToken cancellationToken);

    Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>The keys that act in a person's name and can still be used. <paramref name="now"/> is real time.</summary>
    Task<IReadOnlyList<ApiKey>> ListKeysOfAsync(string userName, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>False when there is no such key that is not revoked.</summary>
    Task<bool> RevokeKeyAsync(string id, OrganisationAudit audit, CancellationToken cancellationToken);

    /// <summary>The same for a person's own keys: false when the key is another's, too.</summary>
    Task<bool> RevokeOwnKeyAsync(string id, string userName, OrganisationAudit audit, CancellationToken cancellationToken);
}
