using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;

namespace Workflows.Engine.Storage;

/// <summary>A person of the organisation. Password hashes never leave the store through this record.</summary>
public sealed record Person(string UserName, string DisplayName, string? Manager, string? Email, string? Mobile, IReadOnlyList<string> Roles, bool IsActive = true)
{
    /// <summary>Id of the department.</summary>
    public string? Department { get; init; }

    /// <summary>Id of the post, which names what the person is; roles say what the person may be asked for.</summary>
    public string? Post { get; init; }

    /// <summary>花名: the name colleagues use.</summary>
    public string? Nickname { get; init; }

    /// <summary>Initials of the name in pinyin, for searching: 王芳 is found by "wf".</summary>
    public string? Initials { get; init; }

    /// <summary>Ids of the groups the person is in. Filled by reading; saving a person leaves groups alone.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}

/// <summary>Everything about the organisation that changes together, and who changed it.</summary>
public sealed record OrganisationChange
{
    public IReadOnlyList<Person> People { get; init; } = [];

    public IReadOnlyList<Department> Departments { get; init; } = [];

    public IReadOnlyList<string> DepartmentsRemoved { get; init; } = [];

    public IReadOnlyList<Post> Posts { get; init; } = [];

    public IReadOnlyList<string> PostsRemoved { get; init; } = [];

    /// <summary>Groups with all their members.</summary>
    public IReadOnlyList<Group> Groups { get; init; } = [];

    public IReadOnlyList<string> GroupsRemoved { get; init; } = [];

    public IReadOnlyList<ExternalContact> Contacts { get; init; } = [];

    public IReadOnlyList<string> ContactsRemoved { get; init; } = [];

    public IReadOnlyList<Delegation> DelegationsAdded { get; init; } = [];

    /// <summary>Ids of delegations that end now.</summary>
    public IReadOnlyList<string> DelegationsEnded { get; init; } = [];

    /// <summary>Stamp of the organisation the change was made from; when it moved meanwhile nothing is changed. Null does not ask.</summary>
    public long? ExpectedStamp { get; init; }

    public required OrganisationAudit Audit { get; init; }
}

/// <summary>A line of the record of changes.</summary>
/// <param name="Id">Sorts by time.</param>
/// <param name="By">User name of whoever did it.</param>
/// <param name="Kind">import, person, handover, delegation, department, key, rights, ...</param>
/// <param name="Subject">Whom or what it is about.</param>
public sealed record OrganisationAudit(string Id, DateTimeOffset At, string By, string Kind, string Subject, JsonNode? Detail = null);

public interface IOrganisationStore
{
    Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The whole organisation as it is at one moment, with the delegations that hold or will.</summary>
    Task<OrganisationData> ReadAsync(DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Saves people with their roles, without a line in the record; for seeding and tests.</summary>
    Task SaveAsync(IReadOnlyList<Person> people, CancellationToken cancellationToken);

    /// <summary>Makes a change and its line in the record, all or nothing; false when the organisation moved meanwhile. Whoever becomes inactive is signed out everywhere.</summary>
    Task<bool> ApplyAsync(OrganisationChange change, CancellationToken cancellationToken);

    /// <summary>Changes whenever people, roles or anything else here changes.</summary>
    Task<long> ReadStampAsync(CancellationToken cancellationToken);

    /// <summary>Delegations from and to a person, old ones too, newest first.</summary>
    Task<IReadOnlyList<Delegation>> ListDelegationsAsync(string userName, CancellationToken cancellationToken);

    /// <summary>The record of changes, newest first.</summary>
    Task<IReadOnlyList<OrganisationAudit>> ListAuditAsync(string? subject, string? before, int limit, CancellationToken cancellationToken);

    Task<string?> FindPasswordHashAsync(string userName, CancellationToken cancellationToken);

    Task SetPasswordHashAsync(string userName, string hash, CancellationToken cancellationToken);

    /// <summary>Stores a bearer token by its hash.</summary>
    Task AddTokenAsync(string tokenHash, string userName, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>The active person a token belongs to; null when unknown, expired or disabled.</summary>
    Task<Person?> FindByTokenAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken);
}
