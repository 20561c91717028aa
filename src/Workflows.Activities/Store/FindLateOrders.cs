using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Orders delivered after what was promised (catalogue 3.3), so many at a time. Each is answered once, ever, whichever search finds it first; undoing
/// offers them again to whoever searches next.
/// </summary>
[Activity("Store.FindLateOrders", Category = "Store", Zh = "查找迟到订单", En = "Find late orders", Kind = ActivityKind.Task,
    DescriptionZh = "查找签收晚于承诺时间、尚未补偿的订单；每个订单只会被找到一次。", DescriptionEn = "Orders delivered after the promised time and not paid for yet; each is found once.")]
[Outcome("Found", Zh = "有", En = "Found")]
[Outcome("None", Zh = "没有", En = "None")]
internal sealed class FindLateOrders : StoreActivity
{
    [Input(Zh = "签收不早于", En = "Delivered since", Required = true)]
    public DateTimeOffset Since { get; set; }

    [Input(Zh = "补偿原因", En = "Cause", Required = true)]
    public string Cause { get; set; } = "物流延误";

    [Input(Zh = "每次最多", En = "At most")]
    public int Limit { get; set; } = 100;

    [Output(Zh = "订单", En = "Orders")]
    public JsonArray? Orders { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ClaimLateOrders(context.ExecutionId, Since, Cause, Limit);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.ReleaseOrders(context.ExecutionId), "放回未补偿的迟到订单");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Orders = result["items"]?.DeepClone() as JsonArray ?? [];
        context.Complete(Orders.Count > 0 ? "Found" : "None");
    }
}
