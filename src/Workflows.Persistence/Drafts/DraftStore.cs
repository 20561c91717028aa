using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Drafts;

internal sealed class DraftStore(Database database, IUserTaskStore tasks) : IDraftStore
{
    public async Task<bool> SaveAsync(StartDraft draft, int most, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "save_start_draft",
        new()
        {
            ["id"] = draft.Id,
            ["user_name"] = draft.UserName,
            ["definition_id"] = draft.DefinitionId,
            ["form"] = draft.Form.ToJsonString(),
            ["saved_at"] = draft.SavedAt,
            ["most"] = most,
        },
        cancellationToken) > 0;

    public Task<StartDraft?> FindAsync(string id, string userName, CancellationToken cancellationToken) =>
        database.FirstAsync("find_start_draft", new() { ["id"] = id, ["user_name"] = userName }, ReadDraft, cancellationToken);

    public async Task<IReadOnlyList<StartDraft>> ListAsync(string userName, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_start_drafts", new() { ["user_name"] = userName }, ReadDraft, cancellationToken);

    public async Task<IReadOnlyList<BegunTask>> ListTasksAsync(string userName, CancellationToken cancellationToken)
    {
        var found = new List<BegunTask>();
        foreach (var (id, savedAt) in await database.QueryAsync("list_task_drafts", new() { ["user_name"] = userName }, row => (row.GetString(0), row.Instant(1)), cancellationToken))
        {
            if (await tasks.FindAsync(id, cancellationToken) is { } task)
                found.Add(new BegunTask(task, savedAt));
        }

        return found;
    }

    public Task DeleteAsync(string id, string userName, CancellationToken cancellationToken) =>
        database.ExecuteAsync("delete_start_draft", new() { ["id"] = id, ["user_name"] = userName }, cancellationToken);

    public Task AddFileAsync(DraftFile file, CancellationToken cancellationToken) => database.ExecuteAsync(
        "add_start_draft_file",
        new()
        {
            ["id"] = file.Id,
            ["draft_id"] = file.DraftId,
            ["name"] = file.Name,
            ["content_type"] = file.ContentType,
            ["size"] = file.Size,
            ["hash"] = file.Hash,
            ["added_at"] = file.AddedAt,
        },
        cancellationToken);

    public Task RemoveFileAsync(string id, string draftId, string userName, CancellationToken cancellationToken) =>
        database.ExecuteAsync("remove_start_draft_file", new() { ["id"] = id, ["draft_id"] = draftId, ["user_name"] = userName }, cancellationToken);

    public async Task<IReadOnlyList<DraftFile>> ListFilesAsync(string draftId, string userName, CancellationToken cancellationToken) => await database.QueryAsync(
        "list_start_draft_files",
        new() { ["draft_id"] = draftId, ["user_name"] = userName },
        row => new DraftFile(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.Instant(6)),
        cancellationToken);

    public Task HandInAsync(string id, string userName, string instanceId, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("attach_start_draft_files", new() { ["draft_id"] = id, ["user_name"] = userName, ["instance_id"] = instanceId }, cancellationToken);
            await session.ExecuteAsync("delete_start_draft", new() { ["id"] = id, ["user_name"] = userName }, cancellationToken);
        },
        cancellationToken);

    private static StartDraft ReadDraft(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.Json(3) as JsonObject ?? [], row.Instant(4));
}
