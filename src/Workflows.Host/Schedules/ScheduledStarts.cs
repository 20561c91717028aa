using System.Text.Json.Nodes;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Schedules;

/// <summary>
/// Starts what schedules ask for: one start per schedule and nominal instant.
/// </summary>
/// <remarks>
/// What can go wrong: two hosts fire at once; one fires again after a crash; the scheduler sleeps over an instant, or calls
/// late and the late time is taken for the nominal one. The rules: a firing is only a hint to look; the instants are worked
/// out from the schedule; each start carries the key "schedule, nominal instant", which commits with the start, so it
/// happens once on any number of hosts. Instants that were missed are made up for, oldest first, but not more than the
/// latest 25 of a schedule: after a long stop people want the work of today, not a flood.
/// </remarks>
internal sealed class ScheduledStarts(WorkflowRuntime runtime, IInstanceStore instances, EngineClock clock, ILogger<ScheduledStarts> logger)
{
    public const int MostMissed = 25;

    private static readonly TimeSpan[] Windows = [TimeSpan.FromHours(1), TimeSpan.FromDays(2), TimeSpan.FromDays(40), TimeSpan.FromDays(400 * 5)];

    /// <summary>Starts every instant that has come and was not started. Answers how many were started.</summary>
    public async Task<int> RunAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var started = 0;
        foreach (var nominal in await FindOpenAsync(schedule, cancellationToken))
        {
            var delivery = await runtime.StartAsync(new StartRequest
            {
                DefinitionId = schedule.DefinitionId,
                TriggerActivityId = schedule.ActivityId,
                TriggerPayload = new JsonObject { ["nominalAt"] = nominal.ToString("O") },
                Key = new IdempotencyKey(schedule.KeyOf(nominal), ""),
            }, cancellationToken);
            switch (delivery)
            {
                case Delivery.Applied applied:
                    started++;
                    Log.ScheduleStarted(logger, schedule.DefinitionId, schedule.ActivityId, applied.Last.Id, nominal);
                    break;
                case Delivery.Repeated:
                    break;
                default:
                    Log.ScheduleRefused(logger, schedule.DefinitionId, schedule.ActivityId, nominal, delivery.GetType().Name);
                    break;
            }
        }

        return started;
    }

    /// <summary>Instants up to now that were not started, oldest first. Looks back to the latest one that was.</summary>
    private async Task<IReadOnlyList<DateTimeOffset>> FindOpenAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var past = Past(schedule, clock.GetUtcNow());
        var open = new List<DateTimeOffset>();
        foreach (var nominal in past.Reverse())
        {
            if (await instances.FindStimulusAsync(schedule.KeyOf(nominal), cancellationToken) is not null)
                break;
            open.Insert(0, nominal);
        }

        if (open.Count == MostMissed)
            Log.ScheduleMissedMany(logger, schedule.DefinitionId, schedule.ActivityId, MostMissed);
        return open;
    }

    /// <summary>The latest nominal instants up to now. The window grows until it holds some, so that a schedule of every second and one of every year cost the same.</summary>
    internal static IReadOnlyCollection<DateTimeOffset> Past(Schedule schedule, DateTimeOffset now)
    {
        var latest = new Queue<DateTimeOffset>();
        foreach (var window in Windows)
        {
            latest.Clear();
            var from = schedule is Schedule.Once ? DateTimeOffset.MinValue : now - window > schedule.Since ? now - window : schedule.Since;
            for (var next = schedule.NextAfter(from); next is { } nominal && nominal <= now; next = schedule.NextAfter(nominal))
            {
                latest.Enqueue(nominal);
                if (latest.Count > MostMissed)
                    latest.Dequeue();
            }

            if (latest.Count == MostMissed || from <= schedule.Since)
                break;
        }

        return latest;
    }
}
