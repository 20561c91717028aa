namespace Workflows.Host.Messages;

/// <summary>
/// A gateway with its places and its breaker. What can go wrong: one gateway hangs and takes the sending of all others with
/// it, or a dead one uses up the tries of everything that waits for it. The rules: each gateway has places of its own and
/// takes only as many messages as it has free ones; after a few faults in a row it takes nothing for a while, then one message to
/// see. A message whose gateway is left alone keeps its tries.
/// </summary>
internal sealed class GatewayLane(IMessageGateway gateway, MessageOptions options, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private int _busy;
    private int _faults;
    private TimeSpan _pause;
    private long _openedAt;
    private bool _isOpen;

    public IMessageGateway Gateway => gateway;

    /// <summary>True while the gateway is left alone.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return _isOpen && time.GetElapsedTime(_openedAt) < _pause;
        }
    }

    public int Busy
    {
        get
        {
            lock (_gate)
                return _busy;
        }
    }

    /// <summary>How many messages the gateway can take now.</summary>
    public int Free()
    {
        lock (_gate)
        {
            if (!_isOpen)
                return gateway.Places - _busy;
            return time.GetElapsedTime(_openedAt) < _pause || _busy > 0 ? 0 : 1;
        }
    }

    /// <summary>Until the breaker lets one through; zero when it does, or is closed.</summary>
    public TimeSpan UntilFree()
    {
        lock (_gate)
        {
            var left = _isOpen ? _pause - time.GetElapsedTime(_openedAt) : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Begin()
    {
        lock (_gate)
            _busy++;
    }

    /// <summary>Takes the outcome of an attempt into account; true when the breaker opened just now.</summary>
    public bool End(SendOutcome? outcome)
    {
        lock (_gate)
        {
            _busy--;
            switch (outcome)
            {
                case SendOutcome.Accepted or SendOutcome.Refused or SendOutcome.NotTaken { GatewayAtFault: false }:
                    (_faults, _isOpen, _pause) = (0, false, TimeSpan.Zero);
                    return false;
                case SendOutcome.NotTaken or SendOutcome.Doubtful:
                    _faults++;
                    if (_faults < options.BreakerFaults && !_isOpen)
                        return false;
                    // Those that were under way when it opened add nothing.
                    if (_isOpen && time.GetElapsedTime(_openedAt) < _pause)
                        return false;
                    _pause = _pause == TimeSpan.Zero ? options.BreakerPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                    if (outcome is SendOutcome.NotTaken { RetryAfter: { } asked } && asked > _pause)
                        _pause = asked < LongestPause ? asked : LongestPause;
                    var wasOpen = _isOpen;
                    (_isOpen, _openedAt) = (true, time.GetTimestamp());
                    return !wasOpen;
                default:
                    return false;
            }
        }
    }
}
