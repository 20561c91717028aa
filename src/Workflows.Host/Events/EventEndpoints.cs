using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Events;

/// <summary>Telling waiting workflows that something happened.</summary>
internal static class EventEndpoints
{
    private const int LongestName = 200;

    internal sealed record PublishEvent(JsonNode? Payload = null, string? CorrelationId = null, string? InstanceId = null);

    /// <param name="EventId">Under which the event is stored.</param>
    /// <param name="Reached">Waiters and starts it reached at once; with 0 it is kept for a while for whoever comes.</param>
    internal sealed record Published(string EventId, int Reached);

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapPost("/events/{name}", PublishAsync).WithTags("events").WithMetadata(new BodyOptional())
            .Accepts<PublishEvent>("application/json").Produces<Published>(202).WithSummary("发布事件 (publish)");

    private static async Task<IResult> PublishAsync(
        string name, HttpContext http, Strict<PublishEvent> body, Actor actor, EventHub events, InstanceAccess access, IGraphSource graphs, CancellationToken cancellationToken)
    {
        if (name.Length > LongestName || name.Contains('\0', StringComparison.Ordinal))
            return Refusals.BadRequest.At("name", "out-of-range", $"事件名最多 {LongestName} 字", $"an event name has at most {LongestName} characters");
        var (payload, correlationId, instanceId) = (body.Value.Payload, body.Value.CorrelationId, body.Value.InstanceId);
        // An event can move any workflow that waits for its name, so only publishers reach all; who started an instance may tell
        // it something. Whoever may not see an instance learns nothing of it.
        if (instanceId is null && !actor.MayPublishEvents)
            return Refusals.NotAllowed;
        if (instanceId is not null && !actor.MayPublishEvents)
        {
            if (await access.FindAsync(instanceId, actor, cancellationToken) is not { } found)
                return Refusals.NotFound;
            // Only events the definition offers to its initiator: any other could pretend that somebody else has acted.
            if (found.InitiatedBy != actor.Name || !await IsOfferedAsync(found, name, graphs, cancellationToken))
                return Refusals.NotAllowed;
        }

        var id = RequestKey.Of(http)?.Key ?? $"api:{actor.Name}:{Guid.NewGuid():N}";
        var reached = await events.PublishAsync(new PublishedEvent(id, name, payload, correlationId, instanceId) { By = actor.Name }, cancellationToken);
        return StoredAnswer.Of(new Published(id, reached), 202);
    }

    /// <summary>Custom property "initiatorEvents" of the definition: names of events that whoever started an instance may raise in it.</summary>
    private static async Task<bool> IsOfferedAsync(InstanceSummary instance, string name, IGraphSource graphs, CancellationToken cancellationToken) =>
        (await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken))?.Workflow.CustomProperties?["initiatorEvents"] is JsonArray offered
        && offered.OfType<JsonValue>().Any(v => v.TryGetValue(out string? one) && one == name);
}
