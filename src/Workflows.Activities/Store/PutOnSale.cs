using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Puts products on sale (上架). Taking it back takes them off again.</summary>
[Activity("Store.PutOnSale", Category = "Store", Zh = "上架商品", En = "Put on sale", Kind = ActivityKind.Task,
    DescriptionZh = "上架商品；撤销时下架。", DescriptionEn = "Puts products on sale; undoing takes them off.")]
internal sealed class PutOnSale : StoreActivity
{
    [Input(Zh = "商品编号", En = "Products", Required = true)]
    public string[] StockCodes { get; set; } = [];

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.PutOnSale(StockCodes);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.TakeOffSale(context.ExecutionId, StockCodes, "撤销上架"), "下架商品");
}
