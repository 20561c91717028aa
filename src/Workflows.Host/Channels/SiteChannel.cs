using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Channels;

/// <summary>Delivers messages inside the product (站内信): they stand on the person's page from then on.</summary>
internal sealed class SiteChannel(INoticeStore notices, EngineClock clock) : IEffectChannel
{
    public const string Kind = "notify.site";

    public bool Accepts(string kind) => kind == Kind;

    /// <summary>The effect's key is the message's id, so a repeat adds nothing.</summary>
    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        if (effect.Payload is not JsonObject message || (string?)message["user"] is not { Length: > 0 } user)
            return new EffectOutcome.Refused("no recipient");
        await notices.AddAsync(
            new Notice(effect.Key, user, (string?)message["subject"] ?? "", (string?)message["body"] ?? "", (string?)message["taskId"], effect.InstanceId, clock.GetUtcNow()),
            cancellationToken);
        return new EffectOutcome.Done(null);
    }
}
