namespace Workflows.Engine.Store;

/// <summary>Lets operations be tried out on the real shop: each sees what those before it did, and afterwards nothing of it has happened.</summary>
public interface IStoreTrials
{
    /// <summary>
    /// Hands <paramref name="work"/> a way to perform operations, and takes all of them back when it returns or throws. It should be short: where the
    /// database has one writer, everybody else's commits wait for it.
    /// </summary>
    Task<T> TryOutAsync<T>(Func<Func<StoreOperation, Task<StoreOutcome>>, Task<T>> work, CancellationToken cancellationToken);
}
