using System.Text;
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

    /// <summary>A text no database stores is left to <see cref="PerformAsync"/>, where it fails this message and not the instance.</summary>
    public Notice? RowOf(Effect effect) =>
        NoticeOf(effect) is { } notice && new[] { notice.UserName, notice.Subject, notice.Body, notice.TaskId ?? "" }.All(IsPlain) ? notice : null;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        if (NoticeOf(effect) is not { } notice)
            return new EffectOutcome.Refused("no recipient");
        await notices.AddAsync(notice, cancellationToken);
        return new EffectOutcome.Done(null);
    }

    private Notice? NoticeOf(Effect effect) => effect.Payload is JsonObject message && TextOf(message, "user") is { Length: > 0 } user
        ? new Notice(effect.Key, user, TextOf(message, "subject") ?? "", TextOf(message, "body") ?? "", TextOf(message, "taskId"), effect.InstanceId, clock.GetUtcNow())
        : null;

    private static string? TextOf(JsonObject message, string name) => message[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Neither NUL nor half a character (which is read as the replacement character).</summary>
    private static bool IsPlain(string text) => text.EnumerateRunes().All(r => r.Value != 0 && r != Rune.ReplacementChar);
}
