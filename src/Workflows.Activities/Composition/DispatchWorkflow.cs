using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Composition;

/// <summary>
/// Starts another workflow; completes once the start is accepted, or with waitForCompletion once the child is finished. Elsa
/// does not wait for the acceptance; we do, so that a definition that is not published is an incident here and not lost.
/// </summary>
[Activity("Elsa.DispatchWorkflow", Category = "Composition", Zh = "启动流程", En = "Dispatch workflow", Kind = ActivityKind.Task,
    DescriptionZh = "启动另一个流程，可等待其完成。", DescriptionEn = "Starts another workflow and may wait for it.")]
internal sealed class DispatchWorkflow : Activity
{
    [Input(Zh = "流程", En = "Workflow definition", Hint = "workflow-definition-picker", Required = true)]
    public string? WorkflowDefinitionId { get; set; }

    [Input(Zh = "关联号", En = "Correlation ID")]
    public string? CorrelationId { get; set; }

    [Input(Zh = "输入", En = "Input", Hint = "dictionary")]
    public JsonNode? Input { get; set; }

    [Input(Zh = "等待完成", En = "Wait for completion", Hint = "checkbox")]
    public bool WaitForCompletion { get; set; }

    [Input(Zh = "通道", En = "Channel", DescriptionZh = "仅为兼容保留。", DescriptionEn = "Kept for compatibility.")]
    public string? ChannelName { get; set; }

    [Output(Zh = "输出", En = "Result")]
    public JsonNode? Result { get; set; }

    public override void Execute(ActivityContext context) =>
        ChildWorkflow.Start(context, WorkflowDefinitionId, ChildWorkflow.Copy(Input), CorrelationId, WaitForCompletion);

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (ChildWorkflow.IsStart(resumption))
        {
            if (!WaitForCompletion)
                context.Complete();
            return;
        }

        Result = resumption.Payload?["output"]?.DeepClone();
        context.Complete();
    }
}
