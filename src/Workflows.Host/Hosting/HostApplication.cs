using Workflows.Activities;
using Workflows.Designer;
using Workflows.Engine.Hosting;
using Workflows.Host.Api;
using Workflows.Host.Clocks;
using Workflows.Host.Definitions;
using Workflows.Host.Events;
using Workflows.Host.HttpTriggers;
using Workflows.Host.Instances;
using Workflows.Host.Messages;
using Workflows.Host.Operations;
using Workflows.Host.Organisation;
using Workflows.Host.Pages;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Schedules;
using Workflows.Host.Security;
using Workflows.Host.Shop;
using Workflows.Host.Tasks;
using Workflows.Persistence;

namespace Workflows.Host.Hosting;

/// <summary>The host, put together: what it is made of, and in which order a request passes.</summary>
internal static class HostApplication
{
    private const string DefaultUrl = "http://localhost:5080";

    /// <summary>Serves until stopped; 1 when the host must not start.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception refused) when (refused is StartRefusedException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"启动被拒绝 (start refused): {refused.Message}");
            return 1;
        }
    }

    /// <summary>Builds the host; <paramref name="configure"/> lets tests and the demo change settings and services.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Settings are read once. Watching them for changes would watch the data folder too, and wake with every write to it.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"], EnvironmentName = DefaultEnvironment(args) });
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AttachmentFiles.MostBytes + 1024;
        });
        // One line per request is for debugging; a configuration may turn it on.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning).AddFilter(typeof(BearerTokenHandler).FullName, LogLevel.Warning);
        configure?.Invoke(builder);
        AddServices(builder);
        var app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>A debug build run from the source tree is for development; a published one is production. What is set by name wins.</summary>
    private static string? DefaultEnvironment(string[] args)
    {
#if DEBUG
        var isNamed = args.Any(a => a.StartsWith("--environment", StringComparison.OrdinalIgnoreCase))
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"))
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"));
        return isNamed ? null : Environments.Development;
#else
        return null;
#endif
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddWorkflowPersistence(builder.Configuration);
        services.AddHostStartup();
        services.AddWorkflowActivities();
        services.AddStoreConnector(builder.Configuration);
        services.AddWorkflowEngine();
        services.AddWorkflowChannels();
        services.AddWorkflowMessages(builder.Configuration);
        services.AddWorkflowSchedules();
        services.AddWorkflowSecurity();
        services.AddWorkflowApi();
        services.AddWorkflowPages();
        services.AddSingleton<IDesignerHost, Designer.DesignerHost>();
        services.AddDesigner();
        services.AddWorkflowOperations();
    }

    private static void Map(WebApplication app)
    {
        app.UseMiddleware<ExceptionBoundary>();
        app.UseSecurityHeaders();
        app.UseStudioFiles();
        app.UseStatusProblems();
        app.UseRouting();
        app.UseReadAhead();
        app.UseAuthentication();
        app.UseCsrfProtection();
        app.UseKeyScopes();
        app.UseAuthorization();

        var v1 = app.MapGroup("/api/v1").WithApiFilters();
        v1.MapTokens();
        v1.MapDefinitions();
        v1.MapInstances();
        v1.MapTasks();
        v1.MapInboxSummary();
        v1.MapQueue();
        v1.MapCaseFiles();
        v1.MapInstanceActs();
        v1.MapEvents();
        v1.MapShop();
        v1.MapEffects();
        v1.MapDeliveries();
        v1.MapOrganisation();
        v1.MapAccess();
        v1.MapClocks();
        v1.MapTimeRules();
        if (app.Environment.IsDevelopment())
            app.MapGroup("").WithApiFilters().MapDevClock();
        // Counts from the first commit on, not from the first time somebody asks.
        app.Services.GetRequiredService<Metrics>();
        app.MapHealth();
        app.MapOpenApiDocument();
        app.MapHttpTriggers();
        app.MapReceipts();
        app.MapPages();
        app.MapDesigner();
        app.MapSignOut();
        app.MapOidc();
    }
}
