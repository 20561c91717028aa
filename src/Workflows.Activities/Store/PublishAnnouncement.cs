using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Publishes a notice to all customers (catalogue 8.1, 8.5: 公告、声明). Taking it back withdraws it.</summary>
[Activity("Store.PublishAnnouncement", Category = "Store", Zh = "发布公告", En = "Publish announcement", Kind = ActivityKind.Task,
    DescriptionZh = "在店铺中向所有用户发布公告，只发布一次；撤销时下架公告。", DescriptionEn = "Publishes a notice to all customers, once; undoing withdraws it.")]
internal sealed class PublishAnnouncement : StoreActivity
{
    [Input(Zh = "类别", En = "Subject", DescriptionZh = "如：系统维护、商品说明。", DescriptionEn = "For example maintenance, product information.")]
    public string Subject { get; set; } = "公告";

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Required = true, Hint = "multiline")]
    public string Body { get; set; } = "";

    [Output(Zh = "公告编号", En = "Announcement")]
    public string? Announcement { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.PublishAnnouncement(context.ExecutionId, Subject, Title, Body);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.WithdrawAnnouncement(context.ExecutionId), $"下架公告“{Title}”");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Announcement = (string?)result["announcement"];
        context.Complete();
    }
}
