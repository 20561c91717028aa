using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Compares a restored promotion with its backup, row by row.</summary>
[Activity("Store.VerifyRestored", Category = "Store", Zh = "核查恢复结果", En = "Verify restoration", Kind = ActivityKind.Task,
    DescriptionZh = "恢复后逐行与备份比对。", DescriptionEn = "Compares every row with the backup.")]
[Outcome("Restored", Zh = "一致", En = "Restored")]
[Outcome("Different", Zh = "不一致", En = "Different")]
internal sealed class VerifyRestored : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Input(Zh = "只比对数据", En = "Data only", Hint = "checkbox", DescriptionZh = "前台页面仍处于删除状态时，只比对参与者和交易记录。")]
    public bool DataOnly { get; set; }

    [Output(Zh = "比对报告", En = "Report")]
    public JsonObject? Report { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.VerifyRestored(PromotionId, BackupId, DataOnly);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Report = result;
        context.Complete((bool?)result["equal"] == true ? "Restored" : "Different");
    }
}
