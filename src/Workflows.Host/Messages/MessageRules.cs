using Workflows.Engine.Messages;

namespace Workflows.Host.Messages;

/// <summary>When a message goes out and what follows an attempt: rules without a database or a clock of their own.</summary>
internal static class MessageRules
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>The instant a message may leave: now, the end of the quiet hours, or the next digest. Null for now.</summary>
    /// <param name="gathers">True when it may wait for the digest.</param>
    public static DateTimeOffset? HeldUntil(DateTimeOffset now, Severity severity, bool gathers, MessageOptions options, TimeZoneInfo zone)
    {
        if (severity >= Severity.High)
            return null;
        var local = TimeZoneInfo.ConvertTime(now, zone);
        if (gathers)
            return Next(local, options.Digests, zone);
        var (from, until) = options.Quiet;
        if (from == until)
            return null;
        var time = local.TimeOfDay;
        var isQuiet = from < until ? time >= from && time < until : time >= from || time < until;
        return isQuiet ? Next(local, [until], zone) : null;
    }

    /// <summary>What follows an attempt.</summary>
    public static AttemptEnd After(Delivery delivery, int attempt, SendOutcome outcome, bool isKeyed, bool givesReceipts, DateTimeOffset now, MessageOptions options)
    {
        var isSpent = attempt >= options.MostAttempts || now - delivery.CreatedAt > options.GiveUpAfter;
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                return new AttemptEnd(AttemptOutcome.Accepted, DeliveryState.Sent, null, accepted.GatewayId);
            case SendOutcome.Refused refused:
                return new AttemptEnd(AttemptOutcome.Refused, DeliveryState.Failed, refused.Error, FallBack: true);
            case SendOutcome.NotTaken notTaken when isSpent:
                // Earlier tries without an answer may have arrived: then this is not known to have failed.
                return new AttemptEnd(AttemptOutcome.NotTaken, delivery.Doubts > 0 && !isKeyed ? DeliveryState.Unknown : DeliveryState.Failed, notTaken.Error, FallBack: true);
            case SendOutcome.NotTaken notTaken:
                return new AttemptEnd(AttemptOutcome.NotTaken, DeliveryState.Queued, notTaken.Error, RetryAfter: notTaken.RetryAfter is { } asked ? Bounded(asked) : BackOff(delivery.Key, attempt, options));
            case SendOutcome.Doubtful doubtful:
                if (isSpent || (!isKeyed && delivery.Doubts + 1 >= options.MostDoubts))
                    return new AttemptEnd(AttemptOutcome.Doubtful, DeliveryState.Unknown, doubtful.Error, FallBack: true);
                var wait = BackOff(delivery.Key, attempt, options);
                // The receipt may yet tell that it arrived; asking costs nothing, a second SMS does.
                if (givesReceipts && !isKeyed && wait < options.ReceiptPatience)
                    wait = options.ReceiptPatience;
                return new AttemptEnd(AttemptOutcome.Doubtful, DeliveryState.Queued, doubtful.Error, RetryAfter: wait);
            default:
                throw new InvalidOperationException("Unknown outcome of an attempt.");
        }
    }

    /// <summary>What follows a claim that came too late to be acted on: its lease was nearly over, and nothing was sent.</summary>
    public static AttemptEnd NotBegun(int attempt, MessageOptions options) => new(
        AttemptOutcome.NotTaken,
        attempt >= options.MostAttempts ? DeliveryState.Failed : DeliveryState.Queued,
        "本机太慢，租约将尽，没有发送 (this host was too slow; nothing was sent)",
        FallBack: attempt >= options.MostAttempts);

    /// <summary>Doubling, bounded, and spread by the key so that a crowd does not come back at once.</summary>
    public static TimeSpan BackOff(string key, int attempt, MessageOptions options)
    {
        var spread = 0.8 + (0.4 * (uint)string.GetHashCode(key, StringComparison.Ordinal) / uint.MaxValue);
        var wait = options.FirstRetry * Math.Pow(2, Math.Min(attempt - 1, 16)) * spread;
        return wait < LongestRetry ? wait : LongestRetry;
    }

    /// <summary>What a gateway asks us to wait, within reason: neither the past nor ten years.</summary>
    public static TimeSpan Bounded(TimeSpan asked) => asked < ShortestWait ? ShortestWait : asked > LongestWait ? LongestWait : asked;

    private static DateTimeOffset Next(DateTimeOffset local, IReadOnlyList<TimeSpan> times, TimeZoneInfo zone)
    {
        var day = local.Date;
        var at = times.Any(t => t > local.TimeOfDay) ? day + times.First(t => t > local.TimeOfDay) : day.AddDays(1) + times[0];
        return new DateTimeOffset(at, zone.GetUtcOffset(at)).ToUniversalTime();
    }
}
