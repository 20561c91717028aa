using Microsoft.Extensions.DependencyInjection;
using Workflows.Activities.Store;
using Workflows.Engine.Authoring;
using Workflows.Engine.Outbox;

namespace Workflows.Activities;

/// <summary>Makes the activities of this project known to a host.</summary>
public static class ActivityRegistration
{
    /// <summary>A catalogue of the engine's activities and this project's.</summary>
    public static ActivityCatalogue Catalogue() => ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly);

    /// <summary>
    /// Registers the catalogue. Activities need no other service: what they do outside goes through effects. The channel that
    /// carries shop operations needs an <see cref="Engine.Store.IStorePlatform"/>.
    /// </summary>
    public static IServiceCollection AddWorkflowActivities(this IServiceCollection services) =>
        services.AddSingleton(_ => Catalogue()).AddSingleton<IEffectChannel, StoreChannel>();
}
