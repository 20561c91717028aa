using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Backs up settings, participants and transactions of a promotion into a sealed set.</summary>
[Activity("Store.Backup", Category = "Store", Zh = "备份活动数据", En = "Back up promotion", Kind = ActivityKind.Task,
    DescriptionZh = "备份活动设置、参与者和交易记录，生成带数量和校验和的清单。", DescriptionEn = "Copies settings, participants and transactions, with a manifest of counts and checksums.")]
internal sealed class Backup : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "并入的备份", En = "On top of", DescriptionZh = "填写后，新备份包含该备份的全部内容和现在的内容；页面已删除时必填。",
        DescriptionEn = "The new set holds all of this one and what is there now; needed once the page is deleted.")]
    public string? Onto { get; set; }

    [Output(Zh = "备份编号", En = "Backup")]
    public string? BackupId { get; set; }

    [Output(Zh = "备份清单", En = "Manifest")]
    public JsonObject? Manifest { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.Backup(PromotionId, string.IsNullOrEmpty(Onto) ? null : Onto);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        BackupId = (string?)result["backupId"];
        Manifest = result["manifest"] as JsonObject;
        context.Complete();
    }
}
