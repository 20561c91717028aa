using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Writes to the customer of an order, in the shop and by SMS, once. What was read cannot be unread: there is no undo, a correction is another message.</summary>
[Activity("Store.TellBuyer", Category = "Store", Zh = "告知下单顾客", En = "Tell buyer", Kind = ActivityKind.Task,
    DescriptionZh = "向订单的顾客发送站内信和短信，只发一次。", DescriptionEn = "Sends the customer of an order an in-site message and an SMS, once.")]
internal sealed class TellBuyer : StoreActivity
{
    [Input(Zh = "订单号", En = "Order", Required = true)]
    public string OrderNo { get; set; } = "";

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Required = true, Hint = "multiline", DescriptionZh = "短信只发正文。", DescriptionEn = "An SMS carries only this.")]
    public string Body { get; set; } = "";

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.TellBuyer(context.ExecutionId, OrderNo, Title, Body);
}
