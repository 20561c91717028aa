using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Brings a promotion's rows back from its backup at once, when data were lost in a deletion (catalogue 1.3). It has no undo: what stands
/// afterwards is what was backed up, and deleting it again is a deletion of its own.
/// </summary>
[Activity("Store.RestoreBackup", Category = "Store", Zh = "按备份恢复数据", En = "Restore from backup", Kind = ActivityKind.Task,
    DescriptionZh = "按备份恢复参与者、交易记录、参与标识和规则缓存；备份与清单不符时拒绝。", DescriptionEn = "Brings participants, transactions, flags and rule cache back; refuses a backup that differs from its manifest.")]
internal sealed class RestoreBackup : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Output(Zh = "恢复结果", En = "Restored")]
    public JsonObject? Restored { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.RestoreData(PromotionId, BackupId);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Restored = result;
        context.Complete();
    }
}
