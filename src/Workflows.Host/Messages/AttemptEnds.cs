using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Messages;

/// <summary>
/// Writes down what attempts came to. What can go wrong: a gateway in trouble ends many attempts, each end is a commit, and the messages of a healthy gateway
/// wait behind them for the database. The rules: at most one write is under way, and whatever ends meanwhile shares the next one; each end stands alone in it, and
/// when a group cannot be written its members are, one by one, so that none takes the others with it.
/// </summary>
internal sealed class AttemptEnds(IDeliveryStore deliveries, EngineClock clock)
{
    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _isWriting;

    /// <summary>Completes when the end is in the database, or fails with the reason why it is not. Nothing cancels it: what an attempt came to must be written down.</summary>
    public Task WriteAsync(ClaimedDelivery claim, AttemptEnd end)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add(new Waiting(new EndedAttempt(claim, end), written));
            if (_isWriting)
                return written.Task;
            _isWriting = true;
        }

        _ = Task.Run(WriteAllAsync);
        return written.Task;
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { Count: > 0 } group)
        {
            if (!await TryWriteAsync(group))
            {
                foreach (var one in group)
                    await TryWriteAsync([one], isLast: true);
            }
        }
    }

    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var group = _waiting;
            _waiting = [];
            _isWriting = group.Count > 0;
            return group;
        }
    }

    private async Task<bool> TryWriteAsync(List<Waiting> group, bool isLast = false)
    {
        try
        {
            await deliveries.EndAsync([.. group.Select(w => w.Ended)], clock.SqlNow, CancellationToken.None);
            group.ForEach(w => w.Written.SetResult());
            return true;
        }
        // The database's word on the whole group; whoever waits for one of them hears its own.
        catch (Exception error)
        {
            if (isLast)
                group.ForEach(w => w.Written.SetException(error));
            return false;
        }
    }

    private sealed record Waiting(EndedAttempt Ended, TaskCompletionSource Written);
}
