using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Primitives;

[Activity("Elsa.SetOutput", Category = "Composition", Zh = "设置输出", En = "Set output",
    DescriptionZh = "设置所在流程的一个输出。", DescriptionEn = "Sets an output of the enclosing workflow.")]
internal sealed class SetOutput : CodeActivity
{
    [Input(Zh = "输出名称", En = "Output name", Hint = "output-picker", Required = true)]
    public string? OutputName { get; set; }

    [Input(Zh = "值", En = "Output value")]
    public JsonNode? OutputValue { get; set; }

    protected override void Run(ActivityContext context)
    {
        if (string.IsNullOrEmpty(OutputName))
            throw new ActivityFailure("output-name", "没有给出输出名称 (no output name)");
        context.SetWorkflowOutput(OutputName, OutputValue);
    }
}
