using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;

namespace Workflows.Designer.Api;

/// <summary>Answers in the shapes Studio knows.</summary>
internal static class StudioAnswers
{
    private const int WorthCompressing = 1_400;

    public static IResult NotFound { get; } = Json.Answer(new JsonObject { ["statusCode"] = 404, ["message"] = "没有这个对象 (not found)" }, 404);

    public static IResult NotAllowed { get; } = Json.Answer(new JsonObject { ["statusCode"] = 403, ["message"] = "没有权限 (not allowed)" }, 403);

    /// <summary>The revision the caller named is not the one there is.</summary>
    public static IResult Changed { get; } = Json.Answer(new JsonObject { ["statusCode"] = 412, ["message"] = "已被他人修改 (changed by somebody else)" }, 412);

    /// <summary>Studio shows each message of a 400 as a red note, and only those.</summary>
    public static IResult Refused(params IEnumerable<string> messages) => Json.Answer(
        new JsonObject
        {
            ["statusCode"] = 400,
            ["message"] = string.Join("；", messages),
            ["errors"] = new JsonObject { ["generalErrors"] = Json.Texts(messages) },
        },
        400);

    /// <summary>An answer that the browser keeps and asks after: unchanged it costs a few bytes. Never kept for others.</summary>
    public static IResult Kept(HttpContext http, JsonNode node) => Kept(http, Content.Of(Json.Text(node)));

    public static IResult Kept(HttpContext http, Content content)
    {
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Accept-Encoding, Cookie";
        http.Response.Headers.ETag = content.Tag;
        if (http.Request.Headers.IfNoneMatch.ToString() == content.Tag)
            return Results.StatusCode(StatusCodes.Status304NotModified);
        if (content.Compressed is { } small && http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            http.Response.Headers.ContentEncoding = "br";
            return Results.Bytes(small, "application/json; charset=utf-8");
        }

        return Results.Bytes(content.Plain, "application/json; charset=utf-8");
    }

    /// <summary>What a change of a definition came to, when it did not succeed.</summary>
    public static IResult Of(DefinitionOutcome outcome) => outcome switch
    {
        DefinitionOutcome.NotFound => NotFound,
        DefinitionOutcome.Unreadable unreadable => Refused(unreadable.Problems.Select(p => $"{p.Path}：{p.Zh} ({p.En})")),
        DefinitionOutcome.Invalid invalid => Refused(Faults(invalid.Faults)),
        DefinitionOutcome.Stale => Refused("流程已被他人修改，请刷新页面后再改 (somebody else changed this process; reload the page)"),
        DefinitionOutcome.Refused refused => Refused($"{refused.Zh} ({refused.En})"),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    /// <summary>One line per fault that stands in the way of publication.</summary>
    public static IEnumerable<string> Faults(IEnumerable<DefinitionFault> faults) =>
        faults.Where(f => f.Severity == FaultSeverity.Fault).Select(f => $"“{f.Node}”：{f.Zh}");

    /// <summary>A body with its tag, compressed once.</summary>
    internal sealed record Content(byte[] Plain, byte[]? Compressed, string Tag)
    {
        public static Content Of(string text, CompressionLevel level = CompressionLevel.Fastest)
        {
            var plain = Encoding.UTF8.GetBytes(text);
            byte[]? compressed = null;
            if (plain.Length > WorthCompressing)
            {
                using var small = new MemoryStream();
                using (var brotli = new BrotliStream(small, level))
                    brotli.Write(plain);
                compressed = small.ToArray();
            }

            return new Content(plain, compressed, $"\"{Convert.ToHexString(SHA256.HashData(plain))[..20]}\"");
        }
    }
}
