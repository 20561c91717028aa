namespace Workflows.Testing;

/// <summary>What a test waits for when another loop or process brings it about: a condition with a limit, never a length of time.</summary>
public static class Condition
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Looks until there is something to see; fails with <paramref name="otherwise"/> when the limit, a minute unless told, is over first.</summary>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> look, string otherwise, CancellationToken cancellationToken, TimeSpan? limit = null)
        where T : class
    {
        using var looks = new PeriodicTimer(Between, TimeProvider.System);
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < (limit ?? Limit); await looks.WaitForNextTickAsync(cancellationToken))
        {
            if (await look() is { } found)
                return found;
        }

        throw new TimeoutException(otherwise);
    }
}
