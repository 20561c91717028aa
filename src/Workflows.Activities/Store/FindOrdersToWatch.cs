using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Orders that are paid and not dispatched, or dispatched and not delivered, and that nobody watches yet (catalogue 3.2, 3.3).</summary>
[Activity("Store.FindOrdersToWatch", Category = "Store", Zh = "查找待监控订单", En = "Find orders to watch", Kind = ActivityKind.Task,
    DescriptionZh = "查找已付款未发货，或已发货未签收，且尚未监控的订单。", DescriptionEn = "Orders not dispatched, or not delivered, that nobody watches yet.")]
[Outcome("Found", Zh = "有", En = "Found")]
[Outcome("None", Zh = "没有", En = "None")]
internal sealed class FindOrdersToWatch : StoreActivity
{
    [Input(Zh = "监控", En = "Watch", Required = true, Hint = "dropdown", Options = ["dispatch", "delivery"], OptionsZh = ["发货", "送达"])]
    public string Watch { get; set; } = OrderWatch.Dispatch;

    [Input(Zh = "付款或发货不早于", En = "Since", Required = true)]
    public DateTimeOffset Since { get; set; }

    [Input(Zh = "从此订单号之后", En = "After")]
    public string? After { get; set; }

    [Input(Zh = "每次最多", En = "At most")]
    public int Limit { get; set; } = 100;

    [Output(Zh = "订单号", En = "Orders")]
    public JsonArray? Orders { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.FindOrdersToWatch(Watch, Since, After, Limit);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Orders = result["orders"]?.DeepClone() as JsonArray ?? [];
        context.Complete(Orders.Count > 0 ? "Found" : "None");
    }
}
