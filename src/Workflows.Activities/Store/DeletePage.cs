using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Part 1 of a deletion: the front page. Registers how to make it again before it does anything. When the promotion changed since the backup nothing is
/// deleted and it leaves by Stale: a new backup is needed first (catalogue 1.1: no deletion without a backup of what is deleted).
/// </summary>
[Activity("Store.DeletePage", Category = "Store", Zh = "删除前台页面", En = "Delete promotion page", Kind = ActivityKind.Task,
    DescriptionZh = "第一部分：删除活动前台页面。没有通过校验的备份时拒绝执行；备份之后有变化时不删除，从“备份已过时”离开。",
    DescriptionEn = "Part 1. Refused without a verified backup; leaves by Stale, with nothing deleted, when something changed since the backup.")]
[Outcome("Done", Zh = "已删除", En = "Deleted")]
[Outcome("Stale", Zh = "备份已过时", En = "Backup is stale")]
internal sealed class DeletePage : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Output(Zh = "备份之后的变化", En = "Changed since the backup")]
    public string? Changed { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.DeletePage(PromotionId, BackupId);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.RestorePage(PromotionId, BackupId), "按备份恢复前台页面");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Changed = (string?)result["stale"];
        if (Changed is not null)
            context.ForgetUndo();
        context.Complete(Changed is null ? "Done" : "Stale");
    }
}
