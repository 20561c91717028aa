using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Http;

[Activity("Elsa.SendHttpRequest", Category = "HTTP", Zh = "HTTP 请求", En = "HTTP request", Kind = ActivityKind.Task,
    DescriptionZh = "发送 HTTP 请求，按状态码执行分支。", DescriptionEn = "Sends an HTTP request and runs a branch by status code.")]
internal sealed class SendHttpRequest : HttpCall
{
    [Input(Zh = "预期的状态码", En = "Expected status codes", Hint = "http-status-codes", Wrapped = false, AutoEvaluate = false)]
    public JsonNode? ExpectedStatusCodes { get; set; }

    [Branch(Zh = "其他状态码", En = "Unmatched status code")]
    public ActivityNode? UnmatchedStatusCode { get; set; }

    [Branch(Zh = "连接失败", En = "Failed to connect")]
    public ActivityNode? FailedToConnect { get; set; }

    [Branch(Name = "timeout", Zh = "超时", En = "Timeout")]
    public ActivityNode? TimedOut { get; set; }

    protected override void Answered(ActivityContext context, int statusCode)
    {
        var expected = context.Node.Json["expectedStatusCodes"] as JsonArray ?? [];
        var index = Enumerable.Range(0, expected.Count).FirstOrDefault(i => (int?)expected[i]?["statusCode"] == statusCode, -1);
        Follow(context, index >= 0 ? context.Node.Branch($"expectedStatusCodes[{index}].activity") : UnmatchedStatusCode);
    }

    protected override void NoAnswer(ActivityContext context) => Follow(context, TimedOut);

    protected override void NoConnection(ActivityContext context) => Follow(context, FailedToConnect);

    private static void Follow(ActivityContext context, ActivityNode? branch)
    {
        if (branch is null)
            context.Complete();
        else
            context.Schedule(branch);
    }
}
