using Workflows.Engine.Outbox;

namespace Workflows.Host.Channels;

/// <summary>
/// Takes messages while no gateway is configured: they count as done and stay readable for operators in the list of effects.
/// </summary>
internal sealed class CaptureChannel : IEffectChannel
{
    public bool Accepts(string kind) =>
        kind is "mail" or "sms" or "notify" || kind.StartsWith("notify.", StringComparison.Ordinal) || kind.StartsWith("mail.", StringComparison.Ordinal) || kind.StartsWith("sms.", StringComparison.Ordinal);

    /// <summary>The effect's row is the capture, so a repeat captures nothing twice.</summary>
    public bool IsKeyed(string kind) => true;

    public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken) =>
        Task.FromResult<EffectOutcome>(new EffectOutcome.Done(null));
}
