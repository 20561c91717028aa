using System.Collections.Frozen;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>
/// The organisation as it is at one moment. A burst sees one snapshot, so approvers can be resolved without I/O and the
/// same burst always resolves the same people. Only active people are found; those who left keep their name.
/// </summary>
public sealed class OrganisationSnapshot
{
    // A tree deeper than this is a circle.
    private const int DeepestTree = 32;

    private readonly FrozenDictionary<string, Person> _people;
    private readonly FrozenDictionary<string, string> _names;
    private readonly FrozenDictionary<string, Person[]> _byRole;
    private readonly FrozenDictionary<string, Department> _departments;
    private readonly FrozenDictionary<string, Post> _posts;
    private readonly FrozenDictionary<string, Group> _groups;
    private readonly FrozenDictionary<string, Delegation[]> _delegations;

    public OrganisationSnapshot(IEnumerable<Person> people, long stamp = 0)
        : this(new OrganisationData([.. people], stamp))
    {
    }

    public OrganisationSnapshot(OrganisationData data)
    {
        var groupsOf = data.Groups.SelectMany(g => g.Members.Select(m => (Member: m, g.Id))).ToLookup(x => x.Member, x => x.Id, StringComparer.Ordinal);
        _people = data.People.Where(p => p.IsActive).Select(p => groupsOf.Contains(p.UserName) ? p with { Groups = [.. groupsOf[p.UserName]] } : p).ToFrozenDictionary(p => p.UserName);
        _names = data.People.ToFrozenDictionary(p => p.UserName, p => p.DisplayName);
        _byRole = _people.Values
            .SelectMany(p => p.Roles.Select(role => (role, p)))
            .GroupBy(x => x.role, x => x.p)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(p => p.UserName, StringComparer.Ordinal).ToArray());
        _departments = data.Departments.ToFrozenDictionary(d => d.Id);
        _posts = data.Posts.ToFrozenDictionary(p => p.Id);
        _groups = data.Groups.ToFrozenDictionary(g => g.Id);
        _delegations = data.Delegations.GroupBy(d => d.From).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        Data = data;
    }

    public static OrganisationSnapshot Empty { get; } = new([]);

    /// <summary>Stamp of the store this was read at.</summary>
    public long Stamp => Data.Stamp;

    /// <summary>All that was read, in the store's order.</summary>
    public OrganisationData Data { get; }

    /// <summary>Active people in the order of their user names.</summary>
    public IEnumerable<Person> People => Data.People.Where(p => p.IsActive);

    public Person? Find(string? userName) => userName is not null && _people.TryGetValue(userName, out var person) ? person : null;

    /// <summary>Active people holding a role, in a stable order.</summary>
    public IReadOnlyList<Person> InRole(string role) => _byRole.TryGetValue(role, out var people) ? people : [];

    /// <summary>Active members of a group, in a stable order.</summary>
    public IReadOnlyList<Person> InGroup(string group) =>
        _groups.TryGetValue(group, out var found) ? [.. found.Members.Select(Find).OfType<Person>().OrderBy(p => p.UserName, StringComparer.Ordinal)] : [];

    public Person? ManagerOf(string? userName) => Find(Find(userName)?.Manager);

    public Department? DepartmentOf(string? userName) => FindDepartment(Find(userName)?.Department);

    public Department? FindDepartment(string? id) => id is not null && _departments.TryGetValue(id, out var department) ? department : null;

    public Post? FindPost(string? id) => id is not null && _posts.TryGetValue(id, out var post) ? post : null;

    public Group? FindGroup(string? id) => id is not null && _groups.TryGetValue(id, out var group) ? group : null;

    /// <summary>The active head of a department; when it has none, of the nearest department above that has one.</summary>
    public Person? HeadOf(string? departmentId)
    {
        var at = FindDepartment(departmentId);
        for (var i = 0; at is not null && i < DeepestTree; i++, at = FindDepartment(at.Parent))
        {
            if (Find(at.Head) is { } head)
                return head;
        }

        return null;
    }

    /// <summary>Delegations a person gave; those to come too.</summary>
    public IReadOnlyList<Delegation> DelegationsOf(string userName) => _delegations.TryGetValue(userName, out var given) ? given : [];

    /// <summary>The active people an identity of a task means: a user name, "role:x" or "group:x".</summary>
    public IReadOnlyList<Person> Behind(string identity) =>
        identity.StartsWith("role:", StringComparison.Ordinal) ? InRole(identity["role:".Length..])
        : identity.StartsWith("group:", StringComparison.Ordinal) ? InGroup(identity["group:".Length..])
        : Find(identity) is { } person ? [person] : [];

    /// <summary>The name to show for a user name; people who left keep theirs.</summary>
    public string DisplayName(string userName) => _names.TryGetValue(userName, out var name) ? name : userName.StartsWith("program:", StringComparison.Ordinal) ? "外部程序" : userName;

    /// <summary>Active people whose name, nickname, user name or pinyin initials begin with (or whose name contains) the text, best first.</summary>
    public IReadOnlyList<Person> Search(string text, int limit)
    {
        var wanted = text.Trim();
        return [.. People.Select(p => (Person: p, Rank: Rank(p, wanted))).Where(x => x.Rank < int.MaxValue)
            .OrderBy(x => x.Rank).ThenBy(x => x.Person.UserName, StringComparer.Ordinal).Take(limit).Select(x => x.Person)];
    }

    private static int Rank(Person person, string wanted)
    {
        if (wanted.Length == 0 || person.DisplayName == wanted || person.Nickname == wanted)
            return 0;
        if (person.DisplayName.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) || person.Nickname?.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) == true)
            return 1;
        if (person.Initials?.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) == true || person.UserName.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
            return 2;
        return person.DisplayName.Contains(wanted, StringComparison.OrdinalIgnoreCase) || person.Nickname?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true ? 3 : int.MaxValue;
    }
}
