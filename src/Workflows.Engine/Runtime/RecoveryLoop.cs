using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Execution;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Goes on with what a crash left behind: bursts cut at a commit boundary, and events not yet delivered. A loop, never a
/// step of the start-up, because the database may be lost during recovery as well. Timers and effects need none: their leases run out.
/// </summary>
public sealed class RecoveryLoop(WorkflowRuntime runtime, EventHub events, IInstanceStore instances, Wakeups wakeups, IOptions<EngineOptions> options, ILogger<RecoveryLoop> logger)
    : EngineLoop(logger)
{
    private readonly EngineOptions _options = options.Value;

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var handled = 0;
        foreach (var id in await instances.FindInterruptedAsync(_options.Lease, 100, cancellationToken))
        {
            await FaultPoint.Pass(FaultPoint.RecoveryFound);
            try
            {
                if (await runtime.DeliverAsync(id, new Stimulus.Continue(), null, cancellationToken) is Delivery.Applied)
                    handled++;
            }
            // One instance that cannot go on must not keep the others, nor the events, waiting; it is found again next time.
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.RecoveryFailed(logger, id, error);
            }
        }

        handled += await events.SweepAsync(_options.Lease, cancellationToken);
        if (handled > 0)
            Log.Recovered(logger, handled);
        return handled;
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) =>
        wakeups.Recovery.WaitAsync(_options.RecoveryInterval, TimeProvider.System, cancellationToken);
}

/// <summary>Serves waiters that were stored after their event had come.</summary>
public sealed class LateWaiterLoop(EventHub events, ILogger<LateWaiterLoop> logger) : EngineLoop(logger)
{
    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await events.ServeLateWaitersAsync(cancellationToken);
        return 0;
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.CompletedTask;
}
