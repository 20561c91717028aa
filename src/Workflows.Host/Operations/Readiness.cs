using System.Data.Common;
using System.Globalization;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Host.Operations;

/// <summary>Whether this host can do its work: the database answers and the loops run.</summary>
internal sealed class Readiness(IClockStore clock, TimerLoop timers, OutboxLoop outbox, RecoveryLoop recovery)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>What is wrong; empty when ready.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await clock.ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or InvalidOperationException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            faults.Add("database");
        }

        foreach (var loop in (EngineLoop[])[timers, outbox, recovery])
        {
            if (loop.ExecuteTask is null or { IsCompleted: true })
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"loop:{loop.GetType().Name}"));
        }

        return faults;
    }
}
