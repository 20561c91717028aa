using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Http;

/// <summary>
/// Waits for an HTTP request, or is started by one. One trigger or bookmark per method, see <see cref="HttpRoute"/>; the data stored
/// beside it is {Path, Method, Authorize, Policy?, RequestTimeout?, RequestSizeLimit?}. The host resumes it with
/// {method, path, query: {}, headers: {}, routeData: {}, parsedContent, files?: []}, which becomes the result.
/// </summary>
[Activity(HttpRoute.StimulusName, Category = "HTTP", Zh = "HTTP 入口", En = "HTTP endpoint", Kind = ActivityKind.Trigger,
    DescriptionZh = "等待 HTTP 请求，或由它启动流程。", DescriptionEn = "Waits for an HTTP request, or is started by it.")]
internal sealed class HttpEndpoint : Activity
{
    [Input(Zh = "路径", En = "Path", Required = true)]
    public string Path { get; set; } = "";

    [Input(Zh = "方法", En = "Methods", Hint = "checklist", Options = ["GET", "POST", "PUT", "PATCH", "DELETE"])]
    public string[] SupportedMethods { get; set; } = ["GET"];

    [Input(Zh = "需要登录", En = "Authorize", Hint = "checkbox")]
    public bool Authorize { get; set; }

    [Input(Zh = "授权策略", En = "Policy")]
    public string? Policy { get; set; }

    [Input(Zh = "请求时限", En = "Request timeout")]
    public TimeSpan? RequestTimeout { get; set; }

    [Input(Zh = "大小上限（字节）", En = "Request size limit")]
    public long? RequestSizeLimit { get; set; }

    [Output(Zh = "请求", En = "Request")]
    public JsonNode? Result { get; set; }

    [Output(Zh = "内容", En = "Parsed content")]
    public JsonNode? ParsedContent { get; set; }

    [Output(Zh = "路由数据", En = "Route data")]
    public JsonNode? RouteData { get; set; }

    [Output(Zh = "查询参数", En = "Query string data")]
    public JsonNode? QueryStringData { get; set; }

    [Output(Zh = "请求头", En = "Headers")]
    public JsonNode? Headers { get; set; }

    [Output(Zh = "文件", En = "Files")]
    public JsonNode? Files { get; set; }

    public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) =>
        SupportedMethods.Select(method => new TriggerStimulus(HttpRoute.StimulusName, HttpRoute.Stimulus(Path, method), Data(method)));

    public override void Execute(ActivityContext context)
    {
        if (context.IsTrigger)
        {
            Take(context, context.TriggerPayload);
            return;
        }

        foreach (var method in SupportedMethods)
            context.Wait(HttpRoute.StimulusName, HttpRoute.Stimulus(Path, method), shared: true, payload: Data(method));
    }

    public override void Resume(ActivityContext context, Resumption resumption) => Take(context, resumption.Payload);

    private void Take(ActivityContext context, JsonNode? request)
    {
        Result = request;
        if (request is JsonObject parts)
        {
            ParsedContent = parts["parsedContent"]?.DeepClone();
            RouteData = parts["routeData"]?.DeepClone();
            QueryStringData = parts["query"]?.DeepClone();
            Headers = parts["headers"]?.DeepClone();
            Files = parts["files"]?.DeepClone();
        }

        context.Complete();
    }

    private JsonObject Data(string method)
    {
        var data = HttpRoute.Stimulus(Path, method);
        data[nameof(Authorize)] = Authorize;
        if (Policy is not null)
            data[nameof(Policy)] = Policy;
        if (RequestTimeout is { } timeout)
            data[nameof(RequestTimeout)] = ValueConverter.ToJson(timeout);
        if (RequestSizeLimit is { } limit)
            data[nameof(RequestSizeLimit)] = limit;
        return data;
    }
}
