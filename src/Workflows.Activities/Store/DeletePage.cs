using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Part 1 of a deletion: the front page. Registers how to make it again before it does anything.</summary>
[Activity("Store.DeletePage", Category = "Store", Zh = "删除前台页面", En = "Delete promotion page", Kind = ActivityKind.Task,
    DescriptionZh = "第一部分：删除活动前台页面。没有通过校验且与现状一致的备份时拒绝执行。", DescriptionEn = "Part 1. Refused without a verified backup that equals what is there now.")]
internal sealed class DeletePage : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.DeletePage(PromotionId, BackupId);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.RestorePage(PromotionId, BackupId), "按备份恢复前台页面");
}
