using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

internal sealed class CheckStore(Database database) : ICheckStore
{
    public Task<bool> AddAsync(OrganisationCheck check, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var added = await session.ExecuteAsync(
                "add_organisation_check",
                new()
                {
                    ["id"] = check.Id,
                    ["at"] = check.At,
                    ["by_user"] = check.By,
                    ["definitions"] = check.Definitions,
                    ["findings"] = CompactJson.Text(check.Findings, StoredJson.Default.IReadOnlyListStepWithoutPerson),
                },
                cancellationToken);
            await session.ExecuteAsync("trim_organisation_checks", SqlArgs.None, cancellationToken);
            return added > 0;
        },
        cancellationToken);

    public Task<OrganisationCheck?> FindLastAsync(CancellationToken cancellationToken) => database.FirstAsync(
        "find_last_organisation_check",
        SqlArgs.None,
        row => new OrganisationCheck(row.GetString(0), row.Instant(1), row.TextOrNull(2), row.GetInt32(3), JsonSerializer.Deserialize(row.GetString(4), StoredJson.Default.ListStepWithoutPerson)!),
        cancellationToken);
}
