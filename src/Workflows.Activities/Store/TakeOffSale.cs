using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Takes products off sale (catalogue 2.7: 下架), for quality with their stock blocked. Taking it back puts on sale what this step took off.</summary>
[Activity("Store.TakeOffSale", Category = "Store", Zh = "下架商品", En = "Take off sale", Kind = ActivityKind.Task,
    DescriptionZh = "下架商品，可同时冻结库存；撤销时重新上架。", DescriptionEn = "Takes products off sale, with their stock blocked if wanted; undoing puts them back.")]
internal sealed class TakeOffSale : StoreActivity
{
    [Input(Zh = "商品编号", En = "Products", Required = true)]
    public string[] StockCodes { get; set; } = [];

    [Input(Zh = "原因", En = "Reason", Required = true)]
    public string Reason { get; set; } = "";

    [Input(Zh = "冻结库存", En = "Block stock", Hint = "checkbox")]
    public bool Block { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.TakeOffSale(context.ExecutionId, StockCodes, Reason, Block);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.PutOnSale(StockCodes, context.ExecutionId), "重新上架");
}
