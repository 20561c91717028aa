using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.UserTasks;

internal sealed class OpenTaskStore(Database database) : IOpenTaskStore
{
    public Task<IReadOnlyList<StoredUserTask>> ListOfPersonAsync(string userName, int limit, CancellationToken cancellationToken) =>
        ListOfIdentitiesAsync([userName], limit, cancellationToken);

    public async Task<IReadOnlyList<string>> ListIdentitiesAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("list_open_identities", SqlArgs.None, row => row.GetString(0), cancellationToken);

    public async Task<IReadOnlyList<StoredUserTask>> ListOfIdentitiesAsync(IReadOnlyList<string> identities, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_open_of_identities", new() { ["identities"] = identities.ToArray(), ["limit"] = limit }, Read, cancellationToken);

    private static StoredUserTask Read(DbDataReader row) =>
        new(JsonSerializer.Deserialize(row.GetString(0), StoredJson.Default.UserTask)!, row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4));
}
