namespace Workflows.Activities.Store.Connector;

/// <summary>A connected shop gave no answer that can be used.</summary>
public abstract class StoreAwayException(string message) : IOException(message);

/// <summary>The shop certainly did not take the request: it could not be reached, turned it away, or asked to come later.</summary>
/// <param name="retryAfter">When the shop said so.</param>
public sealed class StoreUnreachableException(string message, TimeSpan? retryAfter = null) : StoreAwayException(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The shop may have done what it was asked: its answer was lost, came too late, or cannot be read.</summary>
public sealed class StoreDoubtException(string message) : StoreAwayException(message);
