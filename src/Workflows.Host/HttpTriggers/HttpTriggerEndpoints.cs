using Microsoft.AspNetCore.Authorization;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.HttpTriggers;

/// <summary>
/// Answers addresses below /workflows that definitions themselves declare (Elsa.HttpEndpoint): a request starts an instance
/// or wakes a waiting one, and is answered with what the workflow wrote.
/// </summary>
internal static class HttpTriggerEndpoints
{
    public const string BasePath = "/workflows";

    /// <summary>Initiator of what a caller without a sign-in started; no person's name can look like it.</summary>
    private const string Anonymous = "program:http";

    public static void MapHttpTriggers(this IEndpointRouteBuilder app) =>
        app.Map(BasePath + "/{**path}", HandleAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        HttpContext http, HttpTriggerTable table, WorkflowRuntime runtime, ReplyWait replies, CancellationToken cancellationToken)
    {
        http.Request.Path.StartsWithSegments(BasePath, out var path);
        var found = await table.FindAsync(http, path, cancellationToken);
        if (found.Problem is { } problem)
            return problem;
        var target = found.Target!;
        // A policy asks for a sign-in too, whatever "authorize" says.
        var named = !string.IsNullOrEmpty(target.Policy);
        if ((target.Authorize || named) && Actor.Of(http.User) is null)
        {
            http.Response.Headers.WWWAuthenticate = BearerTokenHandler.SchemeName;
            return Refusals.SignInNeeded;
        }

        var actor = await Actor.BindAsync(http);
        // Who must sign in to start it must also be somebody who may start it.
        if (target.Authorize && target.DefinitionId is { } starts && target.BookmarkId is null && !actor!.MayStart(starts))
            return Refusals.NotFound;
        if (named && !await IsGrantedAsync(http, target.Policy!))
            return Refusals.NotAllowed;

        var (payload, refused) = await RequestPayload.ReadAsync(http, path, target);
        if (refused is not null)
            return refused;
        var key = await KeyOfAsync(http);
        if (key.Problem is { } badKey)
            return badKey;

        var instanceId = target.InstanceId ?? runtime.NewInstanceId();
        using var exchange = runtime.AwaitHttpReply(instanceId);
        var delivery = target.BookmarkId is { } bookmark
            ? await runtime.DeliverAsync(instanceId, new Stimulus.Resume(bookmark, payload), key.Key, cancellationToken)
            : await runtime.StartAsync(new StartRequest
            {
                InstanceId = instanceId,
                DefinitionId = target.DefinitionId!,
                InitiatedBy = actor?.Name ?? Anonymous,
                CorrelationId = target.CorrelationId,
                TriggerActivityId = target.ActivityId,
                TriggerPayload = payload,
                Key = key.Key,
            }, cancellationToken);
        return delivery switch
        {
            Delivery.Applied { HttpReply: { } reply } => new WorkflowReply(reply),
            Delivery.Applied { Last: { Status: WorkflowStatus.Finished, SubStatus: WorkflowSubStatus.Faulted } } faulted => Refusals.WorkflowFailed.With("instanceId", faulted.Last.Id),
            Delivery.Applied applied => await replies.WaitAsync(applied.Last, exchange, target.Timeout, cancellationToken),
            // The first request was answered with what the workflow wrote; a repeat learns which instance took it.
            Delivery.Repeated repeated => Results.Json(new { instanceId = repeated.Earlier.InstanceId, repeated = true }, ApiJson.Options),
            _ => delivery.ToAnswer(_ => Results.Ok(), Refusals.NotFound),
        };
    }

    /// <summary>A policy is one of this host's, or the key of a role; one that nobody knows lets nobody in.</summary>
    private static async Task<bool> IsGrantedAsync(HttpContext http, string policy)
    {
        if (await http.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(policy) is null)
            return Actor.Of(http.User)?.Roles.Contains(policy) == true;
        return (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, null, policy)).Succeeded;
    }

    private static async Task<(IdempotencyKey? Key, Problem? Problem)> KeyOfAsync(HttpContext http)
    {
        var (text, problem) = IdempotencyFilter.KeyOf(http.Request);
        if (text is null)
            return (null, problem);
        var body = await BufferedBody.OfAsync(http);
        return (new IdempotencyKey($"http:{Actor.NameOf(http.User)}:{http.Request.Method}:{http.Request.Path}:{text}", body.Fingerprint(http.Request)), null);
    }
}
