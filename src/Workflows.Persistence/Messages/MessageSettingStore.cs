using System.Data.Common;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Messages;

internal sealed class MessageSettingStore(Database database) : IMessageSettingStore
{
    private static readonly LookUp<object> Stamp = new("read_message_stamp", row => ("", row.GetInt64(0)));

    public async Task<long> ReadStampAsync(CancellationToken cancellationToken) => (long)(await database.LookUps.FindAsync(Stamp, "", cancellationToken))!;

    public async Task<IReadOnlyList<StoredTemplate>> ListTemplatesAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("list_templates", SqlArgs.None, ReadTemplate, cancellationToken);

    public async Task<IReadOnlyList<StoredTemplate>> ListVersionsAsync(string @event, string channel, string language, CancellationToken cancellationToken) =>
        await database.QueryAsync("list_template_versions", new() { ["event"] = @event, ["channel"] = channel, ["language"] = language }, ReadTemplate, cancellationToken);

    public Task<bool> SaveTemplateAsync(StoredTemplate template, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var row = new SqlArgs
            {
                ["event"] = template.Event,
                ["channel"] = template.Channel,
                ["language"] = template.Language,
                ["version"] = template.Version,
                ["document"] = JsonText.Write(template.Document),
                ["changed_by"] = template.ChangedBy,
                ["changed_at"] = template.ChangedAt,
            };
            if (await session.ExecuteAsync("add_template", row, cancellationToken) == 0)
                return false;
            await session.ExecuteAsync("bump_message_stamp", SqlArgs.None, cancellationToken);
            return true;
        },
        cancellationToken);

    public async Task<IReadOnlyDictionary<string, JsonObject>> ListPreferencesAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync("list_preferences", SqlArgs.None, row => (row.GetString(0), row.Json(1) as JsonObject ?? []), cancellationToken)).ToDictionary(r => r.Item1, r => r.Item2);

    public Task SavePreferenceAsync(string userName, JsonObject preference, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("save_preference", new() { ["user_name"] = userName, ["document"] = JsonText.Write(preference) }, cancellationToken);
            await session.ExecuteAsync("bump_message_stamp", SqlArgs.None, cancellationToken);
        },
        cancellationToken);

    private static StoredTemplate ReadTemplate(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.Json(4) as JsonObject, row.GetString(5), row.Instant(6));
}
