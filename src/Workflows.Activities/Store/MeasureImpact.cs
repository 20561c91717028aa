using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Computes what a promotion brought, from sales lines: its period against the same length of time before it.</summary>
[Activity("Store.MeasureImpact", Category = "Store", Zh = "测算活动影响", En = "Measure impact", Kind = ActivityKind.Task,
    DescriptionZh = "按销售明细计算活动期间与活动前同样时长的销售额、件数、订单、顾客和转化率。", DescriptionEn = "Computes revenue, units, orders, customers and conversion during and before the promotion.")]
internal sealed class MeasureImpact : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Output(Zh = "影响数据", En = "Impact")]
    public JsonObject? Impact { get; set; }

    [Output(Zh = "活动名称", En = "Promotion name")]
    public string? PromotionName { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.MeasureImpact(PromotionId);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Impact = result;
        PromotionName = (string?)result["promotionName"];
        context.Complete();
    }
}
