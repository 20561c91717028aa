using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

internal sealed class AccessStore(Database database) : IAccessStore
{
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private static readonly LookUp<RightsStamp> Rights = new("read_rights_stamps", row => ("", new RightsStamp(row.GetInt64(0), row.GetInt64(1))));
    private static readonly SqlArgs Stamp = new() { ["name"] = "organisation_stamp" };

    public async Task<IReadOnlyList<ProcessGrant>> ListGrantsAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "list_process_rights",
            SqlArgs.None,
            row => new ProcessGrant(row.GetString(0), Enum.Parse<ProcessRight>(row.GetString(1)), JsonSerializer.Deserialize(row.GetString(2), StoredJson.Default.StringArray)!),
            cancellationToken);

    public Task SaveGrantsAsync(string definitionId, IReadOnlyDictionary<ProcessRight, IReadOnlyList<string>?> rights, OrganisationAudit audit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                foreach (var (right, identities) in rights)
                {
                    var args = new SqlArgs { ["definition_id"] = definitionId, ["name"] = right.ToString() };
                    if (identities is not null)
                        args["identities"] = CompactJson.Text([.. identities], StoredJson.Default.StringArray);
                    await session.ExecuteAsync(identities is null ? "delete_process_right" : "save_process_right", args, cancellationToken);
                }

                await session.ExecuteAsync("add_audit", OrganisationRows.Args(audit), cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> ListRulingVersionsAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync("list_ruling_versions", SqlArgs.None, row => (Definition: row.GetString(0), Version: row.GetString(1)), cancellationToken))
            .DistinctBy(v => v.Definition).ToDictionary(v => v.Definition, v => v.Version);

    public async Task<RightsStamp> ReadStampAsync(CancellationToken cancellationToken) =>
        (await database.LookUps.FindAsync(Rights, "", cancellationToken))!;

    public async Task<(Person Person, IReadOnlyList<string> Scopes)?> FindByKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            "find_person_by_key",
            new() { ["key_hash"] = keyHash, ["now"] = now },
            row => (OrganisationStore.ReadSignedIn(row), (IReadOnlyList<string>)row.GetString(12).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            cancellationToken);
        if (found.Count == 0)
            return null;
        await database.ExecuteAsync("touch_api_key", new() { ["key_hash"] = keyHash, ["now"] = now, ["every"] = TouchEvery }, cancellationToken);
        return found[0];
    }

    public Task AddKeyAsync(ApiKey key, string keyHash, OrganisationAudit audit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "add_api_key",
                    new()
                    {
                        ["id"] = key.Id,
                        ["key_hash"] = keyHash,
                        ["name"] = key.Name,
                        ["user_name"] = key.UserName,
                        ["scopes"] = string.Join(' ', key.Scopes),
                        ["created_by"] = key.CreatedBy,
                        ["created_at"] = key.CreatedAt,
                        ["expires_at"] = key.ExpiresAt,
                    },
                    cancellationToken);
                await session.ExecuteAsync("add_audit", OrganisationRows.Args(audit), cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("list_api_keys", SqlArgs.None, ReadKey, cancellationToken);

    public async Task<IReadOnlyList<ApiKey>> ListKeysOfAsync(string userName, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_api_keys_of_person", new() { ["user_name"] = userName, ["now"] = now }, ReadKey, cancellationToken);

    public Task<bool> RevokeKeyAsync(string id, OrganisationAudit audit, CancellationToken cancellationToken) =>
        RevokeAsync("revoke_api_key", new() { ["id"] = id, ["now"] = audit.At }, audit, cancellationToken);

    public Task<bool> RevokeOwnKeyAsync(string id, string userName, OrganisationAudit audit, CancellationToken cancellationToken) =>
        RevokeAsync("revoke_own_api_key", new() { ["id"] = id, ["user_name"] = userName, ["now"] = audit.At }, audit, cancellationToken);

    private Task<bool> RevokeAsync(string statement, SqlArgs args, OrganisationAudit audit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync(statement, args, cancellationToken) == 0)
                    return false;
                await session.ExecuteAsync("add_audit", OrganisationRows.Args(audit), cancellationToken);
                return true;
            },
            cancellationToken);

    private static ApiKey ReadKey(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(4), row.Instant(5), row.Instant(6), row.InstantOrNull(7), row.InstantOrNull(8));
}
