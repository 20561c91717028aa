using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

internal sealed class ImportUploads(Database database, TimeProvider clock) : IImportUploads
{
    public Task AddAsync(ImportUpload upload, byte[] content, CancellationToken cancellationToken)
    {
        var row = new SqlArgs
        {
            ["id"] = upload.Id,
            ["kind"] = upload.Kind,
            ["file_name"] = upload.FileName,
            ["by"] = upload.UploadedBy,
            ["at"] = upload.UploadedAt,
            ["columns"] = Text(upload.Columns),
            ["lines"] = upload.Lines,
            ["content"] = content,
        };
        return database.ExecuteAsync("upload_add", row, cancellationToken);
    }

    public Task<ImportUpload?> FindAsync(string id, string uploadedBy, CancellationToken cancellationToken) =>
        database.FirstAsync("upload_find", new() { ["id"] = id, ["by"] = uploadedBy }, Read, cancellationToken);

    public async Task<IReadOnlyList<ImportUpload>> ListAsync(string uploadedBy, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("upload_list", new() { ["by"] = uploadedBy, ["limit"] = limit }, Read, cancellationToken);

    public Task<byte[]?> ReadContentAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("upload_content", new() { ["id"] = id }, row => row.IsDBNull(0) ? null : row.GetFieldValue<byte[]>(0), cancellationToken);

    public async Task<bool> ChooseAsync(string id, IReadOnlyDictionary<string, int> columns, bool queue, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "upload_choose", new() { ["id"] = id, ["columns"] = Text(columns), ["state"] = queue ? UploadState.Queued : UploadState.Open, ["at"] = clock.GetUtcNow() }, cancellationToken) == 1;

    public Task DiscardAsync(string id, string uploadedBy, CancellationToken cancellationToken) =>
        database.ExecuteAsync("upload_discard", new() { ["id"] = id, ["by"] = uploadedBy }, cancellationToken);

    public async Task<ImportUpload?> TakeAsync(DateTimeOffset staleBefore, CancellationToken cancellationToken) =>
        (await database.ChangeAsync("upload_take", new() { ["stale"] = staleBefore, ["at"] = clock.GetUtcNow() }, Read, cancellationToken)).FirstOrDefault();

    public Task PutBackAsync(string id, bool queue, CancellationToken cancellationToken) => database.ExecuteAsync(
        "upload_put_back", new() { ["id"] = id, ["state"] = queue ? UploadState.Queued : UploadState.Open, ["at"] = clock.GetUtcNow() }, cancellationToken);

    public Task NoteProgressAsync(string id, ImportProgress progress, CancellationToken cancellationToken) => database.ExecuteAsync(
        "upload_progress", new() { ["id"] = id, ["rows"] = progress.Rows, ["saved"] = progress.Saved, ["rejected"] = progress.Rejected, ["at"] = clock.GetUtcNow() }, cancellationToken);

    public Task FinishAsync(string id, ImportOutcome outcome, string? rejectedRows, CancellationToken cancellationToken)
    {
        var report = (outcome as ImportOutcome.Finished)?.Report;
        var row = new SqlArgs
        {
            ["id"] = id,
            ["state"] = report is null ? UploadState.Refused : UploadState.Done,
            ["rows"] = report?.Rows ?? 0,
            ["saved"] = report?.Saved ?? 0,
            ["known"] = report?.Known ?? 0,
            ["rejected"] = report?.Rejected ?? 0,
            ["reason"] = (outcome as ImportOutcome.Refused)?.Reason,
            ["rejected_rows"] = rejectedRows,
            ["at"] = clock.GetUtcNow(),
        };
        return database.ExecuteAsync("upload_finish", row, cancellationToken);
    }

    public Task<string?> ReadRejectedAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("upload_rejected", new() { ["id"] = id }, row => row.TextOrNull(0), cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> RecallAsync(string kind, CancellationToken cancellationToken) =>
        (await database.FirstAsync("mapping_find", new() { ["kind"] = kind }, row => row.Json(0) as JsonObject, cancellationToken))?.ToDictionary(m => m.Key, m => (string)m.Value!) ?? [];

    public Task RememberAsync(string kind, IReadOnlyDictionary<string, string> headings, CancellationToken cancellationToken) => database.ExecuteAsync(
        "mapping_save",
        new() { ["kind"] = kind, ["headings"] = JsonText.Write(new JsonObject(headings.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value)))), ["at"] = clock.GetUtcNow() },
        cancellationToken);

    private static string? Text(IReadOnlyDictionary<string, int> columns) => JsonText.Write(new JsonObject(columns.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))));

    private static ImportUpload Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4), (UploadState)row.GetInt64(5),
        ((JsonObject)row.Json(6)!).ToDictionary(c => c.Key, c => (int)c.Value!), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.TextOrNull(12), row.Instant(13), (int)row.GetInt64(14));
}
