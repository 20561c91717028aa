using Microsoft.AspNetCore.Authorization;

namespace Workflows.Host.Security;

/// <summary>May change the definition that the route names; one that names none asks for the right on any.</summary>
internal sealed class DesignRequirement : IAuthorizationRequirement;

/// <summary>
/// Decides before a body is read or anything looked up, so that what exists and what does not look the same to whoever may not
/// design.
/// </summary>
internal sealed class DesignHandler : AuthorizationHandler<DesignRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DesignRequirement requirement)
    {
        if (Actor.Of(context.User)?.MayEditDefinitions == true
            || (context.Resource is HttpContext http && await Actor.BindAsync(http) is { } actor
                && (http.GetRouteValue("id") is string id ? actor.MayDesign(id) : actor.Processes!.Definitions.Any(actor.MayDesign))))
            context.Succeed(requirement);
    }
}
