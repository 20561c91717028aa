using Workflows.Engine.Storage;

namespace Workflows.Engine.Timers;

/// <summary>
/// Business time as the database tells it. Read now and then, moved on by the monotonic counter in between, so a host whose
/// own clock is wrong, or jumps, stamps like all others.
/// </summary>
public sealed class DatabaseClock(IClockStore store) : EngineClock
{
    private readonly Lock _gate = new();
    private DateTimeOffset _reading;
    private long _readAt;
    private bool _wasRead;

    /// <summary>Null: the database decides with its own clock.</summary>
    public override DateTimeOffset? SqlNow => null;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _wasRead
                ? _reading + System.GetElapsedTime(_readAt)
                : throw new InvalidOperationException("The database's clock was not read yet; call RefreshAsync first.");
        }
    }

    /// <summary>Reads the database's clock. Call at start, every few seconds, and after business time was moved.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var asked = System.GetTimestamp();
        var reading = await store.ReadAsync(cancellationToken);
        var answered = System.GetTimestamp();

        lock (_gate)
        {
            // The answer is as old as its way back, so this clock runs a little behind, never ahead. A slow answer must not
            // turn it back: only when the database itself went back further than the way can explain does this clock follow.
            var current = _wasRead ? _reading + System.GetElapsedTime(_readAt, answered) : reading;
            if (reading < current && current - reading <= System.GetElapsedTime(asked, answered))
                return;

            _reading = reading;
            _readAt = answered;
            _wasRead = true;
        }
    }
}
