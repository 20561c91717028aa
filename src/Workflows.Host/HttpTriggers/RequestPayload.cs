using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Workflows.Activities.Http;
using Workflows.Engine.Definitions;
using Workflows.Host.Api;

namespace Workflows.Host.HttpTriggers;

/// <summary>
/// The request as the workflow sees it: {method, path, query, headers, routeData, contentType, content, parsedContent, files},
/// or with "refusal" in place of the last three, when the definition wants to answer it itself. Credentials are left out.
/// </summary>
internal static class RequestPayload
{
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Cookie", "Proxy-Authorization", IdempotencyFilter.Header };
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static async Task<(JsonObject? Payload, Problem? Problem)> ReadAsync(HttpContext http, PathString path, HttpTarget target)
    {
        var body = await BufferedBody.OfAsync(http);
        var limit = Math.Min(target.SizeLimit ?? long.MaxValue, BufferedBody.JsonLimit);
        var content = body.Bytes is null || body.Bytes.Length > limit
            ? new RequestContent { Problem = Refusals.TooLarge.Because($"最多 {limit} 字节", $"at most {limit} bytes"), Refusal = HttpRefusal.RequestTooLarge }
            : await ReadAsync(http, body.Bytes, target.Uploads);
        var exposed = content.Refusal is { } refusal && target.Uploads.Exposes(refusal);
        if (content.Problem is not null && !exposed)
            return (null, content.Problem);

        var payload = new JsonObject
        {
            ["method"] = http.Request.Method,
            ["path"] = path.Value,
            ["routeData"] = new JsonObject(target.Route.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Convert.ToString(v.Value, CultureInfo.InvariantCulture)))),
            ["query"] = Named(http.Request.Query.Select(q => (q.Key, q.Value.ToArray()))),
            ["headers"] = Named(http.Request.Headers.Where(h => !LeftOut.Contains(h.Key)).Select(h => (h.Key, h.Value.ToArray()))),
            ["contentType"] = http.Request.ContentType,
        };
        if (exposed)
        {
            payload["refusal"] = content.Refusal.ToString();
        }
        else
        {
            payload["content"] = content.Text;
            payload["parsedContent"] = content.Parsed;
            if (content.Files is { Count: > 0 } files)
                payload["files"] = files;
        }

        // Neither database keeps NUL in texts; the body was checked, addresses and headers may still carry one.
        return payload.ToJsonString().Contains("\\u0000", StringComparison.Ordinal)
            ? (null, Refusals.BadRequest.At("$", "nul-character", "请求含有 NUL 字符", "the request contains a NUL character"))
            : (payload, null);
    }

    private static async Task<RequestContent> ReadAsync(HttpContext http, byte[] bytes, UploadRules uploads)
    {
        if (bytes.Length == 0)
            return new RequestContent();
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (string.Equals(type, "multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return await Multipart.ReadAsync(http.Request.ContentType!, bytes, uploads, http.RequestAborted);
        if (TextOf(bytes) is not { } text)
            return RequestContent.Refused(Refusals.BadBody.At("$", "bad-utf8", "内容不是有效的 UTF-8", "not valid UTF-8"));

        if (http.Request.HasJsonContentType())
        {
            return StrictJson.Parse(bytes, DefinitionLimits.Default) switch
            {
                StrictJson.Result.Refused { Problem: var p } => RequestContent.Refused(Refusals.BadBody.At(p.Path, p.Code, p.Zh, p.En)),
                StrictJson.Result.Parsed parsed => new RequestContent { Text = text, Parsed = parsed.Node },
                _ => throw new InvalidOperationException("Unknown result of parsing."),
            };
        }

        if (type is "application/x-www-form-urlencoded")
            return new RequestContent { Text = text, Parsed = Named(QueryHelpers.ParseQuery(text).Select(f => (f.Key, f.Value.ToArray()))) };
        return type is null || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type is "application/xml"
            ? new RequestContent { Text = text, Parsed = JsonValue.Create(text) }
            : RequestContent.Refused(Refusals.UnsupportedMediaType);
    }

    /// <summary>Null when the bytes are not UTF-8.</summary>
    internal static string? TextOf(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One value as text, several as a list.</summary>
    internal static JsonObject Named(IEnumerable<(string Name, string?[] Values)> entries)
    {
        var named = new JsonObject();
        foreach (var (name, values) in entries)
            named[name] = values.Length == 1 ? values[0] : new JsonArray([.. values.Select(v => (JsonNode?)v)]);
        return named;
    }
}

/// <summary>What the body of a request holds, or why it is not taken.</summary>
internal sealed record RequestContent
{
    public string? Text { get; init; }

    public JsonNode? Parsed { get; init; }

    public JsonArray? Files { get; init; }

    public Problem? Problem { get; init; }

    /// <summary>Set when the definition may turn the problem into an outcome.</summary>
    public HttpRefusal? Refusal { get; init; }

    public static RequestContent Refused(Problem problem) => new() { Problem = problem };
}
