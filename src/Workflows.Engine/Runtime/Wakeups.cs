using System.Threading.Channels;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Hints from commits to the background loops: "there is an earlier timer", "there are effects". Losing one costs at most
/// one poll interval, so nothing depends on them.
/// </summary>
public sealed class Wakeups
{
    public Wakeup Timers { get; } = new();

    public Wakeup Effects { get; } = new();

    public Wakeup Recovery { get; } = new();
}

/// <summary>Waiting for work that is due at an instant only the database knows.</summary>
internal static class DueWait
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Returns when something may be due, or a hint came. Without either it asks again in every poll interval: asking is one read of two
    /// indexes, while claiming writes and is planned anew each time, which is most of what an idle host costs.
    /// </summary>
    public static async Task UntilDueAsync(Func<Task<TimeSpan?>> untilNext, Wakeup hints, TimeSpan poll, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = await untilNext();
            var wait = next is { } known && known < poll ? known : poll;
            // Even what is overdue waits a moment: it was not to be had just now, because another host holds it.
            if (await hints.WaitAsync(wait < Shortest ? Shortest : wait, TimeProvider.System, cancellationToken) || next <= poll)
                return;
        }
    }
}

/// <summary>A hint that remembers being given once.</summary>
public sealed class Wakeup
{
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the loop, or makes its next wait end at once.</summary>
    public void Give() => _hints.Writer.TryWrite(true);

    /// <summary>Waits for a hint, at most this long by the clock's own timers. False when none came.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _hints.Reader.ReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing announced itself; look anyway.
            return false;
        }
    }
}
