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

/// <summary>A hint that remembers being given once.</summary>
public sealed class Wakeup
{
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the loop, or makes its next wait end at once.</summary>
    public void Give() => _hints.Writer.TryWrite(true);

    /// <summary>Waits for a hint, at most this long by the clock's own timers.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _hints.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing announced itself; look anyway.
        }
    }
}
