using System.Data.Common;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

internal sealed class OrganisationStore(Database database) : IOrganisationStore
{
    private const int TokensPerPerson = 50;

    private static readonly SqlArgs Stamp = new() { ["name"] = "organisation_stamp" };

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            async session =>
            {
                var people = await session.QueryAsync("list_people", SqlArgs.None, row => Read(row, []), cancellationToken);
                var roles = await session.QueryAsync("list_person_roles", SqlArgs.None, row => (User: row.GetString(0), Role: row.GetString(1)), cancellationToken);
                var byPerson = roles.ToLookup(r => r.User, r => r.Role, StringComparer.Ordinal);
                return people.ConvertAll(p => p with { Roles = [.. byPerson[p.UserName]] });
            },
            cancellationToken);

    public Task SaveAsync(IReadOnlyList<Person> people, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                await session.ExecuteManyAsync("save_person", people.Select(Args), cancellationToken);
                await session.ExecuteAsync("delete_roles", new() { ["user_names"] = people.Select(p => p.UserName).ToArray() }, cancellationToken);
                var roles = people.SelectMany(p => p.Roles.Distinct().Select(role => new SqlArgs { ["user_name"] = p.UserName, ["role"] = Key(role) }));
                await session.ExecuteManyAsync("add_role", roles, cancellationToken);
            },
            cancellationToken);

    public Task<long> ReadStampAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken);

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

    public Task<Person?> FindByTokenAsync(string tokenHash, DateTimeOffset? now, CancellationToken cancellationToken) =>
        database.FirstAsync(
            "find_person_by_token",
            new() { ["token_hash"] = tokenHash, ["now"] = now },
            ReadSignedIn,
            cancellationToken);

    /// <summary>A person with the roles in one text, as sign-in reads them.</summary>
    internal static Person ReadSignedIn(DbDataReader row) =>
        Read(row, row.TextOrNull(6)?.Split(' ').Order(StringComparer.Ordinal).ToArray() ?? []);

    /// <summary>A role key as it may be stored: one word, because the sign-in reads a person's roles as words of one text.</summary>
    private static string Key(string role) =>
        role.Length > 0 && !role.Any(char.IsWhiteSpace) ? role : throw new ArgumentException($"\"{role}\" is not a role key: one word without spaces.");

    private static SqlArgs Args(Person person) => new()
    {
        ["user_name"] = person.UserName,
        ["display_name"] = person.DisplayName,
        ["manager"] = person.Manager,
        ["email"] = person.Email,
        ["mobile"] = person.Mobile,
        ["is_active"] = person.IsActive,
    };

    private static Person Read(DbDataReader row, IReadOnlyList<string> roles) =>
        new(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), roles, row.GetBoolean(5));
}
