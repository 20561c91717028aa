using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Part 2 of a deletion: the data behind the page. Registers how to bring it back before it does anything. When there are rows that are not in the backup
/// nothing is cleared and it leaves by Stale: they must be backed up first.
/// </summary>
[Activity("Store.ClearData", Category = "Store", Zh = "清理系统数据", En = "Clear promotion data", Kind = ActivityKind.Task,
    DescriptionZh = "第二部分：清除规则缓存、参与标识、参与者和交易记录，只涉及本活动。有数据不在备份中时不清理，从“备份已过时”离开。",
    DescriptionEn = "Part 2: rule cache, participation flags, participants and transactions of this promotion only. Leaves by Stale, with nothing cleared, when a row is not in the backup.")]
[Outcome("Done", Zh = "已清理", En = "Cleared")]
[Outcome("Stale", Zh = "备份已过时", En = "Backup is stale")]
internal sealed class ClearData : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Output(Zh = "清理结果", En = "Cleared")]
    public JsonObject? Cleared { get; set; }

    [Output(Zh = "备份之后的变化", En = "Changed since the backup")]
    public string? Changed { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ClearData(PromotionId, BackupId);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.RestoreData(PromotionId, BackupId), "按备份恢复参与者、交易记录、参与标识和规则缓存");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Changed = (string?)result["stale"];
        if (Changed is not null)
        {
            context.ForgetUndo();
            context.Complete("Stale");
            return;
        }

        Cleared = result;
        context.Complete();
    }
}
