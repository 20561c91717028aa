using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Compares a backup with its manifest.</summary>
[Activity("Store.VerifyBackup", Category = "Store", Zh = "校验备份", En = "Verify backup", Kind = ActivityKind.Task,
    DescriptionZh = "逐部分核对备份的数量和校验和。", DescriptionEn = "Checks counts and checksums of every part of the backup.")]
[Outcome("Valid", Zh = "完整", En = "Valid")]
[Outcome("Invalid", Zh = "不完整", En = "Invalid")]
internal sealed class VerifyBackup : StoreActivity
{
    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Output(Zh = "校验报告", En = "Report")]
    public JsonObject? Report { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.VerifyBackup(BackupId);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Report = result;
        context.Complete((bool?)result["valid"] == true ? "Valid" : "Invalid");
    }
}
