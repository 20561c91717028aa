using System.Collections.Concurrent;
using Workflows.Engine.Faults;
using Workflows.Engine.Messages;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Messages;

/// <summary>Sends the messages of one gateway; see <see cref="MessageLoop"/> for what can go wrong.</summary>
internal sealed class GatewayLoop(GatewayLane lane, IDeliveryStore deliveries, Wakeup wakeup, EngineClock clock, MessageOptions options, string node, ILogger<MessageLoop> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GatheringWait = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, Task> _underWay = new();

    public GatewayLane Lane => lane;

    public void Wake() => wakeup.Give();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    protected override async Task WaitAsync(int handled, CancellationToken cancellationToken)
    {
        // While every place is taken or the breaker is open, what is due stays due: then an end wakes us, or the breaker's time.
        var wait = lane.UntilFree() is var pause && pause > TimeSpan.Zero && pause < LongestWait ? pause : LongestWait;
        if (lane.Free() > 0)
        {
            var next = await deliveries.UntilNextAsync(lane.Gateway.Name, clock.SqlNow, cancellationToken);
            if (next <= TimeSpan.Zero && handled > 0)
                return;
            if (next < wait)
                wait = next.Value > ShortestWait ? next.Value : ShortestWait;
        }

        await wakeup.WaitAsync(wait, TimeProvider.System, cancellationToken);
        // Where many are under way, their places are filled several at a time: each claim is a commit.
        if (lane.Busy * 2 > lane.Gateway.Places)
            await Task.Delay(GatheringWait, TimeProvider.System, cancellationToken);
    }

    /// <summary>Begins as many attempts as the gateway has free places.</summary>
    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (lane.Free() is not (> 0 and var free))
            return 0;
        // Counted from before the claim, so that our idea of the lease ends before the database's.
        var asked = TimeProvider.System.GetTimestamp();
        var claims = await deliveries.ClaimAsync(clock.SqlNow, lane.Gateway.Name, node, options.Lease, free, cancellationToken);
        if (claims.Count == 0)
            return 0;
        await FaultPoint.Pass(FaultPoint.MessageClaimed);
        foreach (var claim in claims)
        {
            lane.Begin();
            var work = PerformAsync(claim, asked);
            _underWay[claim.Delivery.Key] = work;
            _ = work.ContinueWith(_ => _underWay.TryRemove(KeyValuePair.Create(claim.Delivery.Key, work)), TaskScheduler.Default);
        }

        return claims.Count;
    }

    private async Task PerformAsync(ClaimedDelivery claim, long asked)
    {
        SendOutcome? outcome = null;
        try
        {
            // An attempt must be over before its lease is, or another host would begin beside it.
            var left = (options.Lease * 0.8) - TimeProvider.System.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
            {
                // Nothing was sent, and that is certain; left to its lease it would count as doubtful.
                await deliveries.EndAsync(claim, MessageRules.NotBegun(claim.Number, options), clock.SqlNow, CancellationToken.None);
                return;
            }

            outcome = await AttemptAsync(lane.Gateway, claim.Delivery, left);
            await FaultPoint.Pass(FaultPoint.MessageSent);
            var end = MessageRules.After(claim.Delivery, claim.Number, outcome, lane.Gateway.IsKeyed, lane.Gateway.GivesReceipts, clock.GetUtcNow(), options);
            // Nothing cancels it: what an attempt came to must be written down.
            await deliveries.EndAsync(claim, end, clock.SqlNow, CancellationToken.None);
            await FaultPoint.Pass(FaultPoint.MessageEnded);
            if (end.State is DeliveryState.Failed or DeliveryState.Unknown)
                Log.MessageGivenUp(logger, claim.Delivery.Key, lane.Gateway.Name, claim.Number, end.State, end.Error ?? "");
        }
        // One message's trouble must not hold up the others; its lease runs out and it is offered again, its attempt on record.
        catch (Exception error)
        {
            Log.MessageFailed(logger, claim.Delivery.Key, lane.Gateway.Name, error);
        }
        finally
        {
            if (lane.End(outcome))
                Log.GatewayPaused(logger, lane.Gateway.Name, ErrorOf(outcome));
            wakeup.Give();
        }
    }

    /// <summary>Not cut off by a stop of the host: a message whose answer nobody heard is a possible duplicate.</summary>
    private static async Task<SendOutcome> AttemptAsync(IMessageGateway gateway, Delivery delivery, TimeSpan left)
    {
        using var limit = new CancellationTokenSource(left, TimeProvider.System);
        try
        {
            // A little longer than the token, because the gateway knows best what was cut off; and apart from it, because it may not heed it.
            return await gateway.SendAsync(delivery, limit.Token).WaitAsync(left * 1.1, TimeProvider.System);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return new SendOutcome.Doubtful("等待应答超时 (no answer in time)");
        }
        // The boundary to the outside world: an exception says nothing about whether the receiver acted.
        catch (Exception error)
        {
            return new SendOutcome.Doubtful(error.Message);
        }
    }

    private static string ErrorOf(SendOutcome? outcome) => outcome switch
    {
        SendOutcome.NotTaken notTaken => notTaken.Error,
        SendOutcome.Doubtful doubtful => doubtful.Error,
        _ => "",
    };
}
