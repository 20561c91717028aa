using System.Text.Json;
using Workflows.Engine.Execution;
using Workflows.Host.Api;

namespace Workflows.Host.HttpTriggers;

/// <summary>Writes what a workflow answered. It may set headers, but not those that protect this host's callers.</summary>
internal sealed class WorkflowReply(HttpReply reply) : IResult
{
    private const string Sandboxed = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    private static readonly string[] Trusted = ["script", "text/css", "wasm"];

    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Set-Cookie", "Transfer-Encoding", "Content-Length", "Connection",
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Strict-Transport-Security", "Clear-Site-Data", "Service-Worker-Allowed", "Content-Type",
        "Alt-Svc", "NEL", "Report-To", "Reporting-Endpoints",
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = reply.StatusCode is >= 200 and <= 599 ? reply.StatusCode : StatusCodes.Status200OK;
        // A page that a definition writes shares our origin: it may look like something, but never act.
        response.Headers.ContentSecurityPolicy = Sandboxed;
        foreach (var (name, value) in reply.Headers)
        {
            if (!Kept.Contains(name) && name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !value.Any(char.IsControl))
                response.Headers[name] = value;
        }

        if (reply.Content is null || response.StatusCode is 204 or 304)
            return;
        var isText = reply.Content.GetValueKind() == JsonValueKind.String;
        var type = reply.ContentType is { Length: > 0 } given && !given.Any(char.IsControl) ? given : isText ? "text/plain" : "application/json";
        // Scripts and styles of our origin are what a page's policy trusts: a definition must not be able to supply them.
        if (Trusted.Any(t => type.Contains(t, StringComparison.OrdinalIgnoreCase)))
            type = "text/plain";
        response.ContentType = type.Contains("charset", StringComparison.OrdinalIgnoreCase) ? type : type + "; charset=utf-8";
        await response.WriteAsync(isText ? reply.Content.GetValue<string>() : reply.Content.ToJsonString(ApiJson.Options), httpContext.RequestAborted);
    }
}
