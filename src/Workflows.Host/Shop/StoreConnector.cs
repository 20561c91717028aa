using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Workflows.Activities.Store.Connector;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;

namespace Workflows.Host.Shop;

/// <summary>Puts a shop behind an address in the place of the embedded one, when section "Workflows:Store" names one.</summary>
internal static class StoreConnector
{
    public static void AddStoreConnector(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HttpStoreOptions>().BindConfiguration(HttpStoreOptions.Section).ValidateDataAnnotations()
            .Validate<IHostEnvironment>((o, host) => !o.FindFaults(!host.IsDevelopment()).Any(), $"{HttpStoreOptions.Section}: Address, Key 或 KeyFile 须完整，Address 须为 https (must be complete and https)").ValidateOnStart();
        if (configuration.GetSection(HttpStoreOptions.Section).Get<HttpStoreOptions>() is { IsConfigured: true })
            services.Replace(ServiceDescriptor.Singleton<IStorePlatform>(s => new HttpStore(s.GetRequiredService<IOptions<HttpStoreOptions>>().Value, s.GetRequiredService<EngineClock>())));
    }
}
