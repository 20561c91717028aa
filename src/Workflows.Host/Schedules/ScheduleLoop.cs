using Quartz;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Schedules;

/// <summary>
/// Keeps Quartz's alarms in step with the triggers of published definitions: one job per schedule, set for its next nominal
/// instant. Looks every half minute, so that an alarm that was lost, or a trigger that changed on another host, is noticed.
/// </summary>
internal sealed class ScheduleLoop(IDefinitionStore definitions, ScheduledStarts starts, ISchedulerFactory quartz, EngineClock clock, ILogger<ScheduleLoop> logger)
    : Engine.Runtime.EngineLoop(logger)
{
    public const string ScheduleKey = "schedule";
    private const string Group = "schedules";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StampInterval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Schedule> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private long _stamp = -1;
    private long _lookedAt;

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var stamp = await definitions.ReadStampAsync(cancellationToken);
        if (stamp == _stamp && TimeProvider.System.GetElapsedTime(_lookedAt) < Interval)
            return 0;
        var started = await SyncAsync(cancellationToken);
        (_stamp, _lookedAt) = (stamp, TimeProvider.System.GetTimestamp());
        return started;
    }

    /// <summary>Reads the triggers, starts what has come, and sets every alarm anew. Answers how many instances were started.</summary>
    public async Task<int> SyncAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var wanted = await ReadAsync(cancellationToken);
            var scheduler = await quartz.GetScheduler(cancellationToken);
            var gone = _known.Keys.Except(wanted.Keys).ToList();
            foreach (var id in gone)
                await scheduler.DeleteJob(new JobKey(id, Group), cancellationToken);
            var added = wanted.Keys.Except(_known.Keys).Count();
            _known.Clear();
            var started = 0;
            foreach (var (id, schedule) in wanted)
            {
                _known[id] = schedule;
                started += await LookAsync(schedule, cancellationToken);
                await SetAlarmAsync(scheduler, schedule, cancellationToken);
            }

            if (added + gone.Count > 0)
                Log.SchedulesSynced(logger, added, gone.Count, wanted.Count);
            return started;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>An alarm went off: looks at one schedule and sets its next alarm.</summary>
    public async Task AlarmAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_known.TryGetValue(id, out var schedule))
                return;
            await LookAsync(schedule, cancellationToken);
            await SetAlarmAsync(await quartz.GetScheduler(cancellationToken), schedule, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(StampInterval, TimeProvider.System, cancellationToken);

    private async Task<Dictionary<string, Schedule>> ReadAsync(CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<string, Schedule>(StringComparer.Ordinal);
        foreach (var trigger in await definitions.ListTriggersAsync(Schedule.Types, cancellationToken))
        {
            if (await definitions.FindVersionAsync(trigger.VersionId, cancellationToken) is { IsPublished: true } version
                && Schedule.Of(trigger, version.UpdatedAt) is { } schedule)
                wanted[schedule.Id] = schedule;
        }

        return wanted;
    }

    private async Task<int> LookAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        try
        {
            return await starts.RunAsync(schedule, cancellationToken);
        }
        // One schedule's trouble must not keep the others from being looked at; the next look tries again.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.ScheduleFailed(logger, schedule.DefinitionId, schedule.ActivityId, error);
            return 0;
        }
    }

    /// <summary>Quartz counts in real time, schedules in business time: the alarm is set by how long it still is.</summary>
    private async Task SetAlarmAsync(IScheduler scheduler, Schedule schedule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (schedule.NextAfter(now) is not { } next)
            return;
        var job = new JobKey(schedule.Id, Group);
        await scheduler.DeleteJob(job, cancellationToken);
        await scheduler.ScheduleJob(
            JobBuilder.Create<ScheduleAlarm>().WithIdentity(job).UsingJobData(ScheduleKey, schedule.Id).Build(),
            TriggerBuilder.Create().StartAt(TimeProvider.System.GetUtcNow() + (next - now)).Build(),
            cancellationToken: cancellationToken);
    }
}

/// <summary>Quartz's job: an alarm, nothing more.</summary>
internal sealed class ScheduleAlarm(ScheduleLoop schedules) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await schedules.AlarmAsync(context.MergedJobDataMap.GetString(ScheduleLoop.ScheduleKey)!, cancellationToken);
}
