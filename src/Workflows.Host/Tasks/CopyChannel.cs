using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;

namespace Workflows.Host.Tasks;

/// <summary>Puts copies (抄送, mentions) into the inboxes of the people named; asked for by <c>inbox.cc</c> {people, by, task?, reason, note?}.</summary>
internal sealed class CopyChannel(ICaseFileStore files) : IEffectChannel
{
    public bool Accepts(string kind) => kind == "inbox.cc";

    /// <summary>A copy's id comes from the effect's key, so a repeat sends nothing twice.</summary>
    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        await files.AddCopiesAsync(
            [.. (payload["people"] as JsonArray ?? []).Select(p => new CopyItem(
                $"{effect.Key}-{p}", effect.InstanceId, (string?)payload["task"], (string)p!, (string?)payload["by"] ?? "", effect.CreatedAt, (string?)payload["reason"] ?? "cc", (string?)payload["note"]))],
            cancellationToken);
        return new EffectOutcome.Done(null);
    }
}
