using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Removes what nobody asks for any more: old idempotency keys, old done effects, files that were uploaded long ago, expired access tokens. In small portions, so
/// that it never holds up a commit; every host may do it. Instances, journals and tasks are kept: they are the record.
/// </summary>
public sealed class HousekeepingLoop(IHousekeepingStore store, EngineClock clock, IOptions<EngineOptions> options, ILogger<HousekeepingLoop> logger) : EngineLoop(logger)
{
    private const int Portion = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenPortions = TimeSpan.FromSeconds(1);

    public override Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        store.PurgeAsync(clock.SqlNow, options.Value.Retention, options.Value.UploadRetention, Portion, cancellationToken);

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) =>
        Task.Delay(handled >= Portion ? BetweenPortions : Interval, TimeProvider.System, cancellationToken);
}
