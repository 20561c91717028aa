using Microsoft.Extensions.Options;
using Workflows.Engine.Clocks;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Demo;
using Workflows.Host.Security;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Hosting;

/// <summary>
/// What happens between the migrations and the first request: the guard of Production, the demo data of Development, the
/// definitions of this build, and the first look at the organisation. Loops and the web server start after it.
/// </summary>
internal sealed class HostStartup(
    IHostEnvironment environment,
    Database database,
    ProductionGuard guard,
    Seeder seeder,
    OrganisationCache organisation,
    TimeRulesCache timeRules,
    EngineClock clock,
    ITimerStore timers,
    IOutboxStore outbox,
    IDeliveryStore deliveries,
    IOptions<WorkflowHostOptions> options,
    ILogger<HostStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (clock is DatabaseClock followed)
            await followed.RefreshAsync(cancellationToken);
        var seedsDemo = options.Value.SeedDemo ?? environment.IsDevelopment();
        // Whatever is not named Development is taken for real, a misspelt name included.
        if (!environment.IsDevelopment())
        {
            var faults = (await guard.FindFaultsAsync(await database.VerifyDurabilityAsync(cancellationToken), cancellationToken)).ToList();
            if (seedsDemo)
                faults.Add("Workflows:Host:SeedDemo 只能用于开发环境 (demo data are for Development only)");
            if (faults.Count > 0)
                throw new StartRefusedException(string.Join(Environment.NewLine, faults));
        }

        if (database.Kind == DatabaseKind.Sqlite)
        {
            // Nobody else can have the file open, so what is claimed was claimed by a host that died.
            await timers.ReleaseAllAsync(cancellationToken);
            await outbox.ReleaseAllAsync(cancellationToken);
            await deliveries.ReleaseAllAsync(cancellationToken);
        }

        var isFirst = seedsDemo && await seeder.SeedDemoAsync(cancellationToken);
        await seeder.SeedDefinitionsAsync(cancellationToken);
        await organisation.RefreshAsync(cancellationToken);
        await timeRules.SeedAsync(clock.GetUtcNow(), cancellationToken);
        await timeRules.RefreshAsync(cancellationToken);
        if (isFirst && options.Value.PrintLogins)
            PrintLogins();
        Log.Ready(logger, environment.EnvironmentName, database.Kind.ToString());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>On the console and not in the log: it is for the person who started the host.</summary>
    private static void PrintLogins()
    {
        Console.WriteLine();
        Console.WriteLine($"演示账号 (demo logins)，密码均为 {DemoOrganisation.Password}：");
        foreach (var row in DemoOrganisation.People.Chunk(3))
            Console.WriteLine("  " + string.Join("  ", row.Select(p => $"{p.UserName,-22}{p.DisplayName}")));
        Console.WriteLine();
    }
}
