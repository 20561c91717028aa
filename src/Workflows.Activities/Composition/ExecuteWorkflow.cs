using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Composition;

/// <summary>Runs another workflow to its end. Elsa runs it in the same call; here it is an instance of its own and this one waits.</summary>
[Activity("Elsa.ExecuteWorkflow", Category = "Composition", Zh = "执行流程", En = "Execute workflow", Kind = ActivityKind.Task,
    DescriptionZh = "执行另一个流程并取得其结果。", DescriptionEn = "Runs another workflow and takes its result.")]
internal sealed class ExecuteWorkflow : Activity
{
    [Input(Zh = "流程", En = "Workflow definition", Hint = "workflow-definition-picker", Required = true)]
    public string? WorkflowDefinitionId { get; set; }

    [Input(Zh = "关联号", En = "Correlation ID")]
    public string? CorrelationId { get; set; }

    [Input(Zh = "输入", En = "Input", Hint = "dictionary")]
    public JsonNode? Input { get; set; }

    [Output(Zh = "结果", En = "Result")]
    public JsonNode? Result { get; set; }

    public override void Execute(ActivityContext context) =>
        ChildWorkflow.Start(context, WorkflowDefinitionId, ChildWorkflow.Copy(Input), CorrelationId, wait: true);

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (ChildWorkflow.IsStart(resumption))
            return;
        Result = new JsonObject
        {
            ["workflowInstanceId"] = resumption.Payload?["child"]?.DeepClone(),
            ["status"] = resumption.Payload?["status"]?.DeepClone(),
            ["subStatus"] = resumption.Payload?["subStatus"]?.DeepClone(),
            ["output"] = resumption.Payload?["output"]?.DeepClone(),
        };
        context.Complete();
    }
}
