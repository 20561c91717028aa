using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Activities.Notify;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Registers what takes a notice back (catalogue 1.2): should the deletion be called off, withdrawn or rolled back, everybody who had the notice is
/// told so, once, and the announcement to customers is withdrawn. Telling is the notice's affair; this only promises.
/// </summary>
[Activity("Store.NoticeUndo", Category = "Store", Zh = "登记取消通知", En = "Promise to call off",
    DescriptionZh = "登记撤销动作：流程取消、撤回或回滚时，向名单上的各方发送取消通知，并下架公告。", DescriptionEn = "Registers the undo of a notice: those who had it are told that it is called off, and the announcement is withdrawn.")]
internal sealed class NoticeUndo : CodeActivity
{
    [Input(Zh = "联系方式", En = "Addresses", DescriptionZh = "邮箱或手机号的列表。", DescriptionEn = "Email addresses or phone numbers.")]
    public JsonNode? Addresses { get; set; }

    [Input(Zh = "公告编号", En = "Announcement")]
    public string? Announcement { get; set; }

    [Input(Zh = "标题", En = "Subject", Required = true)]
    public string Subject { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Required = true, Hint = "multiline")]
    public string Body { get; set; } = "";

    protected override void Run(ActivityContext context)
    {
        if (Announcement is { Length: > 0 } number)
        {
            var withdrawal = new StoreOperation.WithdrawAnnouncement(number);
            context.RegisterUndo(withdrawal.Kind, withdrawal.ToPayload(), "下架活动说明公告");
        }

        foreach (var address in Loop.Items(Addresses).Select(ValueConverter.Text).OfType<string>().Where(a => a.Length > 0).Reverse())
        {
            var (kind, payload) = Notices.Outside(address, Subject, Body);
            context.RegisterUndo(kind, payload, $"通知 {address} 删除已取消");
        }
    }
}
