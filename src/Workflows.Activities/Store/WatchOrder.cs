using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Takes an order under watch: one watch of a kind per order, however many imports, events and people ask for one. Undoing lets it go again.
/// </summary>
[Activity("Store.WatchOrder", Category = "Store", Zh = "登记订单监控", En = "Watch order", Kind = ActivityKind.Task,
    DescriptionZh = "登记对订单的监控；同一订单同一监控只进行一次。", DescriptionEn = "One watch of a kind per order.")]
[Outcome("Begun", Zh = "开始监控", En = "Begun")]
[Outcome("Watched", Zh = "已在监控", En = "Watched")]
internal sealed class WatchOrder : StoreActivity
{
    [Input(Zh = "订单号", En = "Order", Required = true)]
    public string OrderNo { get; set; } = "";

    [Input(Zh = "监控", En = "Watch", Required = true, Hint = "dropdown", Options = ["dispatch", "delivery", "extension"], OptionsZh = ["发货", "送达", "送达时限延长"])]
    public string Watch { get; set; } = OrderWatch.Dispatch;

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.WatchOrder(context.ExecutionId, OrderNo, Watch);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.ReleaseOrders(context.ExecutionId), $"结束对订单 {OrderNo} 的监控");

    protected override void Finish(ActivityContext context, JsonObject result) => context.Complete((bool)result["begun"]! ? "Begun" : "Watched");
}
