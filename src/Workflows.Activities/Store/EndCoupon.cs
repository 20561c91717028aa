using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Switches a product's coupon off before its time. What customers hold already is not taken from them.</summary>
[Activity("Store.EndCoupon", Category = "Store", Zh = "关闭商品专属券", En = "End product coupon", Kind = ActivityKind.Task,
    DescriptionZh = "提前关闭商品专属优惠。", DescriptionEn = "Switches an offer for a product off.")]
internal sealed class EndCoupon : StoreActivity
{
    [Input(Zh = "券编号", En = "Coupon", Required = true)]
    public string Coupon { get; set; } = "";

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.EndCoupon(Coupon);
}
