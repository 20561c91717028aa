using Quartz;

namespace Workflows.Host.Schedules;

internal static class ScheduleRegistration
{
    /// <summary>Quartz with jobs in memory on every host: it only asks for starts, our own unique key decides (docs/decisions/0004).</summary>
    public static void AddWorkflowSchedules(this IServiceCollection services)
    {
        services.AddSingleton<ScheduledStarts>();
        services.AddSingleton<ScheduleLoop>();
        services.AddQuartz(quartz => quartz.UseInMemoryStore());
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        services.AddHostedService(s => s.GetRequiredService<ScheduleLoop>());
    }
}
