using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Writes to customers who bought the products: in-site, and by SMS where wanted and a number is known. What was sent cannot be taken back.</summary>
[Activity("Store.MessageBuyers", Category = "Store", Zh = "通知购买用户", En = "Message buyers", Kind = ActivityKind.Task,
    DescriptionZh = "向购买过这些商品的用户发送站内信，可同时发送短信；可只发给多日未下单的用户。", DescriptionEn = "In-site messages, and SMS if wanted, to those who bought the products; if wanted only to those who bought nothing for some days.")]
internal sealed class MessageBuyers : StoreActivity
{
    [Input(Zh = "商品编号", En = "Products", Required = true)]
    public string[] StockCodes { get; set; } = [];

    [Input(Zh = "多少天内购买过", En = "Bought within days")]
    public int WithinDays { get; set; } = 365;

    [Input(Zh = "多少天未下单", En = "Idle days", DescriptionZh = "0 为不限。", DescriptionEn = "0 for everybody.")]
    public int IdleDays { get; set; }

    [Input(Zh = "发送短信", En = "By SMS", Hint = "checkbox")]
    public bool Sms { get; set; } = true;

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Required = true, Hint = "multiline")]
    public string Body { get; set; } = "";

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) =>
        new StoreOperation.MessageBuyers(context.ExecutionId, StockCodes, context.Now - TimeSpan.FromDays(WithinDays), Title, Body, IdleDays > 0 ? IdleDays : null, Sms);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = (JsonObject)result.DeepClone();
        context.Complete();
    }
}
