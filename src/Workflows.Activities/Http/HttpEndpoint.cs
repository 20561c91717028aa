using System.Text.Json.Nodes;
using Workflows.Activities.Flowcharts;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Http;

/// <summary>
/// Waits for an HTTP request, or is started by one. One trigger or bookmark per method, see <see cref="HttpRoute"/>; the data stored
/// beside it is {Path, Method, Authorize, Policy?, RequestTimeout?, RequestSizeLimit?, Uploads?}. The host resumes it with
/// {method, path, query: {}, headers: {}, routeData: {}, parsedContent, files?: [], refusal?}, which becomes the result. A file
/// is {name, field, contentType, length, content}, the content in base64. With a refusal (<see cref="HttpRefusal"/>) there is
/// neither content nor files, and the activity leaves by that outcome.
/// </summary>
[Activity(HttpRoute.StimulusName, Category = "HTTP", Zh = "HTTP 入口", En = "HTTP endpoint", Kind = ActivityKind.Trigger,
    DescriptionZh = "等待 HTTP 请求，或由它启动流程。", DescriptionEn = "Waits for an HTTP request, or is started by it.")]
[Outcome(Done, Zh = "完成", En = Done)]
[Outcome(RequestTooLarge, Zh = "请求过大", En = RequestTooLarge)]
[Outcome(FileTooLarge, Zh = "文件过大", En = FileTooLarge)]
[Outcome(InvalidFileExtension, Zh = "文件扩展名不允许", En = InvalidFileExtension)]
[Outcome(InvalidFileMimeType, Zh = "文件类型不允许", En = InvalidFileMimeType)]
internal sealed class HttpEndpoint : Activity
{
    private const string Done = "Done";
    private const string RequestTooLarge = "Request too large";
    private const string FileTooLarge = "File too large";
    private const string InvalidFileExtension = "Invalid file extension";
    private const string InvalidFileMimeType = "Invalid file MIME type";

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

    [Input(Zh = "单个文件上限（字节）", En = "File size limit", DescriptionZh = "所有文件合计不超过 240 KB。", DescriptionEn = "All files together are at most 240 KB.")]
    public long? FileSizeLimit { get; set; }

    [Input(Zh = "允许的扩展名", En = "Allowed file extensions", Hint = "multitext")]
    public string[]? AllowedFileExtensions { get; set; }

    [Input(Zh = "禁止的扩展名", En = "Blocked file extensions", Hint = "multitext")]
    public string[]? BlockedFileExtensions { get; set; }

    [Input(Zh = "允许的文件类型", En = "Allowed MIME types", Hint = "multitext")]
    public string[]? AllowedMimeTypes { get; set; }

    [Input(Zh = "请求过大时走单独出口", En = "Expose \"Request too large\" outcome", Hint = "checkbox", Wrapped = false)]
    public bool ExposeRequestTooLargeOutcome { get; set; }

    [Input(Zh = "文件过大时走单独出口", En = "Expose \"File too large\" outcome", Hint = "checkbox", Wrapped = false)]
    public bool ExposeFileTooLargeOutcome { get; set; }

    [Input(Zh = "扩展名不允许时走单独出口", En = "Expose \"Invalid file extension\" outcome", Hint = "checkbox", Wrapped = false)]
    public bool ExposeInvalidFileExtensionOutcome { get; set; }

    [Input(Zh = "文件类型不允许时走单独出口", En = "Expose \"Invalid file MIME type\" outcome", Hint = "checkbox", Wrapped = false)]
    public bool ExposeInvalidFileMimeTypeOutcome { get; set; }

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

    [Output(Zh = "第一个文件", En = "File")]
    public JsonNode? File { get; set; }

    public override IReadOnlyList<string> OutcomesOf(ActivityNode node)
    {
        var outcomes = new List<string> { Done };
        foreach (var (member, outcome) in new[]
        {
            ("exposeRequestTooLargeOutcome", RequestTooLarge), ("exposeFileTooLargeOutcome", FileTooLarge),
            ("exposeInvalidFileExtensionOutcome", InvalidFileExtension), ("exposeInvalidFileMimeTypeOutcome", InvalidFileMimeType),
        })
        {
            if (NodeJson.Flag(node, member))
                outcomes.Add(outcome);
        }

        return outcomes;
    }

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
            File = (parts["files"] as JsonArray)?.FirstOrDefault()?.DeepClone();
        }

        context.Complete(Enum.TryParse<HttpRefusal>((string?)(request as JsonObject)?["refusal"], out var refusal) ? OutcomeOf(refusal) : Done);
    }

    private static string OutcomeOf(HttpRefusal refusal) => refusal switch
    {
        HttpRefusal.RequestTooLarge => RequestTooLarge,
        HttpRefusal.FileTooLarge => FileTooLarge,
        HttpRefusal.InvalidFileExtension => InvalidFileExtension,
        HttpRefusal.InvalidFileMimeType => InvalidFileMimeType,
        _ => throw new InvalidOperationException($"Unknown refusal {refusal}."),
    };

    private IEnumerable<HttpRefusal> Exposed()
    {
        if (ExposeRequestTooLargeOutcome)
            yield return HttpRefusal.RequestTooLarge;
        if (ExposeFileTooLargeOutcome)
            yield return HttpRefusal.FileTooLarge;
        if (ExposeInvalidFileExtensionOutcome)
            yield return HttpRefusal.InvalidFileExtension;
        if (ExposeInvalidFileMimeTypeOutcome)
            yield return HttpRefusal.InvalidFileMimeType;
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
        var exposed = Exposed().ToArray();
        var uploads = new UploadRules
        {
            FileSizeLimit = FileSizeLimit,
            AllowedFileExtensions = AllowedFileExtensions is { Length: > 0 } ? AllowedFileExtensions : null,
            BlockedFileExtensions = BlockedFileExtensions is { Length: > 0 } ? BlockedFileExtensions : null,
            AllowedMimeTypes = AllowedMimeTypes is { Length: > 0 } ? AllowedMimeTypes : null,
            Exposed = exposed.Length > 0 ? exposed : null,
        };
        if (uploads != UploadRules.None)
            data["Uploads"] = uploads.ToJson();
        return data;
    }
}
