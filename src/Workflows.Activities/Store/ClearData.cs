using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Part 2 of a deletion: the data behind the page. Registers how to bring it back before it does anything.</summary>
[Activity("Store.ClearData", Category = "Store", Zh = "清理系统数据", En = "Clear promotion data", Kind = ActivityKind.Task,
    DescriptionZh = "第二部分：清除规则缓存、参与标识、参与者和交易记录，只涉及本活动。", DescriptionEn = "Part 2: rule cache, participation flags, participants and transactions of this promotion only.")]
internal sealed class ClearData : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Output(Zh = "清理结果", En = "Cleared")]
    public JsonObject? Cleared { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ClearData(PromotionId, BackupId);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) =>
        (new StoreOperation.RestoreData(PromotionId, BackupId), "按备份恢复参与者、交易记录、参与标识和规则缓存");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Cleared = result;
        context.Complete();
    }
}
