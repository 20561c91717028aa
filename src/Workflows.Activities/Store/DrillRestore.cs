using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Restores a backup for practice (catalogue 1.7) and says whether every row came back, and in time. There is no undo: nothing is left behind.
/// </summary>
[Activity("Store.DrillRestore", Category = "Store", Zh = "恢复演练", En = "Restore for practice", Kind = ActivityKind.Task,
    DescriptionZh = "随机抽取（或指定）一个备份，恢复到隔离位置并逐行比对，随后清除。", DescriptionEn = "Restores a backup, drawn or named, into a place of its own, compares it row by row, and removes it.")]
[Outcome("Passed", Zh = "合格", En = "Passed")]
[Outcome("Failed", Zh = "不合格", En = "Failed")]
[Outcome("Nothing", Zh = "没有备份", En = "No backup")]
internal sealed class DrillRestore : StoreActivity
{
    [Input(Zh = "备份编号", En = "Backup", DescriptionZh = "不填则从校验通过的备份中随机抽取。", DescriptionEn = "Empty draws one of those whose check passed.")]
    public string? BackupId { get; set; }

    [Input(Zh = "恢复时间上限（分钟）", En = "Minutes it may take", DescriptionZh = "超过（不含）即不合格。")]
    public decimal LimitMinutes { get; set; } = 120;

    [Output(Zh = "演练报告", En = "Report")]
    public JsonObject? Report { get; set; }

    [Output(Name = "drilledBackup", Zh = "演练的备份", En = "Backup restored")]
    public string? DrilledBackup { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.DrillRestore(context.ExecutionId, BackupId?.Trim() ?? "");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        (Report, DrilledBackup) = (result, (string?)result["backupId"]);
        var isInTime = (double?)result["seconds"] is not { } seconds || (decimal)seconds <= LimitMinutes * 60;
        context.Complete(DrilledBackup is null ? "Nothing" : (bool?)result["passed"] == true && isInTime ? "Passed" : "Failed");
    }
}
