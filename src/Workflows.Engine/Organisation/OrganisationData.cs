using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>A department of the tree.</summary>
/// <param name="Id">One word; unique.</param>
/// <param name="Parent">Id of the department above; null at the top.</param>
/// <param name="Head">User name of the person who answers for it; null asks the one above.</param>
/// <param name="Position">Order among its neighbours.</param>
public sealed record Department(string Id, string Name, string? Parent = null, string? Head = null, int Position = 0);

/// <summary>A post: what somebody is called, in which department.</summary>
public sealed record Post(string Id, string Name, string? Department = null);

/// <summary>People who are asked together, across departments.</summary>
public sealed record Group(string Id, string Name, IReadOnlyList<string> Members);

/// <summary>Somebody outside: a supplier, a carrier, a partner. Cannot sign in.</summary>
/// <param name="Kind">Key of the outside party in the catalogue: supplier, carrier, partner, ...</param>
public sealed record ExternalContact(string Id, string Name, string? Company, string Kind, string? Email, string? Mobile, string? Note = null, bool IsActive = true);

/// <summary>
/// Somebody on leave hands what they would be asked for to another person: from <paramref name="StartsAt"/> on and no longer at
/// <paramref name="EndsAt"/>, in business time, for one process or for all.
/// </summary>
/// <param name="From">User name of the person on leave.</param>
/// <param name="To">User name of the deputy.</param>
/// <param name="DefinitionId">Only this process; null for all. The one for a process goes before the one for all.</param>
/// <param name="EndedAt">Set when it was ended before its time.</param>
public sealed record Delegation(
    string Id,
    string From,
    string To,
    string? DefinitionId,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Reason,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt = null)
{
    public bool Holds(DateTimeOffset at) => EndedAt is null && StartsAt <= at && at < EndsAt;
}

/// <summary>The whole organisation as it was read at one stamp; people who left included.</summary>
public sealed record OrganisationData(IReadOnlyList<Person> People, long Stamp = 0)
{
    public IReadOnlyList<Department> Departments { get; init; } = [];

    public IReadOnlyList<Post> Posts { get; init; } = [];

    public IReadOnlyList<Group> Groups { get; init; } = [];

    public IReadOnlyList<ExternalContact> Contacts { get; init; } = [];

    public IReadOnlyList<Delegation> Delegations { get; init; } = [];
}
