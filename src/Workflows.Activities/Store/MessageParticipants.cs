using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Tells every participant, in the shop and by SMS, with one effect for all of them. Taking it back is a correction to those
/// who were told.
/// </summary>
[Activity("Store.MessageParticipants", Category = "Store", Zh = "通知参与者", En = "Message participants", Kind = ActivityKind.Task,
    DescriptionZh = "给每位参与者发送站内信和短信，各一条，不会重复。", DescriptionEn = "One in-site message and one SMS per participant, never twice.")]
internal sealed class MessageParticipants : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", DescriptionZh = "参与者名单取自备份，因为原数据已清除；不填取最新的备份，没有备份取现有参与者。")]
    public string BackupId { get; set; } = "";

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Required = true, Hint = "multiline", DescriptionZh = "{活动} 会换成活动名称。")]
    public string Body { get; set; } = "";

    [Input(Zh = "活动名称", En = "Promotion name")]
    public string? PromotionName { get; set; }

    [Input(Zh = "同时发短信", En = "Also by SMS", Hint = "checkbox")]
    public bool Sms { get; set; } = true;

    [Input(Zh = "更正标题", En = "Correction title")]
    public string CorrectionTitle { get; set; } = "活动恢复通知";

    [Input(Zh = "更正正文", En = "Correction body", Hint = "multiline")]
    public string CorrectionBody { get; set; } = "此前通知下线的活动“{活动}”现已恢复，给您带来不便，敬请谅解。";

    [Output(Zh = "发送数量", En = "Sent")]
    public System.Text.Json.Nodes.JsonObject? Sent { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) =>
        new StoreOperation.MessageParticipants(PromotionId, BackupId, context.ExecutionId, Title, Named(Body), Sms);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.CorrectMessages(PromotionId, context.ExecutionId, CorrectionTitle, Named(CorrectionBody)), "向已通知的参与者发送更正消息");

    protected override void Finish(ActivityContext context, System.Text.Json.Nodes.JsonObject result)
    {
        Sent = result;
        context.Complete();
    }

    private string Named(string text) => text.Replace("{活动}", PromotionName ?? PromotionId, StringComparison.Ordinal);
}
