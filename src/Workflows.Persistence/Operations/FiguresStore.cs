using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Operations;

internal sealed class FiguresStore(Database database) : IFiguresStore
{
    public Task<EngineFigures> ReadAsync(DateTimeOffset? now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var effects = await session.QueryAsync("count_effects", SqlArgs.None, row => (State: (EffectState)row.GetInt32(0), Number: row.GetInt64(1)), cancellationToken);
                var due = await session.FirstAsync("count_due_timers", new() { ["now"] = now }, row => (Number: row.GetInt64(0), Oldest: row.Int64OrNull(1)), cancellationToken);
                return new EngineFigures(
                    effects.ToDictionary(e => e.State, e => e.Number),
                    due.Number,
                    due.Oldest is { } oldest ? TimeSpan.FromMicroseconds(oldest) : null);
            },
            cancellationToken);
}
