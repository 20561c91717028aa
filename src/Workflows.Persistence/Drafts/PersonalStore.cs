using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Drafts;

internal sealed class PersonalStore(Database database) : IPersonalStore
{
    public Task<JsonNode?> FindAsync(string userName, string name, CancellationToken cancellationToken) =>
        database.FirstAsync("find_personal_setting", new() { ["user_name"] = userName, ["name"] = name }, row => row.Json(0), cancellationToken);

    public Task SaveAsync(string userName, string name, JsonNode value, CancellationToken cancellationToken) =>
        database.ExecuteAsync("save_personal_setting", new() { ["user_name"] = userName, ["name"] = name, ["value"] = value.ToJsonString() }, cancellationToken);
}
