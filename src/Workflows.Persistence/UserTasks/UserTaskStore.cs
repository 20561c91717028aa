using System.Data.Common;
using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.UserTasks;

internal sealed class UserTaskStore(Database database) : IUserTaskStore
{
    private static readonly LookUp<StoredUserTask> ById = new(
        "find_user_tasks",
        row =>
        {
            var found = Read(row);
            return (found.Task.Id, found);
        });

    public Task<StoredUserTask?> FindAsync(string id, CancellationToken cancellationToken) => database.LookUps.FindAsync(ById, id, cancellationToken);

    public async Task<IReadOnlyList<StoredUserTask>> ListOfInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_user_tasks_of_instance", new() { ["instance_id"] = instanceId }, Read, cancellationToken);

    private static StoredUserTask Read(DbDataReader row) =>
        new(JsonSerializer.Deserialize(row.GetString(0), StoredJson.Default.UserTask)!, row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4));
}
