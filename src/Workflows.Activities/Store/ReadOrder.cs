using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>An order as the shop has it now: paid, promised, dispatched, delivered, and who supplies it (catalogue 3.2, 3.3, 3.5).</summary>
[Activity("Store.ReadOrder", Category = "Store", Zh = "读取订单", En = "Read order", Kind = ActivityKind.Task,
    DescriptionZh = "读取订单当前的付款、承诺、发货、签收情况和供应商。", DescriptionEn = "Payment, promises, dispatch, delivery and supplier of an order as of now.")]
[Outcome("Found", Zh = "有此订单", En = "Found")]
[Outcome("Unknown", Zh = "没有此订单", En = "Unknown")]
internal sealed class ReadOrder : StoreActivity
{
    [Input(Zh = "订单号", En = "Order", Required = true)]
    public string OrderNo { get; set; } = "";

    [Output(Zh = "订单", En = "Order")]
    public JsonObject? Order { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ReadOrder(OrderNo);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Order = result;
        context.Complete((bool)result["found"]! ? "Found" : "Unknown");
    }
}
