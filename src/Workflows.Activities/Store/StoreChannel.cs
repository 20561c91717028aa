using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Carries "store.*" effects to the shop. The shop recognises a repeat by its key, so a lost answer is simply asked for again.
/// </summary>
/// <remarks>
/// An undo arrives wrapped as {undo, label, input}. Its later tries have effect keys of their own, but "undo" stays the same:
/// that is the key the shop is given, so that one undo happens once.
/// </remarks>
public sealed class StoreChannel(IStorePlatform platform) : IEffectChannel
{
    public bool Accepts(string kind) => kind.StartsWith("store.", StringComparison.Ordinal);

    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var (key, payload) = effect.Payload is JsonObject wrapped && wrapped["undo"] is { } undo
            ? ((string)undo!, wrapped["input"])
            : (effect.Key, effect.Payload);
        try
        {
            if (StoreOperation.Read(effect.Kind, payload) is not { } operation)
                return new EffectOutcome.Refused($"店铺没有“{effect.Kind}”这种操作 (unknown shop operation)");
            return await platform.PerformAsync(key, operation, cancellationToken) switch
            {
                StoreOutcome.Done done => new EffectOutcome.Done(done.Result),
                StoreOutcome.Refused refused => new EffectOutcome.Refused(refused.Reason),
                var other => throw new InvalidOperationException($"Unknown outcome {other}."),
            };
        }
        catch (JsonException e)
        {
            return new EffectOutcome.Refused($"操作参数不完整：{e.Message} (payload does not fit)");
        }
        // The shop is out of reach, or its commit may have been lost. Both are mended by asking again with the same key.
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            return new EffectOutcome.Transient($"店铺数据暂时不可用：{e.Message}");
        }
    }
}
