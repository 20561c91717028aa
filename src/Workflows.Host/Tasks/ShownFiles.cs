using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Host.Tasks;

/// <summary>
/// Binds a decision to the files that lay with the case too. The hash that a task's own page or detail gives is that of the task, a dot, and that of the
/// files others added: what somebody adds themselves while deciding is no news to them. A hash without a dot, as lists give it, says nothing about files.
/// </summary>
internal sealed class ShownFiles(ICaseFileStore files)
{
    private const string NoFiles = "0";

    public async Task<string> HashAsync(StoredUserTask stored, string user, CancellationToken cancellationToken) =>
        $"{TaskContent.HashOf(stored.Task)}.{Digest(await OfOthersAsync(stored, user, cancellationToken))}";

    /// <summary>The task's part of a hash that was sent, and why the files are no longer those that were seen; null when they are.</summary>
    public async Task<(string? Hash, TaskVerdict.ContentChanged? Changed)> CheckAsync(string? sent, StoredUserTask stored, string act, string user, CancellationToken cancellationToken)
    {
        if (sent?.IndexOf('.', StringComparison.Ordinal) is not (>= 0 and var dot))
            return (sent, null);
        // Only a decision is bound; and a repeat of one that closed the task is answered by its key.
        if (stored.Task.ClosedAt is not null || !stored.Task.Actions.Contains(act))
            return (sent[..dot], null);
        var others = await OfOthersAsync(stored, user, cancellationToken);
        if (Digest(others) == sent[(dot + 1)..])
            return (sent[..dot], null);
        var names = new JsonArray([.. others.Select(a => (JsonNode)a.Name)]);
        return (sent[..dot], new TaskVerdict.ContentChanged(stored.Task) { Changes = [new ShownChange("附件", null, names)] });
    }

    private async Task<List<Attachment>> OfOthersAsync(StoredUserTask stored, string user, CancellationToken cancellationToken) =>
        [.. (await files.ListAttachmentsAsync(stored.InstanceId, cancellationToken)).Where(a => a.AddedBy != user)];

    private static string Digest(List<Attachment> shown) => shown.Count == 0
        ? NoFiles
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', shown.Select(a => $"{a.Id} {a.Hash} {a.Name}")))).AsSpan(0, 16));
}
