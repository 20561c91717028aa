using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Switches an exclusive coupon for one product on (catalogue 2.2: 新品试吃、新品专属折扣). Taking it back switches it off.</summary>
[Activity("Store.StartCoupon", Category = "Store", Zh = "发放商品专属券", En = "Start product coupon", Kind = ActivityKind.Task,
    DescriptionZh = "为一个商品开启专属优惠，到期自动失效；撤销时关闭。", DescriptionEn = "An offer for one product until an instant; undoing switches it off.")]
internal sealed class StartCoupon : StoreActivity
{
    [Input(Zh = "商品编号", En = "Product", Required = true)]
    public string StockCode { get; set; } = "";

    [Input(Zh = "名称", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "优惠幅度（%）", En = "Percent off", Required = true)]
    public decimal PercentOff { get; set; }

    [Input(Zh = "有效至", En = "Until", Required = true)]
    public DateTimeOffset Until { get; set; }

    [Output(Zh = "券编号", En = "Coupon")]
    public string? Coupon { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.StartCoupon(context.ExecutionId, StockCode, Title, PercentOff, Until);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.EndCoupon(context.ExecutionId), $"关闭“{Title}”");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Coupon = (string?)result["coupon"];
        context.Complete();
    }
}
