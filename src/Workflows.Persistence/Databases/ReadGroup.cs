namespace Workflows.Persistence.Databases;

/// <summary>
/// Reads single rows by key for many callers at once: keys asked for while a statement is under way share the next one. An
/// answer is never older than its question, so nothing is cached and nothing can be stale; what is saved are round trips and
/// statements when many ask together. One alone is answered at once.
/// </summary>
/// <param name="read">Reads the rows of these keys, each key once; a key without a row is left out.</param>
internal sealed class ReadGroup<TKey, TValue>(Func<TKey[], Task<Dictionary<TKey, TValue>>> read)
    where TKey : notnull
    where TValue : class
{
    // More keys than this make one statement slow for the first who asked.
    private const int MostKeys = 200;

    private readonly Lock _gate = new();
    private readonly Queue<(TKey Key, TaskCompletionSource<TValue?> Answer)> _waiting = [];
    private bool _isReading;

    /// <summary>The row of a key, as it is now; null when there is none. Cancelling ends the caller's wait, not the others'.</summary>
    public Task<TValue?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TValue?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isFirst;
        lock (_gate)
        {
            _waiting.Enqueue((key, answer));
            isFirst = !_isReading;
            _isReading = true;
        }

        if (isFirst)
            _ = ReadAsync();
        return answer.Task.WaitAsync(cancellationToken);
    }

    private async Task ReadAsync()
    {
        while (Take() is { Count: > 0 } asked)
        {
            try
            {
                var rows = await read([.. asked.Select(a => a.Key).Distinct()]);
                foreach (var (key, answer) in asked)
                    answer.SetResult(rows.GetValueOrDefault(key));
            }
            // Whatever it was, each of those who asked learns it.
            catch (Exception error)
            {
                foreach (var (_, answer) in asked)
                    answer.TrySetException(error);
            }
        }
    }

    private List<(TKey Key, TaskCompletionSource<TValue?> Answer)> Take()
    {
        lock (_gate)
        {
            var asked = new List<(TKey, TaskCompletionSource<TValue?>)>(Math.Min(_waiting.Count, MostKeys));
            while (asked.Count < MostKeys && _waiting.TryDequeue(out var next))
                asked.Add(next);
            _isReading = asked.Count > 0;
            return asked;
        }
    }
}
