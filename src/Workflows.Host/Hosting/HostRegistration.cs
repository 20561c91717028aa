using Microsoft.AspNetCore.Authentication;
using Workflows.Engine.Outbox;
using Workflows.Host.Api;
using Workflows.Host.Channels;
using Workflows.Host.Instances;
using Workflows.Host.Operations;
using Workflows.Host.Organisation;
using Workflows.Host.Security;

namespace Workflows.Host.Hosting;

/// <summary>Registrations of the host's own parts, one method per subject.</summary>
internal static class HostRegistration
{
    public static void AddHostStartup(this IServiceCollection services)
    {
        services.AddOptions<WorkflowHostOptions>().BindConfiguration(WorkflowHostOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ProductionGuard>();
        services.AddSingleton<Seeder>();
        services.AddHostedService<HostStartup>();
        services.AddHostedService<OrganisationLoop>();
        services.AddSingleton<Engine.Thresholds.ThresholdLoop>();
        services.AddHostedService(s => s.GetRequiredService<Engine.Thresholds.ThresholdLoop>());
    }

    public static void AddWorkflowChannels(this IServiceCollection services)
    {
        services.AddOptions<HttpChannelOptions>().BindConfiguration(HttpChannelOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OutboundGuard>();
        services.AddSingleton<IEffectChannel, HttpChannel>();
        services.AddSingleton<IEffectChannel, Tasks.CopyChannel>();
    }

    public static void AddWorkflowSecurity(this IServiceCollection services)
    {
        services.AddSingleton<Passwords>();
        services.AddSingleton<SignInThrottle>();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateDataAnnotations()
            .Validate<IHostEnvironment>((o, host) => !o.FindFaults(!host.IsDevelopment()).Any(), $"{OidcOptions.Section}: Authority, ClientId, ClientSecret 须完整，Authority 须为 https (must be complete and https)").ValidateOnStart();
        services.AddSingleton<Oidc>();
        services.AddSingleton<SignInService>();
        services.AddSingleton<ProcessRights>();
        services.AddHostedService<SignInLoop>();
        services.AddAuthentication(SignInScheme.Name)
            .AddPolicyScheme(SignInScheme.Name, null, o => o.ForwardDefaultSelector = SignInScheme.Select)
            .AddScheme<AuthenticationSchemeOptions, BearerTokenHandler>(BearerTokenHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null);
        services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationHandler, DesignHandler>();
        services.AddAuthorization(Rights.Configure);
    }

    public static void AddWorkflowApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => ApiJson.Configure(o.SerializerOptions));
        services.AddSingleton<InstanceAccess>();
        services.AddSingleton<OrganisationChanges>();
        services.AddSingleton<Clocks.TimeRuleChanges>();
        services.AddSingleton<Handover>();
        services.AddSingleton<PeopleCheck>();
        services.AddHostedService<NightlyCheck>();
        services.AddSingleton<Timeline>();
        services.AddSingleton<Tasks.AttachmentFiles>();
        services.AddSingleton<Tasks.AttachmentIntake>();
        services.AddSingleton<Tasks.ShownFiles>();
        services.AddSingleton<Tasks.BulkApproval>();
        services.AddSingleton<DueWork>();
        services.AddSingleton<HttpTriggers.HttpTriggerTable>();
        services.AddSingleton<HttpTriggers.ReplyWait>();
        services.AddWorkflowOpenApi();
    }

    public static void AddWorkflowOperations(this IServiceCollection services)
    {
        services.AddSingleton<Metrics>();
        services.AddSingleton<Readiness>();
    }

    /// <summary>What every route of the API passes: strict bodies, then idempotency on what changes state.</summary>
    public static RouteGroupBuilder WithApiFilters(this RouteGroupBuilder api)
    {
        api.AddEndpointFilterFactory((endpoint, next) =>
        {
            var filter = ActivatorUtilities.CreateInstance<IdempotencyFilter>(endpoint.ApplicationServices);
            var refusal = new RefusalFilter();
            return async context =>
            {
                var method = context.HttpContext.Request.Method;
                if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
                    return await refusal.InvokeAsync(context, next);
                return await refusal.InvokeAsync(context, c => filter.InvokeAsync(c, next));
            };
        });
        return api;
    }
}
