using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Workflows.Engine.Definitions;
using Workflows.Host.Api;

namespace Workflows.Host.HttpTriggers;

/// <summary>
/// The request as the workflow sees it: {method, path, query, headers, routeData, contentType, content, parsedContent}.
/// Credentials are left out.
/// </summary>
internal static class RequestPayload
{
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Cookie", "Proxy-Authorization", IdempotencyFilter.Header };
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static async Task<(JsonObject? Payload, Problem? Problem)> ReadAsync(HttpContext http, PathString path, HttpTarget target)
    {
        var body = await BufferedBody.OfAsync(http);
        if (body.Bytes is null || body.Bytes.Length > (target.SizeLimit ?? int.MaxValue))
            return (null, Refusals.TooLarge);
        var (content, parsed, problem) = Read(http.Request, body.Bytes);
        if (problem is not null)
            return (null, problem);

        var payload = new JsonObject
        {
            ["method"] = http.Request.Method,
            ["path"] = path.Value,
            ["routeData"] = new JsonObject(target.Route.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Convert.ToString(v.Value, CultureInfo.InvariantCulture)))),
            ["query"] = Named(http.Request.Query.Select(q => (q.Key, q.Value.ToArray()))),
            ["headers"] = Named(http.Request.Headers.Where(h => !LeftOut.Contains(h.Key)).Select(h => (h.Key, h.Value.ToArray()))),
            ["contentType"] = http.Request.ContentType,
            ["content"] = content,
            ["parsedContent"] = parsed,
        };
        // Neither database keeps NUL in texts; the body was checked, addresses and headers may still carry one.
        return payload.ToJsonString().Contains("\\u0000", StringComparison.Ordinal)
            ? (null, Refusals.BadRequest.At("$", "nul-character", "请求含有 NUL 字符", "the request contains a NUL character"))
            : (payload, null);
    }

    private static (string? Content, JsonNode? Parsed, Problem? Problem) Read(HttpRequest request, byte[] bytes)
    {
        if (bytes.Length == 0)
            return (null, null, null);
        string text;
        try
        {
            text = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return (null, null, Refusals.BadBody.At("$", "bad-utf8", "内容不是有效的 UTF-8", "not valid UTF-8"));
        }

        if (request.HasJsonContentType())
        {
            return StrictJson.Parse(bytes, DefinitionLimits.Default) switch
            {
                StrictJson.Result.Refused { Problem: var p } => (null, null, Refusals.BadBody.At(p.Path, p.Code, p.Zh, p.En)),
                StrictJson.Result.Parsed parsed => (text, parsed.Node, null),
                _ => throw new InvalidOperationException("Unknown result of parsing."),
            };
        }

        var type = request.ContentType?.Split(';')[0].Trim();
        if (type is "application/x-www-form-urlencoded")
            return (text, Named(QueryHelpers.ParseQuery(text).Select(f => (f.Key, f.Value.ToArray()))), null);
        return type is null || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type is "application/xml"
            ? (text, JsonValue.Create(text), null)
            : (null, null, Refusals.UnsupportedMediaType);
    }

    /// <summary>One value as text, several as a list.</summary>
    private static JsonObject Named(IEnumerable<(string Name, string?[] Values)> entries)
    {
        var named = new JsonObject();
        foreach (var (name, values) in entries)
            named[name] = values.Length == 1 ? values[0] : new JsonArray([.. values.Select(v => (JsonNode?)v)]);
        return named;
    }
}
