using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Clock;

internal sealed class ClockStore(Database database) : IClockStore
{
    public Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("read_business_clock", SqlArgs.None, row => row.Instant(0), cancellationToken);

    public async Task<DateTimeOffset> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return (await database.ChangeAsync("advance_business_clock", new() { ["by"] = by }, row => row.Instant(0), cancellationToken)).Single();
    }
}
