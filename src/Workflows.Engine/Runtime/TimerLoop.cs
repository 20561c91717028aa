using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Fires due timers.
/// </summary>
/// <remarks>
/// What can go wrong: firing early (a host's clock is ahead), twice (two hosts, or a host that paused), or never (a crash
/// after the claim; a wait too long for an in-memory timer). The rules: the database's clock decides what is due; a claim is a
/// lease that runs out by itself; the timer's row is deleted in the transaction of the burst it woke, so whoever commits first
/// has fired it and everybody else finds it gone; and nothing is held in memory but the wait for the next look.
/// A backlog must not starve people: each round is bounded, and its bursts share group commits with everybody else's.
/// </remarks>
public sealed class TimerLoop(WorkflowRuntime runtime, ITimerStore timers, EngineClock clock, Wakeups wakeups, IOptions<EngineOptions> options, ILogger<TimerLoop> logger)
    : EngineLoop(logger)
{
    private readonly EngineOptions _options = options.Value;

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await timers.ClaimDueAsync(clock.SqlNow, _options.NodeId, _options.Lease, _options.ClaimBatch, cancellationToken);
        if (due.Count == 0)
            return 0;
        await FaultPoint.Pass(FaultPoint.TimerClaimed);
        await Task.WhenAll(due.Select(timer => FireAsync(timer, cancellationToken)));
        return due.Count;
    }

    protected override async Task WaitAsync(int handled, CancellationToken cancellationToken)
    {
        if (handled >= _options.ClaimBatch)
            return;
        await DueWait.UntilDueAsync(() => timers.UntilNextAsync(clock.SqlNow, cancellationToken), wakeups.Timers, _options.PollInterval, cancellationToken);
    }

    private async Task FireAsync(DueTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            if (await runtime.DeliverAsync(timer.InstanceId, new Stimulus.TimerDue(timer.Id), null, cancellationToken) is Delivery.Ignored or Delivery.Missing)
                await timers.DropAsync(timer.Id, cancellationToken);
            await FaultPoint.Pass(FaultPoint.TimerFired);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        // One timer's trouble must not hold up the others of the batch; its lease runs out and it is offered again.
        catch (Exception error)
        {
            Log.TimerFailed(logger, timer.Id, timer.InstanceId, error);
        }
    }
}
