using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Cancels an order and refunds what was paid, once, however often the step runs (catalogue 3.2, 3.5). Taking it back reinstates the order and reverses the refund.</summary>
[Activity("Store.CancelOrder", Category = "Store", Zh = "取消订单并退款", En = "Cancel order", Kind = ActivityKind.Task,
    DescriptionZh = "取消未发货的订单并退款，只退一次；撤销时恢复订单并冲回退款。", DescriptionEn = "Cancels an order that was not dispatched and refunds it, once; undoing reinstates it.")]
[Outcome("Cancelled", Zh = "已取消", En = "Cancelled")]
[Outcome("Already", Zh = "此前已取消", En = "Cancelled before")]
internal sealed class CancelOrder : StoreActivity
{
    [Input(Zh = "订单号", En = "Order", Required = true)]
    public string OrderNo { get; set; } = "";

    [Input(Zh = "原因", En = "Reason", Required = true)]
    public string Reason { get; set; } = "";

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.CancelOrder(context.ExecutionId, OrderNo, Reason);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.ReinstateOrder(context.ExecutionId, OrderNo), $"恢复订单 {OrderNo} 并冲回退款");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete((bool)result["cancelled"]! ? "Cancelled" : "Already");
    }
}
