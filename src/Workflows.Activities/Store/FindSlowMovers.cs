using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>The monthly scan (catalogue 2.3): products that did not sell for a time, or sold too small a part of their stock.</summary>
[Activity("Store.FindSlowMovers", Category = "Store", Zh = "扫描滞销品", En = "Find slow movers", Kind = ActivityKind.Task,
    DescriptionZh = "找出多日未售出或动销率过低的商品；试销中、季节备货、投诉未结和上架不足期限的不列入。", DescriptionEn = "Products without a sale for so many days, or with too low a sell-through; those in trial, seasonal, under complaint or too new are left out.")]
[Outcome("Found", Zh = "有滞销品", En = "Found")]
[Outcome("None", Zh = "没有", En = "None")]
internal sealed class FindSlowMovers : StoreActivity
{
    [Input(Zh = "未售出天数", En = "Days without sale", DescriptionZh = "满此天数（含）即列入。", DescriptionEn = "This many and more count.")]
    public int Days { get; set; } = 30;

    [Input(Zh = "动销率上限（%）", En = "Sell-through (%)", DescriptionZh = "不高于此值（含）即列入。", DescriptionEn = "This much and less counts.")]
    public decimal SellThroughPercent { get; set; } = 5;

    [Output(Zh = "清单", En = "Items")]
    public JsonArray? Items { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.FindSlowMovers(Days, SellThroughPercent);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Items = result["items"]?.DeepClone() as JsonArray ?? [];
        context.Complete(Items.Count > 0 ? "Found" : "None");
    }
}
