using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Sets prices for a time (catalogue 2.3: 清仓价; 2.8: 调价). Taking it back brings the old prices back.</summary>
[Activity("Store.ChangePrices", Category = "Store", Zh = "设置限时价格", En = "Change prices for a time", Kind = ActivityKind.Task,
    DescriptionZh = "为商品设置带结束时间的价格；撤销时恢复原价。", DescriptionEn = "Prices with an end; undoing brings the old ones back.")]
internal sealed class ChangePrices : StoreActivity
{
    [Input(Zh = "商品与价格", En = "Products and prices", Required = true, DescriptionZh = "每项含 stockCode 和 price。", DescriptionEn = "Each with stockCode and price.")]
    public JsonArray? Prices { get; set; }

    [Input(Zh = "结束时间", En = "Until", Required = true)]
    public DateTimeOffset Until { get; set; }

    [Output(Zh = "改价编号", En = "Change")]
    public string? Change { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ChangePrices(
        context.ExecutionId,
        [.. (Prices ?? []).OfType<JsonObject>().Select(p => new ProductPrice((string?)p["stockCode"] ?? "", ClearanceReview.Number(p["price"]) ?? throw new ActivityFailure("no-price", $"商品 {p["stockCode"]} 没有价格 (no price)")))],
        Until);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.EndPrices(context.ExecutionId), "恢复原价");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Change = (string?)result["by"];
        context.Complete();
    }
}
