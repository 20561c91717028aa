using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Marks products: in trial, seasonal, under complaint, or not to be ordered any more. Taking it back takes the mark away.</summary>
[Activity("Store.MarkProducts", Category = "Store", Zh = "标记商品", En = "Mark products", Kind = ActivityKind.Task,
    DescriptionZh = "试销中、季节备货、投诉未结的商品不清仓；停止补货的不再采购。撤销时取消标记。", DescriptionEn = "Products in trial, seasonal or under complaint are not cleared; no-replenishment stops ordering. Undoing takes the mark away.")]
internal sealed class MarkProducts : StoreActivity
{
    [Input(Zh = "商品编号", En = "Products", Required = true)]
    public string[] StockCodes { get; set; } = [];

    [Input(Zh = "标记", En = "Mark", Required = true, Hint = "dropdown", Options = ["trial", "seasonal", "complaint", "no-replenishment"], OptionsZh = ["试销中", "季节备货", "投诉未结", "停止补货"])]
    public string Mark { get; set; } = "";

    [Output(Zh = "标记编号", En = "Marking")]
    public string? Marking { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.MarkProducts(context.ExecutionId, Mark, StockCodes);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.UnmarkProducts(context.ExecutionId, Mark), Mark == ProductMarks.NoReplenishment ? "恢复补货" : "取消商品标记");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Marking = (string?)result["by"];
        context.Complete();
    }
}
