using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;

namespace Workflows.Engine.Store;

/// <summary>Effects "store.*" as operations of the shop, whoever performs them.</summary>
/// <remarks>
/// An undo arrives wrapped as {undo, label, input}. Its later tries have effect keys of their own, but "undo" stays the same:
/// that is the key the shop is given, so that one undo happens once.
/// </remarks>
public static class StoreEffects
{
    public static bool Are(string kind) => kind.StartsWith("store.", StringComparison.Ordinal);

    /// <summary>Performs the operation an effect asks for, under its key; what the shop does not know, or what does not fit, is refused.</summary>
    public static async Task<EffectOutcome> PerformAsync(Effect effect, Func<string, StoreOperation, Task<StoreOutcome>> perform)
    {
        var (key, payload) = effect.Payload is JsonObject wrapped && wrapped["undo"] is { } undo
            ? ((string)undo!, wrapped["input"])
            : (effect.Key, effect.Payload);
        try
        {
            if (StoreOperation.Read(effect.Kind, payload) is not { } operation)
                return new EffectOutcome.Refused($"店铺没有“{effect.Kind}”这种操作 (unknown shop operation)");
            return await perform(key, operation) switch
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
    }
}
