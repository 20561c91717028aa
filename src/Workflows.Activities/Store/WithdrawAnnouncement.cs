using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Takes a notice down. There is no undo: what was withdrawn is said anew by another notice.</summary>
[Activity("Store.WithdrawAnnouncement", Category = "Store", Zh = "下架公告", En = "Withdraw announcement", Kind = ActivityKind.Task,
    DescriptionZh = "下架一条公告；记录保留。", DescriptionEn = "Takes a notice down; the record stays.")]
internal sealed class WithdrawAnnouncement : StoreActivity
{
    [Input(Zh = "公告编号", En = "Announcement", Required = true)]
    public string Announcement { get; set; } = "";

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.WithdrawAnnouncement(Announcement);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete();
    }
}
