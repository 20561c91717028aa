using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Http;

/// <summary>
/// What both request activities share. Effect <c>http</c>, awaited: {method, url, headers: {name: text}, content?, contentType?, timeout?}
/// (content and contentType only together; timeout as "hh:mm:ss"). Result of <c>Done</c>: {statusCode, headers: {}, content}, for every
/// answer the server gave, 4xx and 5xx too, with JSON content parsed. <c>Transient</c> after the last try or <c>Refused</c>: no connection. <c>Ambiguous</c>: sent, but no answer came.
/// </summary>
/// <remarks>GET, HEAD, OPTIONS, PUT and DELETE are notices, since a repeat is harmless by their meaning; other methods are irreversible.</remarks>
internal abstract class HttpCall : Activity
{
    private static readonly string[] Repeatable = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

    [Input(Zh = "地址", En = "URL", Required = true)]
    public string Url { get; set; } = "";

    [Input(Zh = "方法", En = "Method", Hint = "dropdown", Options = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])]
    public string Method { get; set; } = "GET";

    [Input(Zh = "内容", En = "Content", Hint = "multiline")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "内容类型", En = "Content type")]
    public string? ContentType { get; set; }

    [Input(Zh = "授权头", En = "Authorization", IsSensitive = true)]
    public string? Authorization { get; set; }

    [Input(Zh = "请求头", En = "Request headers", Hint = "json-editor")]
    public JsonNode? RequestHeaders { get; set; }

    // Elsa's SendHttpRequest has a branch called "timeout".
    [Input(Name = "requestTimeout", Zh = "时限", En = "Timeout")]
    public TimeSpan? Timeout { get; set; }

    [Output(Zh = "应答", En = "Response")]
    public JsonNode? Result { get; set; }

    [Output(Zh = "状态码", En = "Status code")]
    public int? StatusCode { get; set; }

    [Output(Zh = "应答内容", En = "Parsed content")]
    public JsonNode? ParsedContent { get; set; }

    [Output(Zh = "应答头", En = "Response headers")]
    public JsonNode? ResponseHeaders { get; set; }

    public override void Execute(ActivityContext context)
    {
        var headers = new JsonObject(Headers.Of(RequestHeaders).Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value)));
        if (!string.IsNullOrEmpty(Authorization))
            headers[nameof(Authorization)] = Authorization;
        var method = Method.Trim().ToUpperInvariant();
        var payload = new JsonObject { ["method"] = method, ["url"] = Url, ["headers"] = headers };
        if (Content is not null && !string.IsNullOrEmpty(ContentType))
        {
            payload["content"] = Content.DeepClone();
            payload["contentType"] = ContentType;
        }

        if (Timeout is { } timeout)
            payload["timeout"] = timeout.ToString("c", CultureInfo.InvariantCulture);
        context.Perform("http", payload, Repeatable.Contains(method) ? EffectClass.Notice : EffectClass.Irreversible, wait: true, maxAttempts: 3);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        switch (resumption.Effect)
        {
            case EffectOutcome.Done:
                Result = resumption.Payload;
                StatusCode = (int?)resumption.Payload?["statusCode"];
                ParsedContent = resumption.Payload?["content"]?.DeepClone();
                ResponseHeaders = resumption.Payload?["headers"]?.DeepClone();
                Answered(context, StatusCode ?? 0);
                break;
            case EffectOutcome.Ambiguous ambiguous:
                context.Journal("Timeout", ambiguous.Error);
                NoAnswer(context);
                break;
            case EffectOutcome.Refused refused:
                context.Journal("FailedToConnect", refused.Error);
                NoConnection(context);
                break;
            case EffectOutcome.Transient transient:
                context.Journal("FailedToConnect", transient.Error);
                NoConnection(context);
                break;
        }
    }

    protected abstract void Answered(ActivityContext context, int statusCode);

    protected abstract void NoAnswer(ActivityContext context);

    protected abstract void NoConnection(ActivityContext context);
}
