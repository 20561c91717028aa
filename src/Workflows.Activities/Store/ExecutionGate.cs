using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// The gate before execution: stays closed until everybody has had the notice's lead time, and does not open without a
/// backup whose check passed.
/// </summary>
[Activity("Store.ExecutionGate", Category = "Store", Zh = "执行前关卡", En = "Execution gate",
    DescriptionZh = "备份校验通过，并且告知相关方已满提前时间，才放行。", DescriptionEn = "Opens when the backup is verified and the notice's lead time has passed.")]
internal sealed class ExecutionGate : Activity
{
    [Input(Zh = "最早放行时间", En = "Opens at", Required = true)]
    public DateTimeOffset OpensAt { get; set; }

    [Input(Zh = "备份校验报告", En = "Backup report", Required = true)]
    public JsonObject? BackupReport { get; set; }

    public override void Execute(ActivityContext context)
    {
        if ((bool?)BackupReport?["valid"] != true)
            throw new ActivityFailure("gate-closed", "备份没有通过校验，关卡不放行 (the backup is not verified)");
        if (OpensAt <= context.Now)
            context.Complete();
        else
            context.WaitUntil(OpensAt);
    }
}
