using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Puts a complaint on record under the number of the case (catalogue 5.4, step 1). There is no undo: a complaint that came in stays on record.</summary>
[Activity("Store.RecordComplaint", Category = "Store", Zh = "登记投诉", En = "Record complaint", Kind = ActivityKind.Task,
    DescriptionZh = "按流程编号登记投诉单，并查出该订单已有的补偿。", DescriptionEn = "Records the complaint under the number of the case, and finds what was paid for its order.")]
internal sealed class RecordComplaint : StoreActivity
{
    [Input(Zh = "收到时间", En = "Received at", Required = true)]
    public DateTimeOffset ReceivedAt { get; set; }

    [Input(Zh = "顾客", En = "Customer", Required = true)]
    public string Customer { get; set; } = "";

    [Input(Zh = "手机号", En = "Mobile")]
    public string? Mobile { get; set; }

    [Input(Zh = "订单号", En = "Order")]
    public string? OrderNo { get; set; }

    [Input(Zh = "渠道", En = "Channel")]
    public string Channel { get; set; } = "其他";

    [Input(Zh = "类别", En = "Class")]
    public string? Class { get; set; }

    [Input(Zh = "严重程度", En = "Severity")]
    public string? Severity { get; set; }

    [Input(Zh = "内容", En = "Description", Required = true, Hint = "multiline")]
    public string Description { get; set; } = "";

    [Input(Zh = "相关活动编号", En = "Promotion", DescriptionZh = "留空时按订单查找。", DescriptionEn = "When empty, the one the order was part of.")]
    public string? Promotion { get; set; }

    [Input(Zh = "相关商品编号", En = "Product", DescriptionZh = "投诉未结期间，该商品不清仓。", DescriptionEn = "Not cleared while the complaint is open.")]
    public string? Product { get; set; }

    [Output(Zh = "投诉编号", En = "Complaint")]
    public string? Complaint { get; set; }

    [Output(Zh = "该订单已有的补偿", En = "Paid before")]
    public JsonArray? Paid { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) =>
        new StoreOperation.RecordComplaint(context.InstanceId, ReceivedAt, Customer, Mobile, OrderNo, Channel, Class, Severity, Description, Promotion, Product);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Complaint = (string?)result["complaint"];
        Paid = (JsonArray?)result["paid"]?.DeepClone();
        context.Complete();
    }
}
