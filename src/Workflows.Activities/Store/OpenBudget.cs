using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Opens a budget once it was approved (catalogue 4.9). Taking it back closes it while nothing of it is reserved or spent.</summary>
[Activity("Store.OpenBudget", Category = "Store", Zh = "设立预算", En = "Open budget", Kind = ActivityKind.Task,
    DescriptionZh = "设立一笔预算；未占用前可撤销。", DescriptionEn = "Opens a budget; undoing closes it while nothing of it is used.")]
internal sealed class OpenBudget : StoreActivity
{
    [Input(Zh = "预算编号", En = "Budget", Required = true)]
    public string Budget { get; set; } = "";

    [Input(Zh = "名称", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "金额（元）", En = "Amount in yuan", Required = true)]
    public decimal Amount { get; set; }

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.OpenBudget(context.ExecutionId, Budget, Title, Amount);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.CloseBudget(context.ExecutionId, Budget), $"撤销预算 {Budget}");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete();
    }
}
