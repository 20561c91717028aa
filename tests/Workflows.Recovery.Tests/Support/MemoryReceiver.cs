using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;
using Workflows.Recovery.Node;

namespace Workflows.Recovery.Tests.Support;

/// <summary>The fake outside world of nodes inside the test process: remembers what it accepted, and how often it was asked.</summary>
internal sealed class MemoryReceiver : IEffectChannel
{
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    /// <summary>Times each key was asked for.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    public bool Accepts(string kind) => kind is Receiver.Keyed or Receiver.Unkeyed;

    public bool IsKeyed(string kind) => kind == Receiver.Keyed;

    public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var key = (string?)(effect.Payload as JsonObject)?["undo"] ?? effect.Key;
        _asked.AddOrUpdate(key, 1, (_, times) => times + 1);
        return Task.FromResult<EffectOutcome>(new EffectOutcome.Done(JsonValue.Create(key)));
    }
}
