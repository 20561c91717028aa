using System.Net;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Http;

[Activity("Elsa.WriteHttpResponse", Category = "HTTP", Zh = "HTTP 应答", En = "HTTP response",
    DescriptionZh = "应答正在等待的 HTTP 请求。", DescriptionEn = "Answers the HTTP request that waits.")]
internal sealed class WriteHttpResponse : CodeActivity
{
    [Input(Zh = "状态码", En = "Status code", Hint = "dropdown")]
    public HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    [Input(Zh = "内容", En = "Content", Hint = "multiline")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "内容类型", En = "Content type")]
    public string? ContentType { get; set; }

    [Input(Zh = "应答头", En = "Response headers", Hint = "json-editor")]
    public JsonNode? ResponseHeaders { get; set; }

    protected override void Run(ActivityContext context)
    {
        var type = !string.IsNullOrEmpty(ContentType) ? ContentType
            : Content is null ? null
            : Content is JsonValue value && value.TryGetValue(out string? _) ? "text/plain" : "application/json";
        context.Reply(new HttpReply((int)StatusCode, Content?.DeepClone(), type, Headers.Of(ResponseHeaders)));
    }
}

/// <summary>HTTP headers as inputs carry them: an object whose values are text or lists of text.</summary>
internal static class Headers
{
    public static IReadOnlyDictionary<string, string> Of(JsonNode? headers) => headers is JsonObject named
        ? named.Where(h => h.Value is not null).ToDictionary(
            h => h.Key,
            h => h.Value is JsonArray several ? string.Join(", ", several.Select(ValueConverter.Text)) : ValueConverter.Text(h.Value)!)
        : new Dictionary<string, string>();
}
