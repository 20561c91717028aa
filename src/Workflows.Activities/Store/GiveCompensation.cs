using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Gives a coupon, a refund or a reshipment, once per order and cause (catalogue 0.3, F-6). Where another process gave it already, that one is
/// linked and the outcome says so; whom the blacklist keeps from coupons (5.12) gets none. Taking it back is possible while it is unused, and touches only what this step gave.
/// </summary>
[Activity("Store.GiveCompensation", Category = "Store", Zh = "发放补偿", En = "Give compensation", Kind = ActivityKind.Task,
    DescriptionZh = "发放优惠券、退款或补发；同一订单同一原因只补偿一次，已补偿的只关联。撤销时收回未使用的补偿。", DescriptionEn = "A coupon, refund or reshipment, once per order and cause; one given before is linked. Undoing takes an unused one back.")]
[Outcome("Given", Zh = "已发放", En = "Given")]
[Outcome("Linked", Zh = "此前已补偿", En = "Given before")]
[Outcome("Barred", Zh = "黑名单不发券", En = "Blacklisted")]
internal sealed class GiveCompensation : StoreActivity
{
    [Input(Zh = "订单号", En = "Order", Required = true)]
    public string OrderNo { get; set; } = "";

    [Input(Zh = "原因", En = "Cause", Required = true)]
    public string Cause { get; set; } = "";

    [Input(Zh = "方式", En = "Form", Hint = "dropdown", Options = ["coupon", "refund", "reshipment"], OptionsZh = ["优惠券", "退款", "补发"])]
    public string Form { get; set; } = CompensationForm.Coupon;

    [Input(Zh = "金额（元）", En = "Amount in yuan", Required = true)]
    public decimal Amount { get; set; }

    [Input(Zh = "顾客", En = "Customer")]
    public string? Customer { get; set; }

    [Input(Zh = "投诉编号", En = "Complaint")]
    public string? Complaint { get; set; }

    [Output(Zh = "补偿", En = "Compensation")]
    public JsonObject? Compensation { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) =>
        new StoreOperation.GiveCompensation(context.ExecutionId, OrderNo, Cause, Form, Amount, Customer, Complaint);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.RevokeCompensation(context.ExecutionId), $"收回订单 {OrderNo} 的补偿（{Cause}）");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Compensation = result;
        context.Complete((bool)result["given"]! ? "Given" : (bool?)result["barred"] == true ? "Barred" : "Linked");
    }
}
