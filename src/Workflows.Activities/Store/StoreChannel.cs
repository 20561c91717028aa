using System.Data.Common;
using Workflows.Activities.Store.Connector;
using Workflows.Engine.Outbox;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Carries "store.*" effects to the shop. The shop recognises a repeat by its key, so a lost answer is simply asked for again.</summary>
public sealed class StoreChannel(IStorePlatform platform) : IEffectChannel
{
    public bool Accepts(string kind) => StoreEffects.Are(kind);

    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreEffects.PerformAsync(effect, (key, operation) => platform.PerformAsync(key, operation, cancellationToken));
        }
        // Asking again with the same key mends it; when it cannot be mended, nobody may take it for not done.
        catch (StoreDoubtException e)
        {
            return new EffectOutcome.Ambiguous(e.Message);
        }
        catch (StoreUnreachableException e)
        {
            return new EffectOutcome.Transient(e.Message, e.RetryAfter);
        }
        // The shop is out of reach, or its commit may have been lost. Both are mended by asking again with the same key.
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            return new EffectOutcome.Transient($"店铺数据暂时不可用：{e.Message}");
        }
    }
}
