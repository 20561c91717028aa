using System.Data.Common;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

internal sealed class OrganisationStore(Database database) : IOrganisationStore
{
    private static readonly LookUp<TokenRow> ByToken = new("find_people_by_token", row => (row.GetString(12), new TokenRow(ReadSignedIn(row), row.Instant(13))));

    private const int TokensPerPerson = 50;

    private static readonly SqlArgs Stamp = new() { ["name"] = "organisation_stamp" };

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(session => ReadPeopleAsync(session, cancellationToken), cancellationToken);

    public async Task<OrganisationData> ReadAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            async session =>
            {
                // The stamp comes first: what changes while the rest is read makes the next look read again.
                var stamp = await session.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken);
                var members = (await session.QueryAsync("list_group_members", SqlArgs.None, row => (Group: row.GetString(0), User: row.GetString(1)), cancellationToken))
                    .ToLookup(m => m.Group, m => m.User, StringComparer.Ordinal);
                return new OrganisationData(await ReadPeopleAsync(session, cancellationToken), stamp)
                {
                    Departments = await session.QueryAsync("list_departments", SqlArgs.None, OrganisationRows.ReadDepartment, cancellationToken),
                    Posts = await session.QueryAsync("list_posts", SqlArgs.None, OrganisationRows.ReadPost, cancellationToken),
                    Groups = await session.QueryAsync("list_groups", SqlArgs.None, row => new Group(row.GetString(0), row.GetString(1), [.. members[row.GetString(0)]]), cancellationToken),
                    Contacts = await session.QueryAsync("list_contacts", SqlArgs.None, OrganisationRows.ReadContact, cancellationToken),
                    Delegations = await session.QueryAsync("list_live_delegations", new() { ["now"] = now }, OrganisationRows.ReadDelegation, cancellationToken),
                };
            },
            cancellationToken);

    public Task SaveAsync(IReadOnlyList<Person> people, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                await SavePeopleAsync(session, people, cancellationToken);
            },
            cancellationToken);

    public Task<bool> ApplyAsync(OrganisationChange change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                var before = await session.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken) - 1;
                if (change.ExpectedStamp is { } expected && expected != before)
                    return false;
                await SavePeopleAsync(session, change.People, cancellationToken);
                await SignOutAsync(session, [.. change.People.Where(p => !p.IsActive).Select(p => p.UserName)], change.Audit.At, cancellationToken);
                await session.ExecuteManyAsync("save_department", change.Departments.Select(OrganisationRows.Args), cancellationToken);
                await session.ExecuteAsync("delete_departments", new() { ["ids"] = change.DepartmentsRemoved.ToArray() }, cancellationToken);
                await session.ExecuteManyAsync("save_post", change.Posts.Select(OrganisationRows.Args), cancellationToken);
                await session.ExecuteAsync("delete_posts", new() { ["ids"] = change.PostsRemoved.ToArray() }, cancellationToken);
                await SaveGroupsAsync(session, change, cancellationToken);
                await session.ExecuteManyAsync("save_contact", change.Contacts.Select(OrganisationRows.Args), cancellationToken);
                await session.ExecuteAsync("delete_contacts", new() { ["ids"] = change.ContactsRemoved.ToArray() }, cancellationToken);
                await session.ExecuteManyAsync("add_delegation", change.DelegationsAdded.Select(OrganisationRows.Args), cancellationToken);
                await session.ExecuteManyAsync("end_delegation", change.DelegationsEnded.Select(id => new SqlArgs { ["id"] = id, ["at"] = change.Audit.At }), cancellationToken);
                await session.ExecuteAsync("add_audit", OrganisationRows.Args(change.Audit), cancellationToken);
                return true;
            },
            cancellationToken);

    public Task<long> ReadStampAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken);

    public async Task<IReadOnlyList<Delegation>> ListDelegationsAsync(string userName, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_delegations_of", new() { ["user_name"] = userName }, OrganisationRows.ReadDelegation, cancellationToken);

    public async Task<IReadOnlyList<OrganisationAudit>> ListAuditAsync(string? subject, string? before, int limit, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["limit"] = limit };
        if (subject is not null)
            args["subject"] = subject;
        if (before is not null)
            args["before"] = before;
        return await database.QueryAsync("list_audit", args, OrganisationRows.ReadAudit, cancellationToken);
    }

    public Task<string?> FindPasswordHashAsync(string userName, CancellationToken cancellationToken) =>
        database.FirstAsync("find_password_hash", new() { ["user_name"] = userName }, row => row.TextOrNull(0), cancellationToken);

    public async Task SetPasswordHashAsync(string userName, string hash, CancellationToken cancellationToken)
    {
        if (await database.ExecuteAsync("set_password_hash", new() { ["user_name"] = userName, ["hash"] = hash }, cancellationToken) == 0)
            throw new InvalidOperationException($"There is no person '{userName}'.");
    }

    public Task AddTokenAsync(string tokenHash, string userName, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete_oldest_tokens", new() { ["user_name"] = userName, ["keep"] = TokensPerPerson - 1 }, cancellationToken);
                await session.ExecuteAsync("add_token", new() { ["token_hash"] = tokenHash, ["user_name"] = userName, ["expires_at"] = expiresAt }, cancellationToken);
            },
            cancellationToken);

    public async Task<Person?> FindByTokenAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.LookUps.FindAsync(ByToken, tokenHash, cancellationToken) is { } found && found.ExpiresAt > now ? found.Person : null;

    /// <summary>A person with roles and groups in two texts, as sign-in reads them.</summary>
    internal static Person ReadSignedIn(DbDataReader row) =>
        OrganisationRows.ReadPerson(row, Words(row.TextOrNull(10))) with { Groups = Words(row.TextOrNull(11)) };

    private static string[] Words(string? text) => text?.Split(' ').Order(StringComparer.Ordinal).ToArray() ?? [];

    private static async Task<List<Person>> ReadPeopleAsync(Session session, CancellationToken cancellationToken)
    {
        var people = await session.QueryAsync("list_people", SqlArgs.None, row => OrganisationRows.ReadPerson(row, []), cancellationToken);
        var roles = await session.QueryAsync("list_person_roles", SqlArgs.None, row => (User: row.GetString(0), Role: row.GetString(1)), cancellationToken);
        var byPerson = roles.ToLookup(r => r.User, r => r.Role, StringComparer.Ordinal);
        return people.ConvertAll(p => p with { Roles = [.. byPerson[p.UserName]] });
    }

    private static async Task SavePeopleAsync(Session session, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        if (people.Count == 0)
            return;
        await session.ExecuteManyAsync("save_person", people.Select(OrganisationRows.Args), cancellationToken);
        await session.ExecuteAsync("delete_roles", new() { ["user_names"] = people.Select(p => p.UserName).ToArray() }, cancellationToken);
        var roles = people.SelectMany(p => p.Roles.Distinct().Select(role => new SqlArgs { ["user_name"] = p.UserName, ["role"] = OrganisationRows.Key(role) }));
        await session.ExecuteManyAsync("add_role", roles, cancellationToken);
    }

    /// <summary>Whoever left must not be signed in again by becoming active again.</summary>
    private static async Task SignOutAsync(Session session, string[] people, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (people.Length == 0)
            return;
        await session.ExecuteAsync("end_sessions_of_people", new() { ["user_names"] = people }, cancellationToken);
        await session.ExecuteAsync("end_tokens_of_people", new() { ["user_names"] = people }, cancellationToken);
        await session.ExecuteAsync("revoke_keys_of_people", new() { ["user_names"] = people, ["at"] = at }, cancellationToken);
    }

    private static async Task SaveGroupsAsync(Session session, OrganisationChange change, CancellationToken cancellationToken)
    {
        await session.ExecuteManyAsync("save_group", change.Groups.Select(g => new SqlArgs { ["id"] = OrganisationRows.Key(g.Id), ["name"] = g.Name }), cancellationToken);
        await session.ExecuteAsync("delete_group_members", new() { ["ids"] = change.Groups.Select(g => g.Id).ToArray() }, cancellationToken);
        await session.ExecuteManyAsync("add_group_member", change.Groups.SelectMany(g => g.Members.Distinct().Select(m => new SqlArgs { ["id"] = g.Id, ["user_name"] = m })), cancellationToken);
        await session.ExecuteAsync("delete_groups", new() { ["ids"] = change.GroupsRemoved.ToArray() }, cancellationToken);
    }

    private sealed record TokenRow(Person Person, DateTimeOffset ExpiresAt);
}
