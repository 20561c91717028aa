using System.Collections.Frozen;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>
/// The organisation as it is at one moment. A burst sees one snapshot, so approvers can be resolved without I/O and the
/// same burst always resolves the same people.
/// </summary>
public sealed class OrganisationSnapshot
{
    private readonly FrozenDictionary<string, Person> _people;
    private readonly FrozenDictionary<string, Person[]> _byRole;

    public OrganisationSnapshot(IEnumerable<Person> people, long stamp = 0)
    {
        _people = people.Where(p => p.IsActive).ToFrozenDictionary(p => p.UserName);
        _byRole = _people.Values
            .SelectMany(p => p.Roles.Select(role => (role, p)))
            .GroupBy(x => x.role, x => x.p)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(p => p.UserName, StringComparer.Ordinal).ToArray());
        Stamp = stamp;
    }

    public static OrganisationSnapshot Empty { get; } = new([]);

    /// <summary>Stamp of the store this was read at.</summary>
    public long Stamp { get; }

    public Person? Find(string? userName) => userName is not null && _people.TryGetValue(userName, out var person) ? person : null;

    /// <summary>Active people holding a role, in a stable order.</summary>
    public IReadOnlyList<Person> InRole(string role) => _byRole.TryGetValue(role, out var people) ? people : [];

    public Person? ManagerOf(string? userName) => Find(Find(userName)?.Manager);

    public string DisplayName(string userName) => Find(userName)?.DisplayName ?? userName;
}
