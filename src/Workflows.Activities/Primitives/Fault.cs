using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Primitives;

[Activity("Elsa.Fault", Category = "Primitives", Zh = "报错", En = "Fault",
    DescriptionZh = "以给定的代码和说明失败。", DescriptionEn = "Fails with the given code and message.")]
internal sealed class Fault : Activity
{
    [Input(Zh = "代码", En = "Code")]
    public string Code { get; set; } = "0";

    [Input(Zh = "类别", En = "Category")]
    public string Category { get; set; } = "General";

    [Input(Zh = "类型", En = "Type")]
    public string FaultType { get; set; } = "System";

    [Input(Zh = "说明", En = "Message", Hint = "multiline")]
    public string? Message { get; set; }

    public override void Execute(ActivityContext context) =>
        throw new ActivityFailure($"{FaultType}/{Category}/{Code}", Message ?? Code);
}
