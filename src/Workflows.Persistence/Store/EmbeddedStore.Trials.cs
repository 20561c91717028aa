using Workflows.Engine.Store;

namespace Workflows.Persistence.Store;

/// <summary>Operations that leave nothing behind, because their transaction is never committed.</summary>
public sealed partial class EmbeddedStore : IStoreTrials
{
    public Task<T> TryOutAsync<T>(Func<Func<StoreOperation, Task<StoreOutcome>>, Task<T>> work, CancellationToken cancellationToken) => database.TryOutAsync(
        session =>
        {
            var number = 0;
            return work(operation => RunAsync(session, $"trial-{++number}", operation, cancellationToken));
        },
        cancellationToken);
}
