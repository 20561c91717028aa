using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workflows.Engine.Timers;

namespace Workflows.Persistence.Clock;

/// <summary>Keeps the host's business clock on the database's: read before anything else starts, then every five seconds.</summary>
internal sealed class DatabaseClockLoop(DatabaseClock clock, ILogger<DatabaseClockLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await clock.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await clock.RefreshAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The clock runs on from its last reading; a database that is away is noticed elsewhere.
                    Log.ClockNotRead(logger, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }
}
