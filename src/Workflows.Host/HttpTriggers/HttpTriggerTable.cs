using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Activities.Http;
using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.HttpTriggers;

/// <summary>What a request hit: a trigger of a published definition, or a waiting instance.</summary>
internal sealed record HttpTarget(
    string? DefinitionId,
    string? ActivityId,
    string? InstanceId,
    string? BookmarkId,
    string? CorrelationId,
    RouteValueDictionary Route,
    bool Authorize,
    string? Policy,
    long? SizeLimit,
    TimeSpan? Timeout,
    UploadRules Uploads);

/// <summary>
/// Finds who answers a request: triggers first, then waiting instances, narrowed by "workflowInstanceId" and "correlationId"
/// from query or header. More than one is refused as ambiguous, rather than one being picked by chance.
/// </summary>
internal sealed class HttpTriggerTable(IDefinitionStore definitions, IBookmarkStore bookmarks)
{
    private const string Endpoint = "Elsa.HttpEndpoint";
    private const int MostWaiting = 5_000;

    public async Task<(HttpTarget? Target, Problem? Problem)> FindAsync(HttpContext http, PathString path, CancellationToken cancellationToken)
    {
        var instanceId = Given(http.Request, "workflowInstanceId", "X-Workflow-Instance-Id");
        var correlationId = Given(http.Request, "correlationId", "X-Correlation-Id");
        var method = http.Request.Method;
        var pathKnown = false;
        var targets = new List<HttpTarget>();
        if (instanceId is null)
        {
            foreach (var trigger in await definitions.ListTriggersAsync([Endpoint], cancellationToken))
            {
                if (Matches(trigger.Payload, path, method, ref pathKnown) is { } route)
                    targets.Add(Target(trigger.Payload, route) with { DefinitionId = trigger.DefinitionId, ActivityId = trigger.ActivityId, CorrelationId = correlationId });
            }
        }

        if (targets.Count == 0)
        {
            foreach (var bookmark in await bookmarks.FindByNameAsync(Endpoint, MostWaiting, cancellationToken))
            {
                if ((instanceId is null || bookmark.InstanceId == instanceId)
                    && (correlationId is null || bookmark.CorrelationId == correlationId)
                    && Matches(bookmark.Payload, path, method, ref pathKnown) is { } route)
                    targets.Add(Target(bookmark.Payload, route) with { InstanceId = bookmark.InstanceId, BookmarkId = bookmark.Id });
            }
        }

        return targets.Count switch
        {
            1 => (targets[0], null),
            > 1 => (null, Refusals.Ambiguous),
            _ => (null, pathKnown ? Refusals.MethodNotAllowed : Refusals.NotFound),
        };
    }

    private static RouteValueDictionary? Matches(JsonNode? payload, PathString path, string method, ref bool pathKnown)
    {
        if (Member(payload, "path") is not { } template || RouteMatch.Match(template, path) is not { } route)
            return null;
        pathKnown = true;
        return string.Equals(Member(payload, "method") ?? "get", method, StringComparison.OrdinalIgnoreCase) ? route : null;
    }

    private static HttpTarget Target(JsonNode? payload, RouteValueDictionary route) => new(
        null, null, null, null, null, route,
        bool.TryParse(Member(payload, "authorize"), out var authorize) && authorize,
        Member(payload, "policy"),
        long.TryParse(Member(payload, "requestSizeLimit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null,
        TimeSpan.TryParse(Member(payload, "requestTimeout"), CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero ? timeout : null,
        UploadRules.Read((payload as JsonObject)?["Uploads"]));

    /// <summary>A member as text; names compare without case because hashed payloads are in Pascal case.</summary>
    private static string? Member(JsonNode? payload, string name) =>
        (payload as JsonObject)?.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is JsonValue value
            ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
            : null;

    private static string? Given(HttpRequest request, string parameter, string header) =>
        request.Query[parameter].ToString() is { Length: > 0 } text ? text
        : request.Headers[header].ToString() is { Length: > 0 } sent ? sent
        : null;
}
