namespace Workflows.Engine.Runtime;

/// <summary>
/// One burst at a time per instance in this process. Entering waits for its turn; lanes exist only while somebody is in
/// them or waits, so suspended instances cost nothing. Across processes the revision check decides.
/// </summary>
internal sealed class Lanes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Lanes somebody is in or waits for.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _lanes.Count;
        }
    }

    public async ValueTask<Turn> EnterAsync(string instanceId, CancellationToken cancellationToken)
    {
        Lane lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(instanceId, out lane!))
                _lanes[instanceId] = lane = new Lane();
            lane.Users++;
        }

        try
        {
            await lane.Entrance.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(instanceId, lane, entered: false);
            throw;
        }

        return new Turn(this, instanceId, lane);
    }

    private void Leave(string instanceId, Lane lane, bool entered)
    {
        if (entered)
            lane.Entrance.Release();
        lock (_gate)
        {
            if (--lane.Users == 0)
                _lanes.Remove(instanceId);
        }
    }

    internal readonly struct Turn(Lanes lanes, string instanceId, Lane lane) : IDisposable
    {
        public void Dispose() => lanes.Leave(instanceId, lane, entered: true);
    }

    // No Dispose: a semaphore whose wait handle was never asked for holds nothing to free.
    internal sealed class Lane
    {
        public SemaphoreSlim Entrance { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
