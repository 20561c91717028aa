using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Host.Api;

/// <summary>An answer in the form in which it is sent, kept, and given again to a repeat with the same idempotency key.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ETag">Entity tag with its quotes.</param>
/// <param name="Location">Where the new thing is.</param>
/// <param name="Body">JSON body; null for none.</param>
internal sealed record StoredAnswer(int Status, string? ETag = null, string? Location = null, JsonNode? Body = null) : IResult
{
    private const string ReplayedHeader = "Idempotency-Replayed";

    private bool Replayed { get; init; }

    public static StoredAnswer Of<T>(T body, int status = 200, string? eTag = null, string? location = null) =>
        new(status, eTag, location, JsonSerializer.SerializeToNode(body, ApiJson.Options));

    public string ToText() => JsonSerializer.Serialize(this, ApiJson.Options);

    /// <summary>What a repeat is answered with.</summary>
    public static StoredAnswer Replay(string text) => JsonSerializer.Deserialize<StoredAnswer>(text, ApiJson.Options)! with { Replayed = true };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Location is not null)
            response.Headers.Location = Location;
        if (Replayed)
            response.Headers[ReplayedHeader] = "true";
        if (Body is not null)
            await response.WriteAsJsonAsync(Body, ApiJson.Options, "application/json; charset=utf-8", httpContext.RequestAborted);
    }
}
