using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Workflows.Engine.Runtime;

/// <summary>
/// The skeleton of every background duty: wait, do one round, report, go on whatever happened. Tests call
/// <see cref="RunOnceAsync"/> directly.
/// </summary>
public abstract class EngineLoop(ILogger logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>One round. Answers how many items it handled.</summary>
    public abstract Task<int> RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Waits until another round is worth while.</summary>
    protected abstract Task WaitAsync(int handled, CancellationToken cancellationToken);

    /// <summary>Called once, before the first round of a loop that runs by itself.</summary>
    protected virtual void OnStart(CancellationToken stoppingToken)
    {
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        OnStart(stoppingToken);
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(await RunOnceAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // The boundary of a loop: a lost database or a bug in one round must not end the duty.
            catch (Exception error)
            {
                Log.LoopFailed(logger, GetType().Name, error);
                await Task.Delay(PauseAfterFailure, TimeProvider.System, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
