using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Composition;

/// <summary>
/// Starts one child per item. An object item is merged into the input, any other stands under <see cref="DefaultItemInputKey"/>. When
/// waiting, a branch runs for each child that ends, with the variables ChildInstanceId, ChildOutput and Item.
/// </summary>
[Activity("Elsa.BulkDispatchWorkflows", Category = "Composition", Zh = "批量启动流程", En = "Bulk dispatch workflows", Kind = ActivityKind.Task,
    DescriptionZh = "为列表中的每一项启动一个流程。", DescriptionEn = "Starts a workflow for each item of a list.")]
[Outcome("Completed", Zh = "全部完成", En = "Completed")]
[Outcome("Done", Zh = "完成", En = "Done")]
internal sealed class BulkDispatchWorkflows : Activity
{
    private const string OpenStarts = "starts";
    private const string Refusals = "refusals";
    private const string OpenChildren = "children";
    private const string ItemsByChild = "items";

    [Input(Zh = "流程", En = "Workflow definition", Hint = "workflow-definition-picker", Required = true)]
    public string? WorkflowDefinitionId { get; set; }

    [Input(Zh = "列表", En = "Items", Hint = "multiline")]
    public JsonNode? Items { get; set; }

    [Input(Zh = "单项的输入名称", En = "Default item input key")]
    public string DefaultItemInputKey { get; set; } = "Item";

    [Input(Zh = "关联号", En = "Correlation ID function", AutoEvaluate = false, DescriptionZh = "对每一项计算，可用变量 Item。", DescriptionEn = "Evaluated for each item.")]
    public string? CorrelationIdFunction { get; set; }

    [Input(Zh = "其他输入", En = "Input", Hint = "dictionary")]
    public JsonNode? Input { get; set; }

    [Input(Zh = "等待完成", En = "Wait for completion", Hint = "checkbox")]
    public bool WaitForCompletion { get; set; }

    [Branch(Name = "childCompleted", Zh = "单个完成时", En = "Child completed")]
    public ActivityNode? WhenChildCompleted { get; set; }

    [Branch(Name = "childFaulted", Zh = "单个失败时", En = "Child faulted")]
    public ActivityNode? WhenChildFaulted { get; set; }

    public override void Execute(ActivityContext context)
    {
        var items = Loop.Items(Items);
        var byChild = new JsonObject();
        foreach (var item in items)
        {
            var input = ChildWorkflow.Copy(Input);
            if (item is JsonObject members)
            {
                foreach (var (name, value) in members)
                    input[name] = value?.DeepClone();
            }
            else
            {
                input[DefaultItemInputKey] = item?.DeepClone();
            }

            (context.Execution.DynamicVariables ??= [])["Item"] = item?.DeepClone();
            var child = ChildWorkflow.Start(context, WorkflowDefinitionId, input, context.Evaluate<string>("correlationIdFunction"), WaitForCompletion);
            byChild[child] = item?.DeepClone();
        }

        context.Set(OpenStarts, items.Count);
        context.Set(OpenChildren, WaitForCompletion ? items.Count : 0);
        if (WaitForCompletion)
            context.Set(ItemsByChild, byChild);
        CompleteWhenAllAreIn(context);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Effect is not null)
        {
            StartEnded(context, resumption);
            return;
        }

        var child = resumption.Bookmark.Tag!;
        var completed = (string?)resumption.Payload?["subStatus"] == "Finished";
        if ((completed ? WhenChildCompleted : WhenChildFaulted) is { } branch)
        {
            context.Schedule(branch, child, new Dictionary<string, JsonNode?>
            {
                ["ChildInstanceId"] = child,
                ["ChildOutput"] = resumption.Payload?["output"]?.DeepClone(),
                ["Item"] = context.Get<JsonObject>(ItemsByChild)?[child]?.DeepClone(),
            });
            return;
        }

        CountChild(context);
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child) => CountChild(context);

    // One refused start must not fail the node: a retry would start the others a second time. If none was accepted, a retry repeats nothing.
    private void StartEnded(ActivityContext context, Resumption resumption)
    {
        context.Set(OpenStarts, context.Get<int>(OpenStarts) - 1);
        if (resumption.Effect is not EffectOutcome.Done)
        {
            var refusals = context.Get<int>(Refusals) + 1;
            if (refusals == Loop.Items(Items).Count)
                ChildWorkflow.IsStart(resumption);
            context.Set(Refusals, refusals);
            context.Journal("ChildNotStarted", (resumption.Effect as EffectOutcome.Refused)?.Error);
            if (WaitForCompletion)
                context.Set(OpenChildren, context.Get<int>(OpenChildren) - 1);
        }

        CompleteWhenAllAreIn(context);
    }

    private void CountChild(ActivityContext context)
    {
        context.Set(OpenChildren, context.Get<int>(OpenChildren) - 1);
        CompleteWhenAllAreIn(context);
    }

    // A child may be finished before the news of its start is in; then that news is only counted.
    private void CompleteWhenAllAreIn(ActivityContext context)
    {
        if (context.Get<int>(OpenStarts) <= 0 && context.Get<int>(OpenChildren) <= 0)
            context.Complete(WaitForCompletion ? ["Completed", "Done"] : ["Done"]);
    }
}
