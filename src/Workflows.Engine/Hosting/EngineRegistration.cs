using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Hosting;

/// <summary>Registers the engine. Stores, clock, activities and further channels come from the other projects.</summary>
public static class EngineRegistration
{
    /// <summary>Adds definitions, runtime, event hub and, unless <paramref name="runLoops"/> is false, the background loops.</summary>
    public static IServiceCollection AddWorkflowEngine(this IServiceCollection services, bool runLoops = true)
    {
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section).ValidateDataAnnotations()
            .Validate(o => ShopTime.Find(o.TimeZone) is not null, "Workflows:Engine:TimeZone is not known on this machine").ValidateOnStart();
        services.AddSingleton<ExpressionLanguage>(s => new JavaScriptLanguage(Zone(s)));
        services.AddSingleton<ExpressionLanguage>(s => new LiquidLanguage(Zone(s)));
        services.AddSingleton(s => new ExpressionLanguages(s.GetServices<ExpressionLanguage>()));
        services.AddSingleton(s => new GraphCache(
            s.GetRequiredService<IDefinitionStore>(), s.GetRequiredService<ActivityCatalogue>(), s.GetRequiredService<ExpressionLanguages>(), TimeProvider.System));
        services.AddSingleton<IGraphSource>(s => s.GetRequiredService<GraphCache>());
        services.AddSingleton(s => new DefinitionService(
            s.GetRequiredService<IDefinitionStore>(), s.GetRequiredService<GraphCache>(), s.GetRequiredService<ActivityCatalogue>(), s.GetRequiredService<ITimeRulesSource>(), s.GetRequiredService<EngineClock>()));
        services.AddSingleton<DefinitionSeeder>();
        services.AddSingleton<Wakeups>();
        services.AddSingleton<OrganisationCache>();
        services.AddSingleton<IOrganisationSource>(s => s.GetRequiredService<OrganisationCache>());
        services.AddSingleton<TimeRulesCache>();
        services.AddSingleton<ITimeRulesSource>(s => s.GetRequiredService<TimeRulesCache>());
        services.TryAddSingleton(EventListeners.Nobody);
        services.AddSingleton<OutboxDoor>();
        services.AddSingleton<WorkflowRuntime>();
        services.AddSingleton<EventHub>();
        services.AddSingleton<Func<WorkflowRuntime>>(s => s.GetRequiredService<WorkflowRuntime>);
        services.AddSingleton<Func<EventHub>>(s => s.GetRequiredService<EventHub>);
        services.AddSingleton<IEffectChannel, EngineChannel>();
        services.AddSingleton<TimerLoop>();
        services.AddSingleton<OutboxLoop>();
        services.AddSingleton<RecoveryLoop>();
        services.AddSingleton<LateWaiterLoop>();
        services.AddSingleton<HousekeepingLoop>();
        if (!runLoops)
            return services;
        services.AddHostedService<ScriptWarmUp>();
        services.AddHostedService(s => s.GetRequiredService<TimerLoop>());
        services.AddHostedService(s => s.GetRequiredService<OutboxLoop>());
        services.AddHostedService(s => s.GetRequiredService<RecoveryLoop>());
        services.AddHostedService(s => s.GetRequiredService<LateWaiterLoop>());
        services.AddHostedService(s => s.GetRequiredService<HousekeepingLoop>());
        return services;
    }

    private static TimeZoneInfo? Zone(IServiceProvider services) => ShopTime.Find(services.GetRequiredService<IOptions<EngineOptions>>().Value.TimeZone);
}
