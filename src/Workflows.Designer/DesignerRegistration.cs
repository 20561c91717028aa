using Workflows.Designer.Api;
using Workflows.Designer.Live;
using Workflows.Designer.Processes;
using Workflows.Designer.Studio;

namespace Workflows.Designer;

/// <summary>Puts the designer into a host, which registers an <see cref="IDesignerHost"/>.</summary>
public static class DesignerRegistration
{
    public static IServiceCollection AddDesigner(this IServiceCollection services)
    {
        services.AddSingleton<StudioFiles>();
        services.AddSingleton<Toolbox>();
        services.AddSingleton<StudioDocuments>();
        services.AddSingleton<ExecutionReader>();
        services.AddSingleton<ProcessEditing>();
        services.AddSingleton<ProcessReader>();
        services.AddSingleton<ProcessRehearsal>();
        services.AddSingleton<Engine.Outbox.IEffectChannel, PublishChannel>();
        services.AddSingleton<LiveInstances>();
        services.AddHostedService(s => s.GetRequiredService<LiveInstances>());
        services.AddSignalR();
        return services;
    }

    /// <summary>Answers Studio's files; stands before sign-in, for they are nobody's own and come by the hundred.</summary>
    public static IApplicationBuilder UseStudioFiles(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (!await http.RequestServices.GetRequiredService<StudioFiles>().TrySendAsync(http))
            await next(http);
    });

    public static void MapDesigner(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/elsa/api").ExcludeFromDescription().AddEndpointFilter(Gate);
        api.MapDescriptors();
        api.MapDefinitions();
        api.MapInstances();
        app.MapHub<InstanceHub>(InstanceHub.Address);
        app.MapGroup(StudioFiles.BasePath).ExcludeFromDescription().MapProcessPages();
    }

    /// <summary>Whoever has no process to design, see or mend gets nothing, and what is sent must be JSON: no form of another site is.</summary>
    private static async ValueTask<object?> Gate(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (!HttpMethods.IsGet(request.Method) && request.ContentLength is > 0 && !request.HasJsonContentType())
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        return context.Arguments.OfType<StudioCall>().FirstOrDefault()?.Person.MayUseDesigner == true ? await next(context) : StudioAnswers.NotAllowed;
    }
}
