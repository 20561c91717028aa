using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Reads the stock of products, and tells those sold out from those left over. What was never counted counts as left over.</summary>
[Activity("Store.ReadStock", Category = "Store", Zh = "查询库存", En = "Read stock", Kind = ActivityKind.Task,
    DescriptionZh = "查询商品当前库存，区分已售罄和有余货的商品。", DescriptionEn = "Present stock; tells what is sold out from what is left.")]
[Outcome("SoldOut", Zh = "全部售罄", En = "All sold out")]
[Outcome("Left", Zh = "有余货", En = "Something left")]
internal sealed class ReadStock : StoreActivity
{
    [Input(Zh = "商品编号", En = "Products", Required = true)]
    public string[] StockCodes { get; set; } = [];

    [Output(Zh = "库存", En = "Stock")]
    public JsonArray? Items { get; set; }

    [Output(Zh = "已售罄", En = "Sold out")]
    public JsonArray? SoldOut { get; set; }

    [Output(Zh = "有余货", En = "Left")]
    public JsonArray? Left { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ReadStock(StockCodes);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Items = result["items"]?.DeepClone() as JsonArray ?? [];
        var isGone = Items.ToLookup(i => i!["stock"] is JsonValue stock && stock.GetValue<long>() <= 0, i => i!["stockCode"]!.DeepClone());
        (SoldOut, Left) = ([.. isGone[true]], [.. isGone[false]]);
        context.Complete(Left.Count == 0 ? "SoldOut" : "Left");
    }
}
