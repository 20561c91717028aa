using System.Globalization;
using Workflows.Activities.Flowcharts;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Http;

[Activity("Elsa.FlowSendHttpRequest", Category = "HTTP", Zh = "HTTP 请求（流程图）", En = "HTTP request (flow)", Kind = ActivityKind.Task,
    DescriptionZh = "发送 HTTP 请求，从状态码对应的出口离开。", DescriptionEn = "Sends an HTTP request and leaves by the status code.")]
[Outcome("Unmatched status code", Zh = "其他状态码", En = "Unmatched status code")]
[Outcome("Failed to connect", Zh = "连接失败", En = "Failed to connect")]
[Outcome("Timeout", Zh = "超时", En = "Timeout")]
[Outcome("Done", Zh = "完成", En = "Done")]
internal sealed class FlowSendHttpRequest : HttpCall
{
    [Input(Zh = "预期的状态码", En = "Expected status codes", Hint = "multitext")]
    public int[] ExpectedStatusCodes { get; set; } = [200];

    public override IReadOnlyList<string> OutcomesOf(ActivityNode node) =>
        [.. NodeJson.LiteralNames(node, "expectedStatusCodes") ?? ["200"], "Unmatched status code", "Failed to connect", "Timeout", "Done"];

    protected override void Answered(ActivityContext context, int statusCode) =>
        context.Complete(ExpectedStatusCodes.Contains(statusCode) ? statusCode.ToString(CultureInfo.InvariantCulture) : "Unmatched status code", "Done");

    protected override void NoAnswer(ActivityContext context) => context.Complete("Timeout");

    protected override void NoConnection(ActivityContext context) => context.Complete("Failed to connect");
}
