using System.Globalization;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;

namespace Workflows.Host.Operations;

/// <summary>
/// Development only: reads and moves business time, so that deadlines of days can be seen to fire. In Production these
/// routes do not exist.
/// </summary>
internal static class DevClockEndpoints
{
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromDays(366 * 2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    internal sealed record Advance(string By);

    /// <param name="Settled">False when due work was still going on as the wait ran out.</param>
    internal sealed record ClockView(DateTimeOffset Now, TimeSpan Offset, bool Settled = true);

    public static void MapDevClock(this IEndpointRouteBuilder app)
    {
        app.MapGet("/dev/clock", ReadAsync).Produces<ClockView>().WithTags("development").WithSummary("业务时间 (read the business clock)");
        app.MapPost("/dev/clock/advance", AdvanceAsync).Accepts<Advance>("application/json").Produces<ClockView>()
            .WithTags("development").WithSummary("拨快业务时间 (advance the business clock)");
    }

    private static async Task<IResult> ReadAsync(IClockStore clock, TimeProvider wall, CancellationToken cancellationToken)
    {
        var now = await clock.ReadAsync(cancellationToken);
        return Results.Json(new ClockView(now, Whole(now - wall.GetUtcNow())), ApiJson.Options);
    }

    private static async Task<IResult> AdvanceAsync(Strict<Advance> body, IClockStore clock, EngineClock business, DueWork due, TimeProvider wall, CancellationToken cancellationToken)
    {
        if (!TimeSpan.TryParse(body.Value.By, CultureInfo.InvariantCulture, out var by) || by <= TimeSpan.Zero || by > MostAtOnce)
            return Refusals.BadBody.At("$.by", "out-of-range", $"须为 0 到 {MostAtOnce.TotalDays} 天之间的时长，如 1.00:00:00", $"a duration above 0 and up to {MostAtOnce.TotalDays} days, for example 1.00:00:00");
        var now = await clock.AdvanceAsync(by, cancellationToken);
        // This host follows at once, the others within seconds; what is due is the database's decision in any case.
        if (business is DatabaseClock database)
            await database.RefreshAsync(cancellationToken);
        var settled = await due.SettleAsync(LongestWait, LookAgain, cancellationToken);
        return StoredAnswer.Of(new ClockView(now, Whole(now - wall.GetUtcNow()), settled));
    }

    private static TimeSpan Whole(TimeSpan offset) => TimeSpan.FromSeconds(Math.Round(offset.TotalSeconds));
}

/// <summary>Waits until nothing that is due is left undone.</summary>
internal sealed class DueWork(ITimerStore timers, IOutboxStore outbox, TimerLoop timerLoop, OutboxLoop outboxLoop, EngineClock clock, Wakeups wakeups, TimeProvider wall)
{
    /// <summary>True when all due timers and effects were handled in time.</summary>
    public async Task<bool> SettleAsync(TimeSpan atMost, TimeSpan lookAgain, CancellationToken cancellationToken)
    {
        var began = wall.GetTimestamp();
        for (var quiet = 0; wall.GetElapsedTime(began) < atMost;)
        {
            wakeups.Timers.Give();
            wakeups.Effects.Give();
            // Whatever the loops have not claimed yet is done here; what they have is waited for by looking again.
            var handled = await timerLoop.RunOnceAsync(cancellationToken) + await outboxLoop.RunOnceAsync(cancellationToken);
            var isDue = await timers.UntilNextAsync(clock.SqlNow, cancellationToken) <= TimeSpan.Zero || await outbox.UntilNextAsync(clock.SqlNow, cancellationToken) <= TimeSpan.Zero;
            quiet = handled == 0 && !isDue ? quiet + 1 : 0;
            if (quiet >= 3)
                return true;
            await Task.Delay(lookAgain, wall, cancellationToken);
        }

        return false;
    }
}
